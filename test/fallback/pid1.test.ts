// The core fails under a program that Node runs as PID 1: the program lives on, and dies of a signal
// as it would with it.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { EventKind } from "../../assembly/abi.ts";
import type { Lab } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { root } from "../support/paths.ts";
import { childrenOf } from "../support/proc.ts";
import { eventually } from "../support/wait.ts";
import { describe, expect, type Running, start, test } from "../pid1/program.ts";
import { TERM, USR2 } from "../support/signals.ts";

/** Hands the core an event that can't happen in place of the first of a kind. */
const planted = `
const { Core, initOf } = require("${root}build/pid1-deciding.cjs");
const wanted = Number(process.env.TRAP_KIND);
exports.initOf = initOf;
exports.Core = { of(bytes) {
  const core = Core.of(bytes), take = core.take.bind(core);
  core.take = (event) => take(event.kind === wanted ? { ...event, kind: 0 } : event);
  return core;
} };
`;

/** A copy of the build. */
function copy(lab: Lab): string {
  const build = `${lab.folder}/build`;
  mkdirSync(build);
  for (const name of readdirSync(`${root}build`))
    if (/^(pid1.*|core\.wasm|wasm-init\.node)$/.test(name))
      copyFileSync(`${root}build/${name}`, `${build}/${name}`);
  return build;
}

/** Starts a program whose core traps at the first event of a kind. */
function trapping(lab: Lab, kind: EventKind, code: string, running: Running = {}) {
  const build = copy(lab);
  writeFileSync(`${build}/pid1-deciding.cjs`, planted);
  return start(lab, code, { ...running, build, env: { TRAP_KIND: String(kind) } });
}

const LINE =
  /^wasm-init: the core trapped \(05\) at event \d\d: forwarding and reaping without it$/;

describe("a core that traps", () => {
  test("at boot ends a program with options before it begins", async ({ lab }) => {
    const running = { options: "--drain=1s" };
    const program = trapping(lab, EventKind.Named, `say("begun");`, running);
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(theOnlyLine(stderr)).toMatch(LINE);
  });

  test("at boot leaves a program without options running, and its end to signals", async ({
    lab,
  }) => {
    const code = `stay(); process.on("SIGUSR2", () => say("heard")); say("ready");`;
    const program = trapping(lab, EventKind.Named, code);
    await program.stdout.line(/ready/);
    await program.signal(USR2);
    await program.stdout.line(/heard/);
    await program.stderr.line(/without it/);
    await program.signal(TERM);
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stdout }).toEqual({ status: 143, stdout: "ready\nheard\n" });
    expect(theOnlyLine(stderr)).toMatch(LINE);
  });

  test("at a signal leaves the program's listeners and its end by others", async ({ lab }) => {
    const code = `stay(); process.on("SIGUSR2", () => say("heard")); say("ready");`;
    const program = trapping(lab, EventKind.SignalReceived, code);
    await program.stdout.line(/ready/);
    await program.signal(USR2);
    await program.stderr.line(/without it/);
    await program.stdout.line(/heard/);
    await program.signal(TERM);
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stdout }).toEqual({ status: 143, stdout: "ready\nheard\n" });
    expect(theOnlyLine(stderr)).toMatch(LINE);
  });

  test("at the very signal that nobody listens to lets it end the program", async ({ lab }) => {
    const program = trapping(lab, EventKind.SignalReceived, `stay(); say("ready");`);
    await program.stdout.line(/ready/);
    await program.signal(TERM);
    const { status, stderr } = await program.finished();
    expect(status).toBe(143);
    expect(theOnlyLine(stderr)).toMatch(LINE);
  });

  test("at an orphan's end leaves no zombie, and the program its status", async ({ lab }) => {
    const code = `
      process.stdin.on("end", () => process.exit(4)).resume();
      spawn("sh", ["-c", "true & true & true &"]).on("exit", () => say("ended"));`;
    const program = trapping(lab, EventKind.ChildExited, code, { stdin: "pipe" });
    await program.stdout.line(/ended/);
    await program.stderr.line(/without it/);
    const pid = await program.pid();
    await eventually("no child is left", () => childrenOf(pid).length === 0);
    program.stdin?.end();
    const { status, stderr } = await program.finished();
    expect(status).toBe(4);
    expect(theOnlyLine(stderr)).toMatch(LINE);
  });

  test("at the program's own end keeps its status, and drains nobody", async ({ lab }) => {
    const code = `spawn("sleep", ["1000"], { detached: true }); process.exit(3);`;
    const program = trapping(lab, EventKind.ChildExited, code, { options: "--drain=1h" });
    expect(await program.finished()).toMatchObject({ status: 3 });
  });
});

describe("a core that can't be read", () => {
  test("ends a program with options before it begins, with 125", async ({ lab }) => {
    const build = copy(lab);
    rmSync(`${build}/core.wasm`);
    const program = start(lab, `say("begun");`, { build, options: "--drain=1s" });
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(theOnlyLine(stderr)).toMatch(/^wasm-init: Error: ENOENT: .*core\.wasm/);
  });

  test("is missed by a signal alone, which ends the program all the same", async ({ lab }) => {
    const build = copy(lab);
    rmSync(`${build}/core.wasm`);
    const program = start(lab, `stay(); say("ready");`, { build });
    await program.stdout.line(/ready/);
    await program.signal(TERM);
    const { status, stderr } = await program.finished();
    expect(status).toBe(143);
    expect(theOnlyLine(stderr)).toMatch(/^wasm-init: Error: ENOENT: .*core\.wasm/);
  });
});
