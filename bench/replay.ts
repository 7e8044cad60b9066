/**
 * How fast recorded runs replay in Node, every action compared: a trace of a storm of signals and
 * orphans, made here, in memory.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EventKind } from "../assembly/abi";
import { CLD_EXITED } from "../assembly/linux";
import { bootCore } from "../host/wasm/boot.ts";
import { checkOf } from "../host/wasm/checksum.ts";
import { Core, type Event } from "../host/wasm/core.ts";
import { bytesSource, openTrace } from "../replay/trace/format.ts";
import { replay } from "../replay/trace/replay.ts";
import { median } from "./statistics.ts";

const path = fileURLToPath(new URL("../build/core.wasm", import.meta.url));
const SIGUSR1 = 10;
const HEADER = 80;

/** Replayed events a second, the median of some rounds. */
export function replaysInNode(events: number, rounds = 7): number {
  const core = Core.of(readFileSync(path));
  const trace = openTrace(bytesSource(storm(core, events)));
  const rates: number[] = [];
  while (rates.length < rounds) {
    const start = performance.now();
    const result = replay(core, trace);
    const milliseconds = performance.now() - start;
    if (result.difference !== undefined || result.events !== events)
      throw new Error("the replay differs");
    rates.push((events * 1000) / milliseconds);
  }
  return median(rates);
}

/**
 * A trace file that begins with a running command, half signals and half orphans; of this core
 * alone, if its sha256 is given.
 */
export function storm(core: Core, events: number, sha256 = new Uint8Array(32)): Uint8Array {
  const bytes = new Uint8Array(HEADER + 4096 + events * 72);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const close = (from: number) => put(checkOf(view, from, at));
  const record = (sequence: number, event: Event, actions: number, body: () => void) => {
    const from = at;
    const { kind, now, signal = 0, code = 0, pid = 0, bytes: carried = new Uint8Array() } = event;
    at += 4;
    put(sequence);
    view.setFloat64(at, now, true);
    at += 8;
    put(kind | (actions << 8) | (carried.length << 16));
    for (const field of [signal, code, pid, 0, 0, 0]) put(field);
    body();
    view.setUint32(from, at + 4 - from, true);
    close(from);
  };
  core.reset();
  const { boot } = bootCore(core, { argv: ["wasm-init", "--", "server"], pid: 1 });
  core.take({ ...boot.spawned(2), now: 0 });
  bytes.set(new TextEncoder().encode("WITRACE\n"));
  view.setUint32(8, 1, true);
  bytes.set(sha256, 16);
  view.setUint32(48, HEADER, true);
  view.setUint32(52, bytes.length, true);
  at = HEADER - 4;
  close(0);
  const state = core.snapshot();
  record(1, { kind: EventKind.None, now: 0, bytes: state }, 0, () => {
    bytes.set(state, at);
    at += (state.length + 3) & ~3;
  });
  for (let i = 0; i < events; i++) {
    const signal = { kind: EventKind.SignalReceived, signal: SIGUSR1, pid: 1000 };
    const orphan = { kind: EventKind.ChildExited, code: CLD_EXITED, pid: 77 };
    const event: Event = { ...(i % 2 === 0 ? signal : orphan), now: i / 1000 };
    const actions = core.takeOnly(event);
    record(1 + i, event, actions, () => {
      for (let index = 0; index < actions; index++)
        for (let field = 0; field < 6; field++) put(core.actionField(index, field));
    });
  }
  return bytes.subarray(0, at);
}
