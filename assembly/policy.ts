// The policy's vocabulary.
// May not know: how an option is written, events, actions.

import { policy } from "state";
import { Target } from "./abi";

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

/** Whose command line the options follow. */
export enum Dialect {
  Own = 0,
  DumbInit = 1,
  Tini = 2,
  Catatonit = 3,
}

/** A plan step that sends the signal that arrived, and one that sends none. */
export const PLAN_SAME: i32 = -1;
export const PLAN_NONE: i32 = 0;
/** How long a drain lasts when no duration is given. */
export const DRAIN_MS: i32 = 5000;
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
