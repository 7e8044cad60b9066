/** Short real runs, recorded: what the fuzzing of trace files begins with. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const INIT = "build/wasm-init";
const PATIENCE_MS = 20_000;

interface Run {
  options?: string[];
  command: string[];
  env?: Record<string, string>;
}

const shell = (script: string) => ["sh", "-c", script];

const runs: Record<string, Run> = {
  plain: { command: shell("kill -URG $PPID; cat /dev/null; exit 3") },
  plan: {
    options: ["-v", "--stop", "TERM:50ms,KILL", "--drain=50ms"],
    command: shell("trap '' TERM; kill -TERM $PPID; while :; do sleep 0.02; done"),
  },
  arguments: {
    options: ["--record-argv", "-S", "-vv -w"],
    command: shell("(sleep 0.01 &); exit 0"),
  },
  missing: { command: ["no-such-command"] },
  halves: {
    options: ["-vv"],
    command: shell("i=0; while [ $i -lt 90 ]; do kill -URG $PPID; cat /dev/null; i=$((i+1)); done"),
  },
  environment: {
    options: ["--subreaper=on"],
    command: shell("exit 0"),
    env: { WASM_INIT_OPTIONS: "-q -c", LISTEN_PID: "1" },
  },
};

/** Records all of them into a folder, without the zeroes at their ends. */
export function recordRuns(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, { options = [], command, env = {} }] of Object.entries(runs)) {
    const path = `${folder}/${name}`;
    rmSync(path, { force: true });
    const args = ["--record", path, "--record-limit=16K", ...options, "--", ...command];
    spawnSync(INIT, args, { env: { PATH: process.env["PATH"], ...env }, timeout: PATIENCE_MS });
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1));
  }
}
