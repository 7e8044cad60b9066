// The policy record's vocabulary, and the record that each command line starts from.
// May not know: how an option is written, events, actions.

import { policy, setPlanStep } from "state";
import { Target } from "./abi";
import { clearExitMap } from "./exit";
import { clearRewrites } from "./rewrite";
import { faults, INT, QUIT, setOf, TERM, TSTP, TTIN, TTOU } from "./signals";

/** Where the command is started. */
export enum SpawnMode {
  /** It leads a new session. */
  Session = 0,
  /** It leads a process group in the init's session. */
  Group = 1,
  /** It stays in the init's process group and session. */
  Inherit = 2,
}

/** Which terminal stop signals become STOP for a command in a session of its own. */
export enum StopRewrite {
  None = 0,
  /** TSTP, and those TTIN and TTOU that the terminal sent. */
  Terminal = 1,
  All = 2,
}

/** When the init stops itself. */
export enum Suspend {
  Never = 0,
  /** After the command stopped, unless it is PID 1. */
  WithCommand = 1,
  /** After each TSTP, TTIN and TTOU that arrived. */
  OnSignal = 2,
  /** After the command stopped, where both share a terminal with a shell. */
  AtTerminal = 3,
}

/** What the rest of the command's group gets when the command ended. */
export enum GroupTerm {
  None = 0,
  Plain = 1,
  /** TERM as the rewrite table has it. */
  Rewritten = 2,
}

/** A choice that can be left to the init. */
export enum Choice {
  Off = 0,
  On = 1,
  Auto = 2,
}

/** How much is said on stderr. */
export enum Verbosity {
  Fatal = 0,
  Warnings = 1,
  Information = 2,
  Debug = 3,
}

/** What --explain prints. */
export enum Explain {
  No = 0,
  Text = 1,
  Json = 2,
}

/** Command lines that are spoken. */
export enum CommandLine {
  Own = 0,
  DumbInit = 1,
  Tini = 2,
  Catatonit = 3,
}

/** A plan step that sends the signal that arrived, and one that sends none. */
export const PLAN_SAME: i32 = -1;
export const PLAN_NONE: i32 = 0;
/** How long a drain lasts when no duration is given, in milliseconds. */
export const DEFAULT_DRAIN: i32 = 5000;
/** Size limit of a recording when none is given, in bytes. */
const DEFAULT_RECORD_LIMIT: i32 = 1 << 20;

const STATUS_INIT_FAILED: i32 = 125;
const STATUS_NOT_EXECUTABLE: i32 = 126;
const STATUS_NOT_FOUND: i32 = 127;

/** Fills the record with what a command line stands for before any option. */
export function startPolicy(line: i32): void {
  clearRewrites();
  clearExitMap();
  policy.spawnMode = SpawnMode.Session;
  policy.target = Target.Group;
  policy.defaultSignals = false;
  policy.stopRewrite = StopRewrite.Terminal;
  policy.suspend = Suspend.WithCommand;
  policy.groupTerm = GroupTerm.Plain;
  policy.subreaper = Choice.Auto;
  policy.sandbox = Choice.Auto;
  policy.verbosity = Verbosity.Warnings;
  policy.json = false;
  policy.usageStatus = STATUS_INIT_FAILED;
  policy.notFoundStatus = STATUS_NOT_FOUND;
  policy.notExecutableStatus = STATUS_NOT_EXECUTABLE;
  policy.leaveDirectory = true;
  policy.closeDescriptors = true;
  policy.listenPid = true;
  policy.warnNotReaper = false;
  policy.warnOnReap = false;
  policy.dropSeparator = false;
  policy.pause = false;
  policy.explain = Explain.No;
  policy.parentDeath = 0;
  policy.record = false;
  policy.recordArguments = false;
  policy.recordLimit = DEFAULT_RECORD_LIMIT;
  policy.drain = -1;
  policy.planSteps = 0;
  policy.stopOn = setOf(TERM) | setOf(INT) | setOf(QUIT);
  policy.neverForwarded = 0;
  policy.rewritten = 0;
  setPlanStep(0, PLAN_NONE, -1);
  if (line == CommandLine.DumbInit) likeDumbInit();
  else if (line == CommandLine.Tini) likeTini();
  else if (line == CommandLine.Catatonit) likeCatatonit();
}

function likeDumbInit(): void {
  policy.usageStatus = 1;
  policy.notFoundStatus = 2;
  policy.notExecutableStatus = 2;
  policy.defaultSignals = true;
  policy.stopRewrite = StopRewrite.All;
  policy.suspend = Suspend.OnSignal;
  policy.groupTerm = GroupTerm.Rewritten;
  policy.subreaper = Choice.Off;
  policy.closeDescriptors = false;
  policy.listenPid = false;
}

function likeTini(): void {
  policy.usageStatus = 1;
  policy.spawnMode = SpawnMode.Group;
  policy.target = Target.Process;
  policy.suspend = Suspend.AtTerminal;
  policy.groupTerm = GroupTerm.None;
  policy.subreaper = Choice.Off;
  policy.leaveDirectory = false;
  policy.closeDescriptors = false;
  policy.listenPid = false;
  policy.warnNotReaper = true;
  policy.dropSeparator = true;
  policy.neverForwarded = faults() | setOf(TTIN) | setOf(TTOU);
}

function likeCatatonit(): void {
  policy.usageStatus = 1;
  policy.notFoundStatus = 1;
  policy.notExecutableStatus = 1;
  policy.spawnMode = SpawnMode.Group;
  policy.target = Target.Process;
  policy.suspend = Suspend.AtTerminal;
  policy.dropSeparator = true;
  policy.groupTerm = GroupTerm.None;
  policy.leaveDirectory = false;
  policy.neverForwarded = faults() | setOf(TSTP) | setOf(TTIN) | setOf(TTOU);
}

/** dumb-init's --single-child: the command stays where the init is, and alone is signalled. */
export function singleChildInPlace(): void {
  policy.spawnMode = SpawnMode.Inherit;
  policy.target = Target.Process;
  policy.groupTerm = GroupTerm.None;
}

/** Our own --single-child: a process group of its own, signals to the command alone. */
export function singleChildInGroup(): void {
  policy.spawnMode = SpawnMode.Group;
  policy.target = Target.Process;
  policy.groupTerm = GroupTerm.None;
}

/** A process group of its own, in the init's session, as the target. */
export function groupInSession(): void {
  policy.spawnMode = SpawnMode.Group;
  policy.target = Target.Group;
}
