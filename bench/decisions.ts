/**
 * How fast the core decides, in Node and (decisions.c) natively: no process, no syscall, only
 * events in and actions out.
 *
 * A decision is what the hosts' loop does for one event: take it, then read every field of every
 * action that follows. The host here is the least that brings the core to a running command: it
 * knows two option words, no environment variable, and no terminal.
 */
import { instantiateSync } from "@assemblyscript/loader";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ActionKind, EventKind } from "../assembly/abi";
import { median } from "./statistics.ts";

const path = fileURLToPath(new URL("../build/core.wasm", import.meta.url));

type Exports = {
  memory: { buffer: ArrayBuffer };
  argumentAddress(): number;
  take(
    kind: EventKind,
    now: number,
    signal: number,
    code: number,
    pid: number,
    uid: number,
    low: number,
    high: number,
  ): void;
  actionCount(): number;
  actionField(index: number, field: number): number;
};

interface Facts {
  signal: number;
  code: number;
  pid: number;
}

interface Action {
  kind: ActionKind;
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
}

const COMMAND = 2;
const ORPHAN = 77;
const SIGUSR1 = 10;
const CLD_EXITED = 1;

/** Decisions a second, by what is decided. */
export interface Decisions {
  forward: number;
  reap: number;
}

/** Measures for about the given number of milliseconds each. */
export function decisionsInNode(milliseconds: number): Decisions {
  const core = new Core();
  core.boot();
  const forward = () => core.event(EventKind.SignalReceived, { signal: SIGUSR1, pid: 1000 });
  const reap = () => core.event(EventKind.ChildExited, { pid: ORPHAN, code: CLD_EXITED });
  expect(forward(), ActionKind.SendSignal);
  expect(reap(), ActionKind.Reap);
  return { forward: perSecond(forward, milliseconds), reap: perSecond(reap, milliseconds) };
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

/** Fails unless exactly that action follows: else something else would be measured. */
function expect(actions: Action[], kind: ActionKind): void {
  if (actions.length !== 1 || actions[0]?.kind !== kind)
    throw new Error(`the core did not answer with ${ActionKind[kind]} alone`);
}

/** The median of nine slices, since the first ones run before the code has been optimised. */
function perSecond(decide: () => Action[], milliseconds: number): number {
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

class Core {
  readonly #exports: Exports;
  #now = 0;

  constructor() {
    this.#exports = instantiateSync<Exports>(readFileSync(path)).exports;
  }

  /** Takes an event, and answers with the actions, each with all of its fields. */
  event(kind: EventKind, { signal = 0, code = 0, pid = 0 }: Partial<Facts> = {}): Action[] {
    const { take, actionCount, actionField } = this.#exports;
    take(kind, this.#now++, signal, code, pid, 0, 0, 0);
    const actions: Action[] = [];
    const count = actionCount();
    for (let i = 0; i < count; i++)
      actions.push({
        kind: actionField(i, 0),
        a: actionField(i, 1),
        b: actionField(i, 2),
        c: actionField(i, 3),
        d: actionField(i, 4),
        e: actionField(i, 5),
      });
    return actions;
  }

  /** Brings the core to where the command runs. */
  boot(): void {
    const words = ["--", "command"];
    let read = 0;
    this.event(EventKind.Booted, { pid: 1 });
    const pending = this.event(EventKind.Named, { code: this.#write("wasm-init") });
    for (let action = pending.shift(); action !== undefined; action = pending.shift()) {
      if (action.kind === ActionKind.ReadVariable) {
        pending.unshift(...this.event(EventKind.VariableRead, { signal: action.a, code: -1 }));
      } else if (action.kind === ActionKind.ReadWord) {
        const code = this.#write(words[read++] ?? "");
        pending.unshift(...this.event(EventKind.WordRead, { code }));
      } else if (action.kind === ActionKind.ReturnWord) {
        read--;
      } else if (action.kind === ActionKind.Spawn) {
        this.event(EventKind.Spawned, { pid: COMMAND });
        return;
      }
    }
    throw new Error("the core did not come to the spawn");
  }

  /** Writes a word to where the core reads it, and returns its length. */
  #write(word: string): number {
    const bytes = new TextEncoder().encode(`${word}\0`);
    new Uint8Array(this.#exports.memory.buffer).set(bytes, this.#exports.argumentAddress());
    return bytes.length - 1;
  }
}
