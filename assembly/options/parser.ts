// Reads option words one by one, by the table of the command line that is spoken.
// May not know: what an option does (apply.ts), phases, syscalls.

import { byteAt, quote, quoteOther } from "mailbox";
import { state } from "state";
import { abbreviates, Option, tableAddress } from "tables";
import { Text } from "texts";
import { ARGUMENT_CAPACITY } from "../abi";
import { fatal } from "../log";
import { Dialect } from "../policy";
import { equals, indexOf } from "../bytes";
import { applyOption } from "./apply";
import { Parsed } from "./parsed";

const DASH: i32 = 0x2d;
const EQUALS: i32 = 0x3d;

/** Whether an option takes a value: the second byte of its row. */
const TAKES_NONE: i32 = 0;
const TAKES_OPTIONAL: i32 = 2;

/** The command line whose table is used: words of WASM_INIT_OPTIONS are in our own syntax. */
function spoken(): i32 {
  return state.foreignWords != 0 ? Dialect.Own : state.dialect;
}

// A row is: option, takes, short, length of long, long, length of placeholder, placeholder.
function longLength(row: i32): i32 {
  return byteAt(row + 3);
}
function placeholder(row: i32): i32 {
  return row + 4 + longLength(row);
}
function nextRow(row: i32): i32 {
  const at = placeholder(row);
  return at + 1 + byteAt(at);
}

/** Reads one word: its bytes stand at address; length is its true length. */
export function parseWord(address: i32, length: i32): Parsed {
  const pending = state.pendingOption;
  const optional = length > 1 && byteAt(address) == DASH;
  if (length > ARGUMENT_CAPACITY && (pending != 0 || optional)) {
    quote(address, ARGUMENT_CAPACITY);
    fatal(Text.wordTooLong, ARGUMENT_CAPACITY);
    return Parsed.Failed;
  }
  if (pending != 0) {
    state.pendingOption = 0;
    return applyOption(pending, address, length);
  }
  if (!optional) return Parsed.Command;
  if (byteAt(address + 1) != DASH) return parseCluster(address, length);
  if (length == 2) return Parsed.CommandNext;
  return parseLong(address, length);
}

/** The words ended: an option that still waits for its value lacks it. */
export function parseEnd(): Parsed {
  const pending = state.pendingOption;
  if (pending == 0) return Parsed.More;
  let row = tableAddress(spoken());
  while (byteAt(row) != pending) row = nextRow(row);
  quoteOther(placeholder(row) + 1, byteAt(placeholder(row)));
  if (longLength(row) != 0) {
    quote(row + 4, longLength(row));
    fatal(Text.missingValue);
  } else {
    quote(row + 2, 1);
    fatal(Text.missingShortValue);
  }
  return Parsed.Failed;
}

function unknown(address: i32, length: i32): Parsed {
  quote(address, length);
  fatal(Text.unknownOption);
  return Parsed.Failed;
}

/** The short option at an index of a word that holds several. */
function unknownIn(address: i32, length: i32, at: i32): Parsed {
  if (length == 2) return unknown(address, length);
  quote(address + at, 1);
  quoteOther(address, length);
  fatal(Text.unknownShort);
  return Parsed.Failed;
}

/** `--name`, `--name=value`. */
function parseLong(address: i32, length: i32): Parsed {
  const name = address + 2;
  const equalsAt = indexOf(name, length - 2, EQUALS);
  const nameLength = equalsAt < 0 ? length - 2 : equalsAt;
  const row = longRow(name, nameLength);
  if (row < 0) {
    quote(address, length);
    fatal(Text.ambiguousOption);
    return Parsed.Failed;
  }
  // tini takes --version only as its one word (it has no other long option).
  const lone = byteAt(row) == Option.Version && spoken() == Dialect.Tini && state.words != 1;
  if (row == 0 || lone) return unknown(address, length);
  const takes = byteAt(row + 1);
  if (equalsAt >= 0) {
    if (takes == TAKES_NONE) {
      quote(address, length);
      fatal(Text.unexpectedValue);
      return Parsed.Failed;
    }
    return applyOption(byteAt(row), name + equalsAt + 1, length - 3 - equalsAt);
  }
  if (takes == TAKES_NONE || takes == TAKES_OPTIONAL) return applyOption(byteAt(row), 0, -1);
  state.pendingOption = byteAt(row);
  return Parsed.More;
}

/** Row of a long name; 0 for none, -1 for an abbreviation of more than one. */
function longRow(name: i32, length: i32): i32 {
  let found = 0;
  for (let row = tableAddress(spoken()); byteAt(row) != 0; row = nextRow(row)) {
    if (length == 0 || longLength(row) < length || !equals(row + 4, name, length)) continue;
    if (longLength(row) == length) return row;
    if (abbreviates(spoken())) found = found == 0 ? row : -1;
  }
  return found;
}

/** `-vc`, `-r15:3`, and an option whose value is the next word. */
function parseCluster(address: i32, length: i32): Parsed {
  for (let i = 1; i < length; i++) {
    let row = tableAddress(spoken());
    while (byteAt(row) != 0 && byteAt(row + 2) != byteAt(address + i)) row = nextRow(row);
    if (byteAt(row) == 0) return unknownIn(address, length, i);
    const takes = byteAt(row + 1);
    if (takes == TAKES_NONE || takes == TAKES_OPTIONAL) {
      const parsed = applyOption(byteAt(row), 0, -1);
      if (parsed != Parsed.More) return parsed;
    } else if (i + 1 < length) {
      return applyOption(byteAt(row), address + i + 1, length - i - 1);
    } else {
      state.pendingOption = byteAt(row);
    }
  }
  return Parsed.More;
}
