// Reading bytes: comparison with texts, numbers, durations, sizes.
// May not know: options, policy, what a word is for.

import { byteAt } from "mailbox";
import { textAddress, textLength } from "texts";

/** Longest duration that options take: 24 hours, in milliseconds. */
const DURATION_MS_MAX: i32 = 86_400_000;

/** The byte at an address, ASCII letters in lower case. */
export function lowerAt(address: i32): i32 {
  const byte = byteAt(address);
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** Whether bytes are this text, letters in any case (the text is in lower case). */
export function matches(address: i32, length: i32, text: i32): bool {
  if (length != textLength(text)) return false;
  const other = textAddress(text);
  for (let i = 0; i < length; i++) {
    if (lowerAt(address + i) != byteAt(other + i)) return false;
  }
  return true;
}

/** Whether two runs of bytes are the same. */
export function equals(address: i32, other: i32, length: i32): bool {
  for (let i = 0; i < length; i++) {
    if (byteAt(address + i) != byteAt(other + i)) return false;
  }
  return true;
}

/** Offset of the first such byte, or -1. */
export function indexOf(address: i32, length: i32, byte: i32): i32 {
  for (let i = 0; i < length; i++) {
    if (byteAt(address + i) == byte) return i;
  }
  return -1;
}

/** Decimal digits and nothing else, 0 to most; -1 for anything else. */
export function parseNumber(address: i32, length: i32, most: i32): i32 {
  if (length == 0) return -1;
  let value: i64 = 0;
  for (let i = 0; i < length; i++) {
    const digit = byteAt(address + i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > most) return -1;
  }
  return <i32>value;
}

/** `500ms`, `10s`, `2m`, `1h` or bare seconds, at most 24 h, in milliseconds; -1 if it is none. */
export function parseDuration(address: i32, length: i32): i32 {
  let digits = length;
  while (digits > 0 && byteAt(address + digits - 1) > 0x39) digits--;
  const unit = length - digits;
  let factor: i32 = 1000;
  if (unit == 2 && byteAt(address + digits) == 0x6d && byteAt(address + digits + 1) == 0x73) {
    factor = 1;
  } else if (unit == 1) {
    const letter = byteAt(address + digits);
    if (letter == 0x6d) factor = 60_000;
    else if (letter == 0x68) factor = 3_600_000;
    else if (letter != 0x73) return -1;
  } else if (unit != 0) {
    return -1;
  }
  const value = parseNumber(address, digits, DURATION_MS_MAX / factor);
  return value < 0 ? -1 : value * factor;
}

/** Bytes, with `K` or `M` (also `KiB`, `MiB`) for powers of 1024, at most 1 GiB; -1 if none. */
export function parseSize(address: i32, length: i32): i32 {
  let digits = length;
  while (digits > 0 && byteAt(address + digits - 1) > 0x39) digits--;
  const unit = length - digits;
  let shift = 0;
  if (unit == 1 || unit == 3) {
    const letter = lowerAt(address + digits);
    if (letter == 0x6b) shift = 10;
    else if (letter == 0x6d) shift = 20;
    else return -1;
    if (unit == 3) {
      if (lowerAt(address + digits + 1) != 0x69) return -1;
      if (lowerAt(address + digits + 2) != 0x62) return -1;
    }
  } else if (unit != 0) {
    return -1;
  }
  const value = parseNumber(address, digits, (1 << 30) >> shift);
  return value < 0 ? -1 : value << shift;
}
