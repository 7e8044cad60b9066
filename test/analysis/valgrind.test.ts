// The real binary under memcheck: nothing is read before it was written, nor anywhere outside.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { present } from "../../tools/setup/paths.mjs";
import { binary, root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

/** No status of any run below. */
const FOUND = 99;
const PATIENCE_MS = 120_000;

const MEMCHECK = ["--quiet", `--error-exitcode=${FOUND}`];
const SUPPRESSIONS = `--suppressions=${root}test/analysis/valgrind.supp`;

/** Options and command, the status, and a signal for the init once the command says so. */
const runs: readonly { words: string[]; status: number; signal?: NodeJS.Signals }[] = [
  { words: ["sh", "-c", "exit 3"], status: 3 },
  { words: ["-vv", "-w", "-s", "sh", "-c", "(sleep 0.1 &) ; exit 3"], status: 3 },
  { words: ["-d", "-r", "TERM:QUIT", "sh", "-c", "sleep 100 & exit 4"], status: 4 },
  { words: ["--log=json", "-v", "sh", "-c", "kill -9 $$"], status: 137 },
  { words: ["-S", "-e 3:5 sh -c 'exit 3'"], status: 5 },
  {
    words: ["-k", "TERM:50ms,KILL", "sh", "-c", "trap '' TERM; READY"],
    status: 137,
    signal: "SIGTERM",
  },
  { words: ["-c", "sh", "-c", "trap 'exit 6' USR1; READY"], status: 6, signal: "SIGUSR1" },
  { words: ["--explain=json", "-k", "TERM:10s,KILL", "true"], status: 0 },
  { words: ["--help"], status: 0 },
  { words: ["--version"], status: 0 },
  { words: ["--stop", "NONSENSE", "true"], status: 125 },
  { words: ["no-such-command"], status: 127 },
  { words: ["--record=RECORD", "--record-argv", "sh", "-c", "exit 3"], status: 3 },
];

const WAIT = "echo ready; while :; do sleep 0.01; done";

/** Runs the init under memcheck; a filter of its own would hold for valgrind's calls, too. */
async function memcheck(options: string[], words: string[], signal?: NodeJS.Signals) {
  const args = [...MEMCHECK, ...options, binary, "--sandbox=off", ...words];
  const child = spawn("valgrind", args, { stdio: ["ignore", "pipe", "pipe"] });
  if (signal) child.stdout.once("data", () => child.kill(signal));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [said, status] = await Promise.all([text(child.stderr), ended]);
  return { status, found: said.match(/^==\d+==.*/gm) ?? [] };
}

function whyAbsent(): string | undefined {
  return present("valgrind") ? undefined : "valgrind is missing; CI=true npm test installs it";
}

test.concurrent.for(runs)(
  "nothing amiss in $words",
  { timeout: PATIENCE_MS },
  async ({ words, status, signal }, { lab, skip, task }) => {
    const absent = whyAbsent();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const record = join(lab.folder, "record");
    const filled = words.map((word) => word.replace("READY", WAIT).replace("RECORD", record));
    expect(await memcheck([SUPPRESSIONS], filled, signal)).toEqual({ status, found: [] });
    expect(existsSync(record)).toBe(words.some((word) => word.includes("RECORD")));
  },
);

test("what is suppressed is found otherwise", { timeout: PATIENCE_MS }, async ({ skip, task }) => {
  const absent = whyAbsent();
  if (absent !== undefined) skipLoudly({ skip, task }, absent);
  const { status, found } = await memcheck([], ["sh", "-c", "exit 3"]);
  expect(status).toBe(FOUND);
  expect(found[0]).toMatch(/Syscall param waitid\(infop\) points to unaddressable/);
});
