// The binary of every architecture, run by the machine's own kernel or under qemu's emulator of one
// program: is it built, does it start, decide as it does here, forward, keep time, reap and end with
// the right status?
// What the emulator can't show is told in docs/architectures.md.
import { spawnSync } from "node:child_process";
import { beforeAll, describe } from "vitest";
import { architectures, binaryOf } from "../../tools/setup/architectures.mjs";
import { replayOf } from "../replay/recording.ts";
import { binary, root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { always, build, launcherOf, whyNot } from "./machines.ts";
import { KILL, TERM } from "../support/signals.ts";

const PATIENCE_MS = 60_000;

describe.each(architectures)("the binary for $name", (architecture) => {
  const init = [...launcherOf(architecture), root + binaryOf(architecture)];
  const absent = whyNot(architecture, always);

  beforeAll(() => {
    if (!absent) build(architecture);
  });

  const run = (...args: string[]) => {
    const [program = "", ...words] = [...init, ...args];
    const { status, stdout, stderr } = spawnSync(program, words, {
      encoding: "utf8",
      timeout: PATIENCE_MS,
    });
    return { status, stdout, stderr };
  };
  const shell = (options: string[], script: string) => run(...options, "--", "sh", "-c", script);

  test("prints the same help and version as this machine's", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    for (const option of ["--help", "--version"]) {
      const here = spawnSync(binary, [option], { encoding: "utf8" });
      expect(run(option)).toEqual({ status: 0, stdout: here.stdout, stderr: "" });
    }
  });

  test("explains a policy in the same words as this machine's", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const options = ["--stop=TERM:8s,KILL", "-r", "HUP:RTMIN+3", "-e", "1-5:0", "--explain"];
    const here = spawnSync(binary, options, { encoding: "utf8" });
    expect(run(...options)).toEqual({ status: 0, stdout: here.stdout, stderr: "" });
  });

  test("ends with the command's status, or 128 and its signal", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    expect(shell([], "exit 7")).toEqual({ status: 7, stdout: "", stderr: "" });
    expect(shell([], "kill -TERM $$").status).toBe(128 + TERM);
    expect(shell(["-e", "143:0"], "kill -TERM $$").status).toBe(0);
  });

  test("hands a rewritten signal to the command", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const script = "trap 'echo got; exit 5' USR1; kill -TERM $PPID; while :; do sleep 0.01; done";
    expect(shell(["-r", "TERM:USR1"], script)).toMatchObject({ status: 5, stdout: "got\n" });
  });

  test("follows a stop plan to its KILL", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const script = "trap '' TERM; kill -TERM $PPID; while :; do sleep 0.01; done";
    const started = Date.now();
    expect(shell(["--stop", "TERM:300ms,KILL"], script).status).toBe(128 + KILL);
    expect(Date.now() - started).toBeGreaterThanOrEqual(300);
  });

  test("records a run that replays on this machine", ({ lab, skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const file = `${lab.folder}/run`;
    const script = "kill -TERM $PPID; while :; do sleep 0.01; done";
    expect(shell(["--record", file, "--stop=TERM:1h"], script).status).toBe(128 + TERM);
    const { fromBoot, events, difference } = replayOf(file);
    expect(difference).toBeUndefined();
    expect(fromBoot && events >= 4).toBe(true);
  });

  test("reaps what it adopts as PID 1", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    if (process.getuid?.() !== 0) return skipLoudly({ skip, task }, "a PID namespace needs root");
    // The emulator refuses to make a subreaper, so it is a real PID 1.
    const pid1 = ["--pid", "--fork", "--mount-proc", "--kill-child"];
    const script = "(sh -c 'exit 6' &) | cat; sleep 0.1; exit 3";
    const args = [...pid1, ...init, "--warn-on-reap", "--", "sh", "-c", script];
    const { status, stderr } = spawnSync("unshare", args, { encoding: "utf8" });
    expect(stderr).toMatch(/reaped adopted process/);
    expect(status).toBe(3);
  });
});
