// From argv[0] to the spawn: reads name, variables and words, then prepares what the policy needs.
// May not know: what an option does, what follows once the command runs.

import { act, argumentAddress, byteAt, quote, quoteOther } from "mailbox";
import { policy, state } from "state";
import { Text, textAddress, textLength } from "texts";
import {
  ActionKind,
  COMMAND_CAPACITY,
  BootFlag,
  Phase,
  Record,
  SpawnFailure,
  SpawnHow,
  Variable,
  ARGUMENT_CAPACITY,
} from "./abi";
import { EEXIST, ELOOP, ENOENT, ENOTDIR } from "./linux";
import { explain } from "./explain";
import { fatal, fatalMachine, inform, warn } from "./log";
import { keepRecord, splitWords } from "./options/apply";
import {
  applyVariable,
  dialectOf,
  NO_DIALECT,
  readOptionsVariable,
  readVariables,
} from "./dialect";
import { Parsed } from "./options/parsed";
import { parseEnd, parseWord } from "./options/parser";
import { startPolicy } from "./defaults";
import { Choice, Dialect, Explain, SpawnMode } from "./policy";
import { restoreForeground } from "./effects";
import { startRunning } from "./running";
import { KILL, setOf } from "./signals";
import { parseNumber } from "./bytes";

/** What is awaited while booting. */
enum BootStage {
  /** `--as`, which can only be the first word. */
  AsOption = 0,
  /** The name after `--as`. */
  AsName = 1,
  Options = 2,
  /** The command, after `--`. */
  Command = 3,
  /** All words are read; the trace file is to be opened. */
  Preparing = 4,
  /** It is open, or not wanted; preparations run. */
  Prepared = 5,
}

const STATUS_INIT_FAILED: i32 = 125;
/** `--as`, its first byte lowest, and `=`. */
const AS: i32 = 0x73612d2d;
const EQUALS: i32 = 0x3d;
const PID_MOST: i32 = 0x7fffffff;

/** Ends without a command. */
function end(status: i32): void {
  state.phase = Phase.Finished;
  act(ActionKind.Exit, status);
}

/** Booted: what the host found. */
export function boot(bootFlags: i32, pid: i32, uid: i32, words: i32): void {
  state.bootFlags = bootFlags;
  state.pid = pid;
  state.uid = uid;
  state.words = words;
}

/** Named: argv[0] selects the dialect, unless `--as` follows. `low` and `high` begin the first word. */
export function name(length: i32, low: i32, high: i32): void {
  const dialect = dialectOf(argumentAddress(), length);
  speak(dialect == NO_DIALECT ? Dialect.Own : dialect);
  const next = high & 0xff;
  if (low == AS && (next == 0 || next == EQUALS)) act(ActionKind.ReadWord);
  else startOptions();
}

function speak(dialect: i32): void {
  state.dialect = dialect;
  startPolicy(dialect);
}

/** WordRead. */
export function word(length: i32): void {
  const address = argumentAddress();
  switch (state.stage) {
    case BootStage.AsOption:
      asOption(address, length);
      break;
    case BootStage.AsName:
      speakAs(address, length);
      break;
    case BootStage.Command:
      policy.dropSeparator = false;
      command(address, length);
      break;
    default:
      optionWord(address, length);
  }
}

/** The first word is `--as`, or `--as=NAME`. */
function asOption(address: i32, length: i32): void {
  const as = textLength(Text.asOption);
  state.words--;
  if (length > as) {
    speakAs(address + as + 1, length - as - 1);
    return;
  }
  state.words--;
  state.stage = BootStage.AsName;
  act(ActionKind.ReadWord);
}

function speakAs(address: i32, length: i32): void {
  const dialect = dialectOf(address, length);
  if (dialect == NO_DIALECT) {
    quote(address, length);
    fatal(Text.badName);
    end(STATUS_INIT_FAILED);
    return;
  }
  speak(dialect);
  startOptions();
}

function startOptions(): void {
  state.stage = BootStage.Options;
  readVariables();
}

/**
 * VariableRead: length is -1 when the variable is not set. The last two are asked for one after
 * the other, and the next word after them: what is kept or inserted are the bytes last read.
 */
export function variable(which: i32, length: i32): void {
  const address = argumentAddress();
  if (which == Variable.Record) {
    if (length >= 0) hide(Text.recordVariable);
    if (length > 0) keepRecord(address);
    readOptionsVariable();
  } else if (which == Variable.Options) {
    if (length >= 0) {
      hide(Text.optionsVariable);
      foreignOptions(address, length);
    }
    if (state.phase == Phase.Booting) act(ActionKind.ReadWord);
  } else if (length >= 0) {
    const isOurs = parseNumber(address, length, PID_MOST) == state.pid;
    if (which == Variable.WatchdogPid) {
      state.watchdogPid = isOurs;
    } else if (which == Variable.ListenPid) {
      state.listenPid = isOurs;
      // It names the same process, by a number that the command's can't be told by beforehand.
      // Without it the pid alone counts (sd_listen_fds(3)).
      if (isOurs) hide(Text.listenPidfdid);
    } else {
      applyVariable(which, length);
    }
  }
}

/** A nested init must not obey what was meant for this one. */
function hide(text: i32): void {
  act(ActionKind.HideVariable, 0, textAddress(text), textLength(text));
}

/** Options from the environment, in our own syntax whatever command line is spoken. */
function foreignOptions(address: i32, length: i32): void {
  // Not 0, so that a message says where the options came from.
  state.foreignWords = 1;
  if (length > ARGUMENT_CAPACITY) {
    quote(address, ARGUMENT_CAPACITY);
    fatal(Text.wordTooLong, ARGUMENT_CAPACITY);
    end(STATUS_INIT_FAILED);
    return;
  }
  const count = splitWords(address, length);
  if (count < 0) end(STATUS_INIT_FAILED);
  else state.foreignWords = count;
}

/** A word among the options. */
function optionWord(address: i32, length: i32): void {
  const foreign = state.foreignWords != 0;
  const parsed = parseWord(address, length);
  if (foreign) {
    if (parsed == Parsed.Command || parsed == Parsed.CommandNext || parsed == Parsed.Split) {
      quote(address, length);
      fatal(Text.notAnOption);
      end(policy.usageStatus);
      return;
    }
    state.foreignWords--;
    if (state.foreignWords == 0 && state.pendingOption != 0) {
      state.foreignWords = 1;
      parseEnd();
      end(policy.usageStatus);
      return;
    }
  }
  handle(parsed, address, length);
}

function handle(parsed: Parsed, address: i32, length: i32): void {
  switch (parsed) {
    case Parsed.CommandNext:
      state.stage = BootStage.Command;
      act(ActionKind.ReadWord);
      break;
    case Parsed.Command:
      command(address, length);
      break;
    case Parsed.Failed:
      end(policy.usageStatus);
      break;
    case Parsed.Answered:
      end(0);
      break;
    default:
      act(ActionKind.ReadWord);
  }
}

/** WordsEnded. */
export function wordsEnded(): void {
  if (state.stage == BootStage.AsName) {
    fatal(Text.missingName);
    end(STATUS_INIT_FAILED);
    return;
  }
  if (parseEnd() == Parsed.Failed) {
    end(policy.usageStatus);
    return;
  }
  if (policy.explain != Explain.No) {
    explainAndEnd();
  } else if (policy.pause) {
    prepare();
  } else {
    fatal(Text.noCommand);
    end(policy.usageStatus);
  }
}

function explainAndEnd(): void {
  explain();
  end(0);
}

/** The command word: all options are known. */
function command(address: i32, length: i32): void {
  if (policy.pause && state.dialect == Dialect.Own) {
    quote(address, length);
    fatal(Text.pauseWithCommand);
    end(policy.usageStatus);
  } else if (policy.explain != Explain.No) {
    explainAndEnd();
  } else {
    prepare();
  }
}

/** The preparations, in order; those whose outcome matters are answered by an event. */
function prepare(): void {
  state.stage = BootStage.Preparing;
  if (policy.record) {
    act(ActionKind.OpenRecord, policy.recordLimit, policy.recordArguments ? Record.Arguments : 0);
  } else {
    recordOpened();
  }
}

/** RecordOpened, or nothing to record. */
export function recordOpened(): void {
  state.stage = BootStage.Prepared;
  if (policy.sandbox == Choice.On) act(ActionKind.ProbeSandbox);
  else sandboxProbed();
}

/** SandboxProbed, or no need to know. */
export function sandboxProbed(): void {
  // The orphans of a program that shares its process with us are not ours to ask for.
  if (has(BootFlag.Guest) && policy.subreaper == Choice.Auto) policy.subreaper = Choice.Off;
  if (policy.parentDeath != 0) act(ActionKind.SetParentDeathSignal, policy.parentDeath);
  const becomes =
    policy.subreaper == Choice.On || (policy.subreaper == Choice.Auto && state.pid != 1);
  if (becomes) act(ActionKind.BecomeSubreaper, 1);
  else if (policy.warnNotReaper && state.pid != 1) warn(Text.notReaper);
  if (policy.pause) {
    startRunning();
  } else if (handsTerminalOver()) {
    act(ActionKind.ReleaseTerminal);
  } else {
    spawn(false);
  }
}

function has(flag: i32): bool {
  return (state.bootFlags & flag) != 0;
}

/** Whether the command, leading a session of its own, takes the terminal that we lead now. */
function handsTerminalOver(): bool {
  return (
    policy.spawnMode == SpawnMode.Session && has(BootFlag.Terminal) && has(BootFlag.SessionLeader)
  );
}

/** TerminalReleased. */
export function terminalReleased(): void {
  spawn(true);
}

/**
 * Starts the command. Without leading the session of the terminal, a new session would take the
 * command away from it: there it gets a process group of its own instead, as a shell's job has.
 */
function spawn(released: bool): void {
  if (has(BootFlag.TerminalRefused)) inform(Text.terminalRefused);
  let how = 0;
  let mode = policy.spawnMode;
  if (mode == SpawnMode.Session && has(BootFlag.Terminal) && !has(BootFlag.SessionLeader)) {
    if (state.dialect != Dialect.DumbInit) mode = SpawnMode.Group;
  }
  if (mode == SpawnMode.Session) {
    state.ownSession = true;
    how = SpawnHow.NewSession;
    if (released) how |= SpawnHow.TakeTerminal;
  } else if (mode == SpawnMode.Group) {
    how = SpawnHow.NewGroup;
    state.sharesTerminal = has(BootFlag.Terminal);
    if (has(BootFlag.Terminal) && has(BootFlag.Foreground)) {
      how |= SpawnHow.TakeForeground;
      state.foregroundGiven = true;
      state.wantsForeground = true;
    }
  }
  if (policy.defaultSignals) how |= SpawnHow.DefaultSignals;
  if (state.listenPid) how |= SpawnHow.SetListenPid;
  if (state.watchdogPid) how |= SpawnHow.SetWatchdogPid;
  if (policy.dropSeparator) how |= SpawnHow.DropSeparator;
  act(ActionKind.Spawn, how, policy.parentDeath == KILL ? KILL : 0, policy.target);
}

/** SpawnFailed: which status, and one line that says why. `machine` is 0 unless it differs from ours. */
export function spawnFailed(errno: i32, failure: i32, machine: i32, own: i32): void {
  const address = argumentAddress();
  let length = 0;
  while (length < COMMAND_CAPACITY && byteAt(address + length) != 0) length++;
  quote(address, length);
  let missing = 0;
  while (missing < COMMAND_CAPACITY && byteAt(address + length + 1 + missing) != 0) missing++;
  quoteOther(address + length + 1, missing);
  const notFound = errno == ENOENT || errno == ENOTDIR;
  restoreForeground();
  if (failure == SpawnFailure.Fork) {
    fatal(Text.forkFailed, errno);
    end(policy.usageStatus);
  } else if (notFound) {
    fatal(
      failure == SpawnFailure.Interpreter ? Text.interpreterMissing : Text.commandNotFound,
      errno,
    );
    end(policy.notFoundStatus);
  } else {
    const text =
      failure == SpawnFailure.Interpreter ? Text.interpreterFailed : Text.commandNotExecutable;
    if (machine == 0) fatal(text, errno);
    else
      fatalMachine(
        text == Text.interpreterFailed ? Text.interpreterWrongMachine : Text.wrongMachine,
        errno,
        machine,
        own,
      );
    end(policy.notExecutableStatus);
  }
}

/** A signal before the spawn: HUP and CONT can come while the terminal is released. */
export function hold(signal: i32): void {
  state.held |= setOf(signal);
}

/** A preparation failed. */
export function preparationFailed(kind: i32, errno: i32): void {
  if (kind == ActionKind.OpenRecord && state.stage == BootStage.Prepared) {
    warn(Text.recordStopped, 0, 0, errno);
  } else if (kind == ActionKind.OpenRecord) {
    let length = 0;
    while (length < ARGUMENT_CAPACITY && byteAt(argumentAddress() + length) != 0) length++;
    quote(argumentAddress(), length);
    let text = Text.recordFailed;
    if (errno == EEXIST) text = Text.recordToOther;
    else if (errno == ELOOP) text = Text.recordToLink;
    fatal(text, errno);
    end(STATUS_INIT_FAILED);
  } else if (kind == ActionKind.ProbeSandbox) {
    fatal(Text.sandboxRefused, errno);
    end(STATUS_INIT_FAILED);
  } else if (kind == ActionKind.ReleaseTerminal) {
    inform(Text.terminalKept, 0, 0, errno);
    spawn(false);
  } else {
    quote(textAddress(Text.firstAction + kind), textLength(Text.firstAction + kind));
    inform(Text.actionFailed, 0, 0, errno);
  }
}
