// Lines on stderr: fills the placeholders of a message, as text or as a JSON object.
// May not know: why something is said.

import {
  act,
  byteAt,
  outputEnd,
  put,
  quoteOther,
  quotedAddress,
  quotedLength,
  stampedKind,
  stampedNow,
} from "mailbox";
import { policy, state } from "state";
import { Text, textAddress, textLength } from "texts";
import { ActionKind } from "./abi";
import { Verbosity } from "./policy";
import { RTMIN, signalNameAddress } from "./signals";

export const STDOUT: i32 = 1;
export const STDERR: i32 = 2;
/** Bytes of a quoted word that a line shows. */
const QUOTE_CAPACITY: i32 = 255;
/** Control byte before the number of the action kind that a message speaks of. */
const ACTION_MARK: i32 = 8;

/** Something that stops the init before or in its work. Always said. */
export function fatal(text: i32, number: i32 = 0, pid: i32 = 0): void {
  line(Verbosity.Fatal, text, 0, pid, number);
}

/** The same of a file that is for another machine (AUDIT_ARCH_*) than this one. */
export function fatalMachine(text: i32, number: i32, machine: i32, own: i32): void {
  line(Verbosity.Fatal, text, 0, 0, number, machine, own);
}

/** Something that a user should know of. Said unless --quiet. */
export function warn(text: i32, signal: i32 = 0, pid: i32 = 0, number: i32 = 0): void {
  line(Verbosity.Warnings, text, signal, pid, number);
}

/** What -v says. */
export function inform(text: i32, signal: i32 = 0, pid: i32 = 0, number: i32 = 0): void {
  line(Verbosity.Information, text, signal, pid, number);
}

/** What -vv says. */
export function debug(text: i32, signal: i32 = 0, pid: i32 = 0, number: i32 = 0): void {
  line(Verbosity.Debug, text, signal, pid, number);
}

/** Quotes a text of our own as {other}. */
export function quoteOtherText(text: i32): void {
  quoteOther(textAddress(text), textLength(text));
}

/** Writes a static text to a stream. */
export function print(stream: i32, text: i32): void {
  act(ActionKind.Write, stream, textAddress(text), textLength(text));
}

/** Writes what was put since `start` (an outputEnd) to a stream. */
export function flush(stream: i32, start: i32): void {
  act(ActionKind.Write, stream, start, outputEnd() - start);
}

/** Puts the bytes of a text as they are. */
export function putText(text: i32): void {
  const end = textAddress(text) + textLength(text);
  for (let at = textAddress(text); at < end; at++) put(byteAt(at));
}

/** Puts a number in decimal, 0 or above. */
export function putNumber(number: i64): void {
  let unit: i64 = 1;
  while (number / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) put(0x30 + <i32>((number / unit) % 10));
}

/** Puts a signal by name: `TERM`, `RTMIN+3`. */
export function putSignal(signal: i32): void {
  if (signal >= RTMIN) {
    putText(Text.realTime);
    putNumber(signal - RTMIN);
  } else if (signal == 0 || signal > 31) {
    putNumber(signal);
  } else {
    for (let at = signalNameAddress(signal); byteAt(at) >= 0x30; at++) put(byteAt(at));
  }
}

function line(
  level: i32,
  text: i32,
  signal: i32,
  pid: i32,
  number: i32,
  machine: i32 = 0,
  own: i32 = 0,
): void {
  if (level > policy.verbosity) return;
  const start = outputEnd();
  if (policy.json) {
    jsonLine(text, signal, pid, number, machine, own);
  } else {
    putText(Text.prefix);
    putMessage(text, signal, pid, number, machine, own);
  }
  put(0x0a);
  flush(STDERR, start);
}

/** One object: monotonic milliseconds, event, action, pid, signal by name, and the message. */
function jsonLine(text: i32, signal: i32, pid: i32, number: i32, machine: i32, own: i32): void {
  putText(Text.jsonMilliseconds);
  putNumber(<i64>stampedNow());
  putText(Text.jsonEvent);
  putText(Text.firstEvent + stampedKind());
  if (byteAt(textAddress(text)) == ACTION_MARK) {
    putText(Text.jsonAction);
    putText(Text.firstAction + byteAt(textAddress(text) + 1));
  }
  if (pid != 0) {
    putText(Text.jsonPid);
    putNumber(pid);
    put(0x2c);
  } else {
    putText(Text.jsonNoPid);
  }
  if (signal != 0) {
    putText(Text.jsonSignal);
    putSignal(signal);
    putText(Text.jsonEndString);
  }
  putText(Text.jsonMessage);
  putMessage(text, signal, pid, number, machine, own);
  putText(Text.jsonEnd);
}

/** The message with its placeholders filled in. */
function putMessage(text: i32, signal: i32, pid: i32, number: i32, machine: i32, own: i32): void {
  if (state.foreignWords != 0) putText(Text.fromEnvironment);
  const end = textAddress(text) + textLength(text);
  for (let at = textAddress(text); at < end; at++) {
    const byte = byteAt(at);
    if (byte == 1 || byte == 2) putQuoted(quotedAddress(byte - 1), quotedLength(byte - 1));
    else if (byte == 3) putSignal(signal);
    else if (byte == 4) putNumber(pid);
    else if (byte == 5) putNumber(number);
    else if (byte == 6) putError(number);
    else if (byte == 7) putMachines(machine, own);
    else if (byte == ACTION_MARK) at++;
    else put(byte);
  }
}

/** Bytes from outside: cut, and without what could break a line or a JSON string. */
function putQuoted(address: i32, length: i32): void {
  for (let i = 0; i < length && i < QUOTE_CAPACITY; i++) {
    const byte = byteAt(address + i);
    if (byte == 0x0d && !policy.json) {
      // A carriage return at the end of a `#!` line: the usual reason for a missing interpreter.
      put(0x5c);
      put(0x72);
      continue;
    }
    const unsafe = byte < 0x20 || byte == 0x7f;
    const notJson = byte == 0x22 || byte == 0x5c || byte > 0x7f;
    put(unsafe || (policy.json && notJson) ? 0x3f : byte);
  }
  if (length > QUOTE_CAPACITY) putText(Text.ellipsis);
}

/** Which machine a file is for, and which one this is. */
function putMachines(machine: i32, own: i32): void {
  putText(Text.builtFor);
  putMachine(machine);
  putText(Text.thisIs);
  putMachine(own);
}

/** The name of a machine (AUDIT_ARCH_*). */
function putMachine(machine: i32): void {
  const end = textAddress(Text.machines) + textLength(Text.machines);
  for (let at = textAddress(Text.machines); at < end; at++) {
    let number = 0;
    for (let i = 0; i < 4; i++) number |= byteAt(at + i) << (8 * i);
    for (at += 4; byteAt(at) != 0; at++) if (number == machine) put(byteAt(at));
    if (number == machine) return;
  }
  putText(Text.anotherMachine);
}

/** The text of an errno, or its number where it has none. The texts end with a 0 each, from 1 on. */
function putError(number: i32): void {
  let at = textAddress(Text.errors);
  const end = at + textLength(Text.errors);
  for (let before = number - 1; before > 0 && at < end; at++) {
    if (byteAt(at) == 0) before--;
  }
  if (number > 0 && at < end && byteAt(at) != 0) {
    for (; byteAt(at) != 0; at++) put(byteAt(at));
    return;
  }
  putText(Text.errorNumber);
  putNumber(number);
}
