// Signal names and numbers 1-64, and sets of signals.
// May not know: rewrites, phases, pids.

import { byteAt } from "mailbox";
import { Text, textAddress } from "texts";
import { SIGNAL_MAX } from "./abi";
import { lowerAt, matches, parseNumber } from "./bytes";

const HUP: i32 = 1;
export const INT: i32 = 2;
export const QUIT: i32 = 3;
const ILL: i32 = 4;
export const TRAP: i32 = 5;
const ABRT: i32 = 6;
const BUS: i32 = 7;
const FPE: i32 = 8;
export const KILL: i32 = 9;
const SEGV: i32 = 11;
export const TERM: i32 = 15;
export const CHLD: i32 = 17;
export const CONT: i32 = 18;
export const STOP: i32 = 19;
export const TSTP: i32 = 20;
export const TTIN: i32 = 21;
export const TTOU: i32 = 22;
const SYS: i32 = 31;
/** SIGRTMIN as every program of the GNU C library has it: 32 and 33 belong to its threads. */
export const RTMIN: i32 = 34;
const RTMAX: i32 = SIGNAL_MAX;

/** What parseSignal says of bytes that name no signal. */
export const NOT_A_SIGNAL: i32 = -1;

/** The set that holds just this signal, 1-64. */
export function setOf(signal: i32): u64 {
  assert(signal > 0 && signal <= SIGNAL_MAX);
  return (<u64>1) << (signal - 1);
}

/** The set in two halves, as an event carries it. */
export function setFrom(low: i32, high: i32): u64 {
  return ((<u64>(<u32>high)) << 32) | (<u64>(<u32>low));
}

/** Whether the set holds the signal. */
export function holds(set: u64, signal: i32): bool {
  assert(signal > 0 && signal <= SIGNAL_MAX);
  return (set & setOf(signal)) != 0;
}

/** Terminal stop signals: TSTP, TTIN, TTOU. */
export function isTerminalStop(signal: i32): bool {
  return signal >= TSTP && signal <= TTOU;
}

/** Synchronous faults, and ABRT, which tini leaves to the init itself. */
export function faults(): u64 {
  return (
    setOf(FPE) | setOf(ILL) | setOf(SEGV) | setOf(BUS) | setOf(ABRT) | setOf(TRAP) | setOf(SYS)
  );
}

/** Signals that end a process unless it says otherwise: HUP, INT, QUIT, TERM. */
export function endings(): u64 {
  return setOf(HUP) | setOf(INT) | setOf(QUIT) | setOf(TERM);
}

/**
 * Signal that bytes name: `TERM`, `SIGTERM`, in any case, `15`, `RTMIN+3`, `RTMAX-1`.
 * Returns 0 for `0` and `none`, NOT_A_SIGNAL for all else and for numbers above 64.
 */
export function parseSignal(address: i32, length: i32): i32 {
  const number = parseNumber(address, length, SIGNAL_MAX);
  if (number >= 0) return number;
  if (matches(address, length, Text.none)) return 0;
  if (length > 3 && lowerAt(address) == 0x73 && lowerAt(address + 1) == 0x69) {
    if (lowerAt(address + 2) == 0x67) {
      address += 3;
      length -= 3;
    }
  }
  if (length >= 5 && matches(address, 5, Text.rtmin)) {
    return offsetSignal(address + 5, length - 5, RTMIN, 0x2b);
  }
  if (length >= 5 && matches(address, 5, Text.rtmax)) {
    return offsetSignal(address + 5, length - 5, RTMAX, 0x2d);
  }
  return namedSignal(address, length);
}

/** `+n` after RTMIN or `-n` after RTMAX, or nothing. */
function offsetSignal(address: i32, length: i32, base: i32, sign: i32): i32 {
  if (length == 0) return base;
  if (byteAt(address) != sign) return NOT_A_SIGNAL;
  const n = parseNumber(address + 1, length - 1, RTMAX - RTMIN);
  if (n < 0) return NOT_A_SIGNAL;
  return sign == 0x2b ? base + n : base - n;
}

/** Looks a name up in the list `NAME=number` that the texts hold, aliases at its end. */
function namedSignal(address: i32, length: i32): i32 {
  let at = textAddress(Text.signalNames);
  for (let number = byteAt(at); number != 0; number = byteAt(at)) {
    const start = ++at;
    while (byteAt(at) >= 0x30) at++;
    if (at - start == length) {
      let i = 0;
      while (i < length && lowerAt(address + i) == lowerAt(start + i)) i++;
      if (i == length) return number;
    }
  }
  return NOT_A_SIGNAL;
}

/** Address of the name of a signal 1-31 in the texts; it ends at the first byte below `0`. */
export function signalNameAddress(signal: i32): i32 {
  let at = textAddress(Text.signalNames);
  while (byteAt(at) != signal) {
    at++;
    while (byteAt(at) >= 0x30) at++;
  }
  return at + 1;
}
