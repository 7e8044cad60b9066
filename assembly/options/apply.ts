// What each option does to the policy, and what its value must look like.
// May not know: how an option was written, phases, syscalls.

import { act, argumentAddress, byteAt, quote } from "mailbox";
import { policy, PLAN_CAPACITY, setMappedStatus, setPlanStep, state } from "state";
import { Option } from "tables";
import { Text } from "texts";
import { ActionKind, SIGNAL_MAX, Target } from "../abi";
import { SIGNAL_BASE } from "../exit";
import { fatal, print, quoteOtherText, STDERR, STDOUT } from "../log";
import {
  Choice,
  Dialect,
  DRAIN_MS,
  Explain,
  groupInSession,
  PLAN_NONE,
  PLAN_SAME,
  singleChildInGroup,
  singleChildInPlace,
  Verbosity,
} from "../policy";
import { addRewrite } from "../rewrite";
import { KILL, NOT_A_SIGNAL, parseSignal, setOf, STOP, TERM } from "../signals";
import { indexOf, matches, parseDuration, parseNumber, parseSize } from "../bytes";
import { Parsed } from "./parsed";
import { split, SPLIT_CAPACITY, SPLIT_TOO_MANY } from "./split";

const COLON: i32 = 0x3a;
const COMMA: i32 = 0x2c;
const EQUALS: i32 = 0x3d;
const DASH: i32 = 0x2d;
const STATUS_MAX: i32 = 255;
/** dumb-init's own rewrites reach up to here. */
const CLASSIC_SIGNAL_MAX: i32 = 31;
/** Least size of a recording in bytes: a header and a few events fit. */
const RECORDING_BYTES_MIN: i32 = 16384;

/** Applies one option; length is -1 when it has no value. */
export function applyOption(option: i32, address: i32, length: i32): Parsed {
  quote(address, length < 0 ? 0 : length);
  switch (option) {
    case Option.SingleChild:
      singleChildInGroup();
      return Parsed.More;
    case Option.SingleChildInPlace:
      singleChildInPlace();
      return Parsed.More;
    case Option.Group:
      groupInSession();
      return Parsed.More;
    case Option.TargetGroup:
      policy.target = Target.Group;
      return Parsed.More;
    case Option.Rewrite:
      return rewriteOption(address, length);
    case Option.ParentDeath:
      return parentDeathOption(address, length);
    case Option.Stop:
      return planOption(address, length);
    case Option.StopOn:
      return stopOnOption(address, length);
    case Option.Drain:
      return drainOption(address, length);
    case Option.ExitMap:
      return exitMapOption(address, length);
    case Option.ExitZero:
      return exitZeroOption(address, length);
    case Option.Explain:
      return explainOption(address, length);
    case Option.Subreaper:
      return choiceOption(option, address, length);
    case Option.Sandbox:
      return choiceOption(option, address, length);
    case Option.SubreaperOn:
      policy.subreaper = Choice.On;
      return Parsed.More;
    case Option.Pause:
      policy.pause = true;
      return Parsed.More;
    case Option.Split:
      return splitOption(address, length);
    case Option.As:
      return wrong(Text.lateAs);
    case Option.Record:
      return recordOption(address, length);
    case Option.RecordLimit:
      policy.recordLimit = parseSize(address, length);
      return policy.recordLimit < RECORDING_BYTES_MIN ? wrong(Text.badSize) : Parsed.More;
    case Option.RecordArguments:
      policy.recordArguments = true;
      return Parsed.More;
    case Option.Verbose:
    case Option.MoreVerbose:
      if (policy.verbosity < Verbosity.Debug) policy.verbosity++;
      return Parsed.More;
    case Option.Quiet:
      policy.verbosity = Verbosity.Fatal;
      return Parsed.More;
    case Option.Log:
      policy.json = matches(address, length, Text.json);
      return policy.json || matches(address, length, Text.text) ? Parsed.More : wrong(Text.badLog);
    case Option.WarnOnReap:
      policy.warnOnReap = true;
      return Parsed.More;
    case Option.License:
      return answer(Text.license);
    case Option.Help:
      return answer(Text.helpOwn + (state.dialect << 1));
    default:
      return answer(Text.versionOwn + (state.dialect << 1));
  }
}

function wrong(text: i32, number: i32 = 0): Parsed {
  fatal(text, number);
  return Parsed.Failed;
}

/** dumb-init prints all of these to stderr, catatonit its help, and the others none. */
function answer(text: i32): Parsed {
  const dialect = state.dialect;
  const isHelp = text == Text.helpOwn + (Dialect.Catatonit << 1);
  print(dialect == Dialect.DumbInit || isHelp ? STDERR : STDOUT, text);
  return Parsed.Answered;
}

function isUncatchable(signal: i32): bool {
  return signal == KILL || signal == STOP;
}

function rewriteOption(address: i32, length: i32): Parsed {
  const colon = indexOf(address, length, COLON);
  if (colon <= 0 || colon + 1 == length) return wrong(Text.badRewrite);
  const from = parseSignal(address, colon);
  const to = parseSignal(address + colon + 1, length - colon - 1);
  if (from <= 0) {
    quote(address, colon);
    return wrong(Text.badSignal);
  }
  if (to == NOT_A_SIGNAL) {
    quote(address + colon + 1, length - colon - 1);
    return wrong(Text.badSignal);
  }
  if (state.dialect == Dialect.DumbInit && state.foreignWords == 0) {
    if (from > CLASSIC_SIGNAL_MAX || to > CLASSIC_SIGNAL_MAX) return wrong(Text.badRewriteNumbers);
  } else if (isUncatchable(from)) {
    return wrong(Text.uncatchable);
  }
  addRewrite(from, to);
  return Parsed.More;
}

function parentDeathOption(address: i32, length: i32): Parsed {
  const signal = parseSignal(address, length);
  if (signal <= 0) return wrong(Text.badSignal);
  policy.parentDeath = signal;
  return Parsed.More;
}

/** `TERM:10s,INT:5s,KILL`: each step but the last has a duration. */
function planOption(address: i32, length: i32): Parsed {
  const parsed = readPlan(0, address, length);
  if (parsed == Parsed.More) policy.planSteps = countSteps(address, length);
  return parsed;
}

/** Reads a plan into the steps from `first` on. */
function readPlan(first: i32, address: i32, length: i32): Parsed {
  let at = address;
  const end = address + length;
  if (length == 0) return wrong(Text.badPlan);
  for (let step = 0; at <= end; step++) {
    if (step == PLAN_CAPACITY) {
      quote(address, length);
      return wrong(Text.tooManySteps, PLAN_CAPACITY);
    }
    const comma = indexOf(at, end - at, COMMA);
    const stepEnd = comma < 0 ? end : at + comma;
    const parsed = planStepOption(first + step, at, stepEnd - at, comma < 0);
    if (parsed != Parsed.More) return parsed;
    at = stepEnd + 1;
  }
  return Parsed.More;
}

function countSteps(address: i32, length: i32): i32 {
  let steps = 1;
  for (let i = 0; i < length; i++) if (byteAt(address + i) == COMMA) steps++;
  return steps;
}

function planStepOption(step: i32, address: i32, length: i32, last: bool): Parsed {
  quote(address, length);
  const colon = indexOf(address, length, COLON);
  const nameLength = colon < 0 ? length : colon;
  let signal = PLAN_SAME;
  if (nameLength == 0) return wrong(Text.badPlanStep);
  if (nameLength != 1 || byteAt(address) != EQUALS) {
    signal = parseSignal(address, nameLength);
    if (signal == NOT_A_SIGNAL) {
      quote(address, nameLength);
      return wrong(Text.badSignal);
    }
  }
  let wait = -1;
  if (colon >= 0) {
    wait = parseDuration(address + colon + 1, length - colon - 1);
    if (wait < 0) {
      quote(address + colon + 1, length - colon - 1);
      return wrong(Text.badDuration);
    }
  } else if (!last) {
    return wrong(Text.stepWithoutDuration);
  }
  setPlanStep(step, signal == 0 ? PLAN_NONE : signal, wait);
  return Parsed.More;
}

function stopOnOption(address: i32, length: i32): Parsed {
  let set: u64 = 0;
  let at = address;
  const end = address + length;
  if (length == 0) return wrong(Text.badSignals);
  while (at <= end) {
    const comma = indexOf(at, end - at, COMMA);
    const nameEnd = comma < 0 ? end : at + comma;
    const signal = parseSignal(at, nameEnd - at);
    quote(at, nameEnd - at);
    if (signal <= 0) return wrong(Text.badSignal);
    if (isUncatchable(signal)) return wrong(Text.uncatchable);
    set |= setOf(signal);
    at = nameEnd + 1;
  }
  policy.stopOn = set;
  return Parsed.More;
}

/** A duration stands for `TERM:DURATION,KILL`; all else is a plan. */
function drainOption(address: i32, length: i32): Parsed {
  const wait_ms = length < 0 ? DRAIN_MS : parseDuration(address, length);
  if (wait_ms >= 0) {
    setPlanStep(PLAN_CAPACITY, TERM, wait_ms);
    setPlanStep(PLAN_CAPACITY + 1, KILL, -1);
    policy.drainSteps = 2;
    return Parsed.More;
  }
  const isPlan =
    indexOf(address, length, COLON) >= 0 ||
    indexOf(address, length, COMMA) >= 0 ||
    (length == 1 && byteAt(address) == EQUALS) ||
    parseSignal(address, length) != NOT_A_SIGNAL;
  if (!isPlan) return wrong(Text.badDrain);
  const parsed = readPlan(PLAN_CAPACITY, address, length);
  if (parsed == Parsed.More) policy.drainSteps = countSteps(address, length);
  return parsed;
}

/** `FROM:TO`; FROM is a status, a range `1-5`, or a signal by name. */
function exitMapOption(address: i32, length: i32): Parsed {
  const colon = indexOf(address, length, COLON);
  if (colon < 0) return wrong(Text.badExitMap);
  const to = parseNumber(address + colon + 1, length - colon - 1, STATUS_MAX);
  let first = parseNumber(address, colon, STATUS_MAX);
  let last = first;
  if (first < 0) {
    const dash = indexOf(address, colon, DASH);
    first = parseNumber(address, dash < 0 ? 0 : dash, STATUS_MAX);
    if (first >= 0) {
      last = parseNumber(address + dash + 1, colon - dash - 1, STATUS_MAX);
    } else if (colon > 0 && byteAt(address) > 0x39) {
      const signal = parseSignal(address, colon);
      first = signal <= 0 || signal > SIGNAL_MAX ? -1 : SIGNAL_BASE + signal;
      last = first;
    }
  }
  if (to < 0 || first < 0 || last < first) return wrong(Text.badExitMap);
  for (let status = first; status <= last; status++) setMappedStatus(status, to);
  return Parsed.More;
}

function exitZeroOption(address: i32, length: i32): Parsed {
  const status = parseNumber(address, length, STATUS_MAX);
  if (status < 0) return wrong(Text.badStatus);
  setMappedStatus(status, 0);
  return Parsed.More;
}

function explainOption(address: i32, length: i32): Parsed {
  policy.explain = length < 0 ? Explain.Text : Explain.Json;
  return length < 0 || matches(address, length, Text.json) ? Parsed.More : wrong(Text.badExplain);
}

/** `auto`, `on` or `off`; `on` where no value is given. */
function choiceOption(option: i32, address: i32, length: i32): Parsed {
  let choice = Choice.On;
  if (length >= 0) {
    if (matches(address, length, Text.auto)) choice = Choice.Auto;
    else if (matches(address, length, Text.off)) choice = Choice.Off;
    else if (!matches(address, length, Text.on)) {
      quoteOtherText(option == Option.Subreaper ? Text.subreaperOption : Text.sandboxOption);
      return wrong(Text.badChoice);
    }
  }
  if (option == Option.Subreaper) policy.subreaper = choice;
  else policy.sandbox = choice;
  return Parsed.More;
}

function recordOption(address: i32, length: i32): Parsed {
  if (length == 0) return wrong(Text.emptyRecord);
  keepRecord(address);
  return Parsed.More;
}

/** Has the host keep the path that stands at an address of the argument buffer. */
export function keepRecord(address: i32): void {
  policy.record = true;
  act(ActionKind.KeepRecordPath, address - argumentAddress());
}

/** Splits a string; its words are read next. Returns how many, or -1 when it was wrong. */
export function splitWords(address: i32, length: i32): i32 {
  quote(address, length);
  const count = split(address, length);
  if (count == SPLIT_TOO_MANY) fatal(Text.tooManyWords, SPLIT_CAPACITY);
  else if (count < 0) fatal(Text.badQuote);
  else act(ActionKind.InsertWords, count, address - argumentAddress(), length);
  return count < 0 ? -1 : count;
}

function splitOption(address: i32, length: i32): Parsed {
  // Not in a variable, and left whole there: the message about it quotes what was written.
  if (state.foreignWords != 0) return Parsed.Split;
  return splitWords(address, length) < 0 ? Parsed.Failed : Parsed.Split;
}
