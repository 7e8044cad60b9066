// wasm-init-trace, on recordings of real runs.
import { readFileSync, writeFileSync } from "node:fs";
import { ActionKind, EventKind } from "../../assembly/abi";
import { checkOf } from "../../host/wasm/checksum.ts";
import { drive } from "../../replay/trace/drive.ts";
import { readTraces } from "../../replay/trace/prose.ts";
import { Core } from "../../host/wasm/core.ts";
import { compileMutant } from "../mutation/compiling.ts";
import { mutants } from "../mutation/mutants.ts";
import { freshCore } from "../support/cores.ts";
import type { Lab } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { root } from "../support/paths.ts";
import { expect, test } from "../support/system-test.ts";
import { tool } from "./recording.ts";

/** A command that has to be killed, recorded. */
async function stubborn(lab: Lab): Promise<string> {
  const file = `${lab.folder}/run`;
  const init = lab.start({
    options: ["--record", file, "--stop=TERM:100ms,KILL"],
    command: ["sh", "-c", "trap '' TERM; kill -TERM $PPID; while :; do sleep 9; done"],
  });
  expect(await init.finished()).toMatchObject({ status: 137 });
  return file;
}

test("show tells events, actions and phases in order, without colours in a pipe", async ({
  lab,
}) => {
  const { status, stdout } = tool("show", await stubborn(lab));
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /SignalReceived TERM from \d+ {2}\[Stopping\]\n +.*SendSignal Group \d+ TERM/s,
  );
  expect(stdout).toMatch(/DeadlineReached\n +SendSignal Group \d+ KILL/);
  expect(stdout).toMatch(/Exit 137\n$/);
  expect(stdout).not.toContain("\x1b");
});

test("show --json prints one object a line", async ({ lab }) => {
  const { stdout } = tool("show", "--json", await stubborn(lab));
  const objects = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string });
  expect(objects[0]?.event).toBe("Booted");
  expect(objects.at(-1)?.event).toBe("ChildExited");
});

test("why tells who sent the stop signal, how long it took, and who had to be killed", async ({
  lab,
}) => {
  const { status, stdout } = tool("why", await stubborn(lab));
  expect(status).toBe(0);
  expect(stdout).toMatch(/TERM came from pid \d+: sent TERM to the group/);
  expect(stdout).toMatch(/the time was up after 1\d\d(\.\d)? ms: sent KILL/);
  expect(stdout).toMatch(/the init exited with status 137, .* after TERM/);
  expect(stdout).toMatch(/'sh' had to be killed/);
});

test("replay finds no difference, and finds a planted one", async ({ lab }) => {
  const file = await stubborn(lab);
  expect(tool("replay", file)).toMatchObject({ status: 0, stderr: "" });
  expect(tool("replay", file).stdout).toMatch(/^\d+ events and \d+ actions, from boot/);
  const debug = `${root}build/core.debug.wasm`;
  expect(tool("replay", "--core", debug, file)).toMatchObject({ status: 0 });
  const bytes = readFileSync(file);
  // The status of the last action, Exit 137, with the check made anew.
  const at = bytes.lastIndexOf(Buffer.from([ActionKind.Exit, 0, 0, 0, 137, 0, 0, 0])) + 4;
  bytes[at] = 99;
  let start = 80;
  for (let from = 80; from < at; from += 4) if (isRecord(bytes, from, at)) start = from;
  const end = start + bytes.readUInt32LE(start) - 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.writeUInt32LE(checkOf(view, start, end, bytes.readUInt32LE(64)), end);
  writeFileSync(file, bytes);
  const { status, stdout } = tool("replay", file);
  expect(status).toBe(1);
  expect(stdout).toMatch(/the first difference is at step \d+: ChildExited/);
  expect(stdout).toMatch(/recorded {2}Exit 99/);
  expect(stdout).toMatch(/replayed {2}Exit 137/);
});

/** Whether the record that would begin here holds the byte at an offset, by its own length. */
function isRecord(bytes: Buffer, from: number, at: number): boolean {
  const size = bytes.readUInt32LE(from);
  return (
    size >= 48 && size <= 8192 && from + size > at && bytes[from + 16] === EventKind.ChildExited
  );
}

test("to-test writes a test in prose that the cores pass as it is", async ({ lab }) => {
  const { status, stdout } = tool(
    "to-test",
    "--name",
    "Kills what ignores TERM.",
    await stubborn(lab),
  );
  expect(status).toBe(0);
  const [trace] = readTraces("run", stdout);
  expect(trace?.sentence).toBe("Kills what ignores TERM.");
  for (const flavour of ["release", "debug"] as const) {
    const { outcomes } = drive(freshCore(flavour), trace!);
    for (const { step, actions } of outcomes) expect(actions).toEqual(step.actions);
  }
});

test("export writes Chrome trace events with an arrow for each signal", async ({ lab }) => {
  const { stdout } = tool("export", "--format", "perfetto", await stubborn(lab));
  const { traceEvents } = JSON.parse(stdout) as { traceEvents: { ph: string; name: string }[] };
  const names = (phase: string) =>
    traceEvents.filter(({ ph }) => ph === phase).map(({ name }) => name);
  expect(names("s")).toEqual(names("f"));
  expect(names("s").slice(0, 3)).toEqual(["TERM", "CONT", "KILL"]);
});

test("svg draws one picture that needs nothing else", async ({ lab }) => {
  const { stdout } = tool("svg", await stubborn(lab));
  expect(stdout).toMatch(/^<svg [^>]*width="1200"/);
  expect(stdout).toContain("prefers-color-scheme: dark");
  expect(stdout).not.toMatch(/href|url\(http/);
});

test("check explores all orders of events in every world, and names the longest stop", () => {
  const { status, stdout } = tool("check", "--children", "1", "--", "--stop=TERM:10s,KILL");
  const counts = String.raw`\d+ states, \d+ transitions`;
  expect(stdout).toMatch(new RegExp(`^PID 1: ${counts}, longest stop 11.000 s$`, "m"));
  expect(stdout).toMatch(new RegExp(`^a terminal that is handed over: ${counts}`, "m"));
  expect(stdout).toMatch(
    new RegExp(`^in all: ${counts}, all of them; \\d+ transitions a second$`, "m"),
  );
  expect(stdout).toMatch(/\nthe longest stop takes 11.000 s; no invariant is broken\n$/);
  expect(status).toBe(0);
});

test("check is bounded by depth, signals and place, and keeps the sandbox as the options say", () => {
  const bounds = ["--depth", "3", "--signals", "TERM", "--pid", "1"];
  const { status, stdout } = tool("check", ...bounds, "--", "--sandbox=on");
  expect(stdout).toMatch(/^in all: .*, cut at the depth/m);
  expect(stdout).not.toMatch(/subreaper/);
  // A sandbox that is refused though it has to be is the end at once.
  expect(stdout).toMatch(/^PID 1, the kernel refuses what it can: 1 states, 0 transitions/m);
  expect(status).toBe(0);
});

test("check prints the shortest run that breaks an invariant, as a test in prose", async ({
  lab,
}) => {
  const wrong = await compileMutant(mutants.find(({ mistake }) => mistake === "drains for ever"));
  writeFileSync(`${lab.folder}/core.wasm`, wrong);
  const core = `${lab.folder}/core.wasm`;
  const { status, stdout } = tool("check", "--core", core, "--signals", "", "--", "--drain=1s");
  expect(status).toBe(1);
  expect(stdout).toMatch(/^broken \(PID 1\): ends within the time that --explain promises/);
  const [trace] = readTraces("run", stdout.slice(stdout.indexOf("# Breaks")));
  const { outcomes } = drive(Core.of(wrong), trace!);
  for (const { step, actions } of outcomes) expect(actions).toEqual(step.actions);
  expect(outcomes.at(-1)?.step.event).toBe("DeadlineReached");
});

test("a bad file or command line is one line and status 2", ({ lab }) => {
  writeFileSync(`${lab.folder}/text`, "hello\n");
  writeFileSync(`${lab.folder}/empty`, "");
  writeFileSync(`${lab.folder}/random`, Buffer.from(Array.from({ length: 999 }, (_, i) => i * 7)));
  const files = ["text", "empty", "random", "missing", "."].map((name) => `${lab.folder}/${name}`);
  const bad = files.flatMap((file) => [
    ...["show", "why", "replay", "to-test", "svg", "export"].map((command) => [command, file]),
  ]);
  for (const args of [
    ...bad,
    [],
    ["nonsense"],
    ["show"],
    ["show", "--colour", "x"],
    ["check", "x"],
  ]) {
    const { status, stdout, stderr } = tool(...args);
    expect(status, args.join(" ")).toBe(2);
    expect(stdout).toBe("");
    expect(theOnlyLine(stderr)).toMatch(/^wasm-init-trace: /);
  }
}, 300_000);

test("check repeats what the init says of options that it does not take", () => {
  const { status, stderr } = tool("check", "--", "--stop", "FOO");
  expect(status).toBe(2);
  expect(theOnlyLine(stderr)).toContain("'FOO' is not a signal");
});
