// The mailbox: the event's argument bytes, the action queue, output bytes, and reading static text.
// May not know: what a kind means.
// Imported by its bare name, as a library: `noUnsafe` in asconfig.json forbids raw memory everywhere
// else.

import { ACTION_CAPACITY, ARGUMENT_CAPACITY } from "../abi";

const OUTPUT_CAPACITY: i32 = 8192;
const ACTION_SIZE: i32 = 24;

// What every event touches comes first, so that it shares a page with the state; of the buffers
// only the beginning is touched, as a rule.
const counters: usize = memory.data(8, 16);
const quotes: usize = memory.data(16, 16);
const stamp: usize = memory.data(16, 16);
const queue: usize = memory.data(ACTION_CAPACITY * ACTION_SIZE, 16);
const argument: usize = memory.data(ARGUMENT_CAPACITY + 1, 16);
const output: usize = memory.data(OUTPUT_CAPACITY, 16);

/** Address of the argument buffer, ARGUMENT_CAPACITY bytes. */
export function argumentAddress(): i32 {
  return <i32>argument;
}

/** The byte at an address of the linear memory. */
export function byteAt(address: i32): i32 {
  return load<u8>(<usize>address);
}

/** Stores one byte: only for addresses inside the argument buffer. */
export function setByteAt(address: i32, value: i32): void {
  store<u8>(<usize>address, value);
}

/** Empties queue, output and quotes, and stamps what follows, before an event is handled. */
export function openMailbox(kind: i32, now: f64): void {
  store<i32>(counters, 0, 0);
  store<i32>(counters, 0, 4);
  quote(0, 0);
  quoteOther(0, 0);
  store<f64>(stamp, now);
  store<i32>(stamp, kind, 8);
}

/** Milliseconds since boot of the event that is being handled. */
export function stampedNow(): f64 {
  return load<f64>(stamp);
}

/** Kind of the event that is being handled. */
export function stampedKind(): i32 {
  return load<i32>(stamp, 8);
}

/** The bytes that the next message quotes as {word}. */
export function quote(address: i32, length: i32): void {
  store<i32>(quotes, address, 0);
  store<i32>(quotes, length, 4);
}

/** The bytes that the next message quotes as {other}. */
export function quoteOther(address: i32, length: i32): void {
  store<i32>(quotes, address, 8);
  store<i32>(quotes, length, 12);
}

/** Address of the {word} (0) or {other} (1). */
export function quotedAddress(which: i32): i32 {
  return load<i32>(quotes + <usize>(which << 3));
}

/** Length of the {word} (0) or {other} (1). */
export function quotedLength(which: i32): i32 {
  return load<i32>(quotes + <usize>(which << 3), 4);
}

/** Number of actions in the queue. */
export function actionCount(): i32 {
  return load<i32>(counters, 0);
}

/** Field of the action with this index: 0 is the kind, 1-5 are a-e. */
export function actionField(index: i32, field: i32): i32 {
  return load<i32>(queue + <usize>(index * ACTION_SIZE + field * 4));
}

/** Queues an action. A full queue is a bug of the core, and traps. */
export function act(kind: i32, a: i32 = 0, b: i32 = 0, c: i32 = 0, d: i32 = 0, e: i32 = 0): void {
  const count = load<i32>(counters, 0);
  if (count >= ACTION_CAPACITY) unreachable();
  const at = queue + <usize>(count * ACTION_SIZE);
  store<i32>(at, kind, 0);
  store<i32>(at, a, 4);
  store<i32>(at, b, 8);
  store<i32>(at, c, 12);
  store<i32>(at, d, 16);
  store<i32>(at, e, 20);
  store<i32>(counters, count + 1, 0);
}

/** Appends one byte to the output; beyond its capacity bytes are dropped. */
export function put(byte: i32): void {
  const length = load<i32>(counters, 4);
  if (length >= OUTPUT_CAPACITY) return;
  store<u8>(output + <usize>length, byte);
  store<i32>(counters, length + 1, 4);
}

/** Address at which the next output byte will stand. */
export function outputEnd(): i32 {
  return <i32>output + load<i32>(counters, 4);
}

/** What must not happen has happened: the core traps, and the host falls back. */
export function impossible(): void {
  unreachable();
}
