// Splits a string into words as `env -S` does, in place, in the argument buffer.
// May not know: options, where the string came from.

import { byteAt, setByteAt } from "mailbox";

/** Most words that one string can hold. */
export const SPLIT_CAPACITY: i32 = 64;
/** The string has an open quote, a bad escape, or a variable. */
const SPLIT_BAD: i32 = -1;
/** The string has more words than SPLIT_CAPACITY. */
export const SPLIT_TOO_MANY: i32 = -2;

const NO_QUOTE: i32 = 0;
const SINGLE: i32 = 0x27;
const DOUBLE: i32 = 0x22;
const BACKSLASH: i32 = 0x5c;

/** Space, tab, newline, vertical tab, form feed, carriage return. */
function isSpace(byte: i32): bool {
  return byte == 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** What an escape outside single quotes stands for; -1 for none. */
function escaped(byte: i32): i32 {
  if (byte == 0x66) return 0x0c;
  if (byte == 0x6e) return 0x0a;
  if (byte == 0x72) return 0x0d;
  if (byte == 0x74) return 0x09;
  if (byte == 0x76) return 0x0b;
  if (byte == 0x5f) return 0x20;
  const itself =
    byte == BACKSLASH || byte == DOUBLE || byte == SINGLE || byte == 0x23 || byte == 0x24;
  return itself || byte == 0x20 ? byte : -1;
}

/**
 * Splits `length` bytes; the words stand NUL-ended one after the other from `address` on, never
 * longer than the string was. Returns how many, or SPLIT_BAD or SPLIT_TOO_MANY, and then leaves the
 * bytes as they are, for a message.
 */
export function split(address: i32, length: i32): i32 {
  const words = pass(address, length, false);
  if (words >= 0) pass(address, length, true);
  return words;
}

/** One pass over the string, which counts the words, and may write them. */
function pass(address: i32, length: i32, write: bool): i32 {
  let to = address;
  let words = 0;
  let quote = NO_QUOTE;
  let inWord = false;
  const end = address + length;
  for (let from = address; from < end; from++) {
    let byte = byteAt(from);
    if (quote == NO_QUOTE && byte == BACKSLASH && from + 1 < end && byteAt(from + 1) == 0x5f) {
      // `\_` is a space: between words it parts them, in double quotes it is one (below).
      from++;
      byte = 0x20;
    }
    if (quote == NO_QUOTE && isSpace(byte)) {
      if (inWord) {
        if (write) setByteAt(to++, 0);
        inWord = false;
      }
      continue;
    }
    if (quote == NO_QUOTE && !inWord && byte == 0x23) break;
    // `\c` ends the string.
    if (quote == NO_QUOTE && byte == BACKSLASH && from + 1 < end && byteAt(from + 1) == 0x63) break;
    if (!inWord) {
      inWord = true;
      if (++words > SPLIT_CAPACITY) return SPLIT_TOO_MANY;
    }
    if (byte == quote) {
      quote = NO_QUOTE;
      continue;
    }
    if (quote == NO_QUOTE && (byte == SINGLE || byte == DOUBLE)) {
      quote = byte;
      continue;
    }
    if (byte == BACKSLASH) {
      if (++from >= end) return SPLIT_BAD;
      byte = byteAt(from);
      if (quote == SINGLE) {
        if (write && byte != BACKSLASH && byte != SINGLE) setByteAt(to++, BACKSLASH);
      } else {
        byte = escaped(byte);
        if (byte < 0) return SPLIT_BAD;
      }
    } else if (byte == 0x24 && quote != SINGLE) {
      return SPLIT_BAD;
    }
    if (write) setByteAt(to++, byte);
  }
  if (quote != NO_QUOTE) return SPLIT_BAD;
  if (inWord && write) setByteAt(to, 0);
  return words;
}
