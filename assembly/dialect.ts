// Which dialect of the command line is used, and the environment variables that belong to it.
// May not know: phases, what an option does.

import { act, argumentAddress, byteAt } from "mailbox";
import { policy, state } from "state";
import { namesAddress } from "tables";
import { Text, textAddress, textLength } from "texts";
import { ActionKind, Target, Variable } from "./abi";
import { Choice, Dialect, singleChildInPlace, Verbosity } from "./policy";
import { equals, indexOf, parseNumber } from "./bytes";

const SLASH: i32 = 0x2f;
const DASH: i32 = 0x2d;
const DOT: i32 = 0x2e;
const UNDERSCORE: i32 = 0x5f;

/** No dialect has this name. */
export const NO_DIALECT: i32 = -1;

/**
 * The dialect that a program name stands for, by its last part, with or without an extension
 * such as `-static` or `_1.2.5_x86_64`; NO_DIALECT for none.
 */
export function dialectOf(address: i32, length: i32): i32 {
  for (let slash = indexOf(address, length, SLASH); slash >= 0;) {
    address += slash + 1;
    length -= slash + 1;
    slash = indexOf(address, length, SLASH);
  }
  for (let at = namesAddress(); byteAt(at) != 0; at += 2 + byteAt(at + 1)) {
    const nameLength = byteAt(at + 1);
    if (length < nameLength || !equals(at + 2, address, nameLength)) continue;
    if (length == nameLength) return byteAt(at) - 1;
    const next = byteAt(address + nameLength);
    if (next == DASH || next == DOT || next == UNDERSCORE) return byteAt(at) - 1;
  }
  return NO_DIALECT;
}

function read(variable: i32, name: i32): void {
  act(ActionKind.ReadVariable, variable, textAddress(name), textLength(name));
}

/** Asks for the variables that the dialect obeys, but for the options in our own. */
export function readVariables(): void {
  if (state.dialect == Dialect.DumbInit) {
    read(Variable.DumbInitDebug, Text.dumbInitDebug);
    read(Variable.DumbInitSetsid, Text.dumbInitSetsid);
  } else if (state.dialect == Dialect.Tini) {
    read(Variable.TiniSubreaper, Text.tiniSubreaper);
    read(Variable.TiniKillProcessGroup, Text.tiniKillProcessGroup);
    read(Variable.TiniVerbosity, Text.tiniVerbosity);
  } else if (state.dialect == Dialect.Catatonit) {
    read(Variable.CatatonitDebug, Text.catatonitDebug);
  }
  if (policy.listenPid) {
    read(Variable.ListenPid, Text.listenPid);
    read(Variable.WatchdogPid, Text.watchdogPid);
  }
  read(Variable.Record, Text.recordVariable);
}

/** Asks for the variable that holds options. */
export function readOptionsVariable(): void {
  read(Variable.Options, Text.optionsVariable);
}

/** Whether the variable is `digit` and nothing else. */
function isDigit(length: i32, digit: i32): bool {
  return length == 1 && byteAt(argumentAddress()) == digit;
}

/** Obeys a peer's variable that is set; its value stands in the argument buffer. */
export function applyVariable(variable: i32, length: i32): void {
  switch (variable) {
    case Variable.DumbInitDebug:
      if (isDigit(length, 0x31)) policy.verbosity = Verbosity.Debug;
      break;
    case Variable.DumbInitSetsid:
      if (isDigit(length, 0x30)) singleChildInPlace();
      break;
    case Variable.TiniSubreaper:
      policy.subreaper = Choice.On;
      break;
    case Variable.TiniKillProcessGroup:
      policy.target = Target.Group;
      break;
    case Variable.TiniVerbosity: {
      const level = parseNumber(argumentAddress(), length, 99);
      if (level >= 0) policy.verbosity = level > 3 ? 3 : level;
      break;
    }
    case Variable.CatatonitDebug:
      policy.verbosity = Verbosity.Debug;
      break;
  }
}
