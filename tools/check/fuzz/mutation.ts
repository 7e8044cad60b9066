/**
 * Changes trace files at random. Most changes are then repaired: sizes, numbers and checks come out
 * right again, so that what they guard is reached.
 */

import { checkOf } from "../../../host/wasm/checksum.ts";

const HEADER = 80;
const RECORD_LEAST = 48;
const RECORD_MOST = 8192;

const interesting = [
  0, 1, 2, 4, 7, 16, 19, 26, 64, 127, 128, 255, 256, 4095, 4096, 8192, 0x7fffffff, 0x80000000,
  0xfffffffe, 0xffffffff,
];

export type Random = (below: number) => number;

/** A generator of whole numbers below a bound, the same for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A changed copy of a file; `other` lends pieces of itself. */
export function mutated(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = Uint8Array.from(file);
  for (let round = 1 + random(6); round > 0; round--) bytes = change(bytes, other, random);
  if (random(5) > 0) repair(bytes, random(2) === 0);
  return bytes;
}

function change(
  bytes: Uint8Array<ArrayBuffer>,
  other: Uint8Array,
  random: Random,
): Uint8Array<ArrayBuffer> {
  if (bytes.length < 8) return Uint8Array.from(other);
  const view = new DataView(bytes.buffer);
  const at = random(bytes.length);
  const word = Math.min(at & ~3, bytes.length - 4);
  switch (random(9)) {
    case 0:
      bytes[at] = bytes[at]! ^ (1 << random(8));
      return bytes;
    case 1:
      bytes[at] = random(256);
      return bytes;
    case 2:
    case 3:
      view.setUint32(word, interesting[random(interesting.length)]!, true);
      return bytes;
    case 4:
      view.setUint32(word, view.getUint32(word, true) + random(9) - 4, true);
      return bytes;
    case 5:
      return bytes.slice(0, at);
    case 6: {
      const length = Math.min(4 * random(64), bytes.length - word, other.length);
      const from = random(Math.max(1, other.length - length)) & ~3;
      bytes.set(other.subarray(from, from + length), word);
      return bytes;
    }
    case 7: {
      // A piece is left out, or stands there twice.
      const length = 4 * (1 + random(32));
      const end = random(2) === 0 ? word + length : Math.max(0, word - length);
      const [head, tail] = [bytes.subarray(0, word), bytes.subarray(end)];
      const joined = new Uint8Array(head.length + tail.length);
      joined.set(head);
      joined.set(tail, head.length);
      return joined;
    }
    default: {
      const record = recordAt(view, random);
      if (record === undefined) return bytes;
      // Kind, number of actions, length; or one of the six numbers.
      if (random(3) > 0) view.setUint8(record + 16 + random(3), random(30));
      else
        view.setInt32(record + 20 + 4 * random(6), interesting[random(interesting.length)]!, true);
      return bytes;
    }
  }
}

/** Offset of one of the records. */
function recordAt(view: DataView, random: Random): number | undefined {
  const starts: number[] = [];
  for (const start of chains(view)) for (const at of records(view, start)) starts.push(at);
  return starts[random(Math.max(1, starts.length))];
}

function chains(view: DataView): number[] {
  if (view.byteLength < HEADER) return [];
  const first = view.getUint32(48, true);
  return [HEADER, first, first + view.getUint32(52, true)];
}

function* records(view: DataView, start: number): Generator<number> {
  for (let at = start; at + RECORD_LEAST <= view.byteLength;) {
    const size = view.getUint32(at, true);
    if (size < RECORD_LEAST || size > RECORD_MOST || size % 4 !== 0) return;
    if (at + size > view.byteLength) return;
    yield at;
    at += size;
  }
}

/** Makes header and records pass for whole ones. */
export function repair(bytes: Uint8Array, numbers: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER) return;
  bytes.set(new TextEncoder().encode("WITRACE\n"));
  view.setUint32(8, 1, true);
  view.setUint32(76, checkOf(view, 0, 76), true);
  const [boot = HEADER, ...halves] = chains(view);
  for (const at of records(view, boot)) seal(view, at, 0);
  for (const half of halves) {
    let number: number | undefined;
    for (const at of records(view, half)) {
      if (number !== undefined && numbers) view.setUint32(at + 4, number++, true);
      number ??= view.getUint32(at + 4, true);
      seal(view, at, view.getUint32(64, true));
    }
  }
}

function seal(view: DataView, at: number, salt: number): void {
  const end = at + view.getUint32(at, true) - 4;
  view.setUint32(end, checkOf(view, at, end, salt), true);
}
