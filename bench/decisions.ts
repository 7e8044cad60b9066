/**
 * How fast the core decides, in Node and (decisions.c) natively: no process, no syscall, only
 * events in and actions out.
 *
 * A decision is what the hosts' loop does for one event: take it, then read every field of every
 * action that follows. The host here is the least that brings the core to a running command: it
 * knows two option words, no environment variable, and no terminal.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ActionKind, EventKind } from "../assembly/abi";
import { CLD_EXITED } from "../assembly/linux";
import { bootCore } from "../host/wasm/boot.ts";
import { Core, type Event } from "../host/wasm/core.ts";
import { median } from "./statistics.ts";

const path = fileURLToPath(new URL("../build/core.wasm", import.meta.url));

const COMMAND = 2;
const ORPHAN = 77;
const SIGUSR1 = 10;
const FIELDS = 6;

/** Decisions a second, by what is decided. */
export interface Decisions {
  forward: number;
  reap: number;
}

/** Measures for about the given number of milliseconds each. */
export function decisionsInNode(milliseconds: number): Decisions {
  const core = Core.of(readFileSync(path));
  const { boot } = bootCore(core, { argv: ["wasm-init", "--", "command"], pid: 1 });
  core.take({ ...boot.spawned(COMMAND), now: 0 });
  const forward = { kind: EventKind.SignalReceived, now: 1, signal: SIGUSR1, pid: 1000 };
  const reap = { kind: EventKind.ChildExited, now: 1, pid: ORPHAN, code: CLD_EXITED };
  expect(core, forward, ActionKind.SendSignal);
  expect(core, reap, ActionKind.Reap);
  return {
    forward: perSecond(() => decide(core, forward), milliseconds),
    reap: perSecond(() => decide(core, reap), milliseconds),
  };
}

/** The same by the program that links the native core. */
export function nativeDecisions(program: string, milliseconds: number): Decisions {
  const output = execFileSync(program, [`${milliseconds}`], { encoding: "utf8" });
  const slices = output
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const column = (which: number) => median(slices.map((slice) => slice[which] ?? Number.NaN));
  return { forward: column(0), reap: column(1) };
}

/** Decisions a second where one half is of either kind. */
export function mixed({ forward, reap }: Decisions): number {
  return 2 / (1 / forward + 1 / reap);
}

/** Takes one event, and reads every field of every action; returns the last field. */
function decide(core: Core, event: Event): number {
  event.now++;
  let field = 0;
  const count = core.takeOnly(event);
  for (let index = 0; index < count; index++)
    for (let which = 0; which < FIELDS; which++) field = core.actionField(index, which);
  return field;
}

/** Fails unless exactly that action follows: else something else would be measured. */
function expect(core: Core, event: Event, kind: ActionKind): void {
  if (core.takeOnly(event) !== 1 || core.actionKind(0) !== kind)
    throw new Error(`the core did not answer with ${ActionKind[kind]} alone`);
}

/** The median of nine slices, since the first ones run before the code has been optimised. */
function perSecond(decide: () => number, milliseconds: number): number {
  const rates: number[] = [];
  const slice = milliseconds / 9;
  while (rates.length < 9) {
    const start = performance.now();
    let count = 0;
    let now = start;
    while (now < start + slice) {
      for (let i = 0; i < 1000; i++) decide();
      count += 1000;
      now = performance.now();
    }
    rates.push((count * 1000) / (now - start));
  }
  return median(rates);
}
