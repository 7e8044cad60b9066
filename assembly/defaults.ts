// The policy that each dialect starts from, before any option.
// May not know: how an option is written, events, actions.

import { policy, setPlanStep } from "state";
import { Target } from "./abi";
import { clearExitMap } from "./exit";
import {
  Choice,
  Dialect,
  Explain,
  GroupTerm,
  PLAN_NONE,
  SpawnMode,
  StopRewrite,
  Suspend,
  Verbosity,
} from "./policy";
import { clearRewrites } from "./rewrite";
import { faults, INT, QUIT, setOf, TERM, TSTP, TTIN, TTOU } from "./signals";

/** Size limit of a recording when none is given, in bytes. */
const DEFAULT_RECORDING_BYTES: i32 = 1 << 20;

const STATUS_INIT_FAILED: i32 = 125;
const STATUS_NOT_EXECUTABLE: i32 = 126;
const STATUS_NOT_FOUND: i32 = 127;

/** Sets the policy to what a dialect stands for, before any option. */
export function startPolicy(dialect: i32): void {
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
  policy.recordLimit = DEFAULT_RECORDING_BYTES;
  policy.drainSteps = 0;
  policy.planSteps = 0;
  policy.stopOn = setOf(TERM) | setOf(INT) | setOf(QUIT);
  policy.neverForwarded = 0;
  policy.rewritten = 0;
  setPlanStep(0, PLAN_NONE, -1);
  if (dialect == Dialect.DumbInit) likeDumbInit();
  else if (dialect == Dialect.Tini) likeTini();
  else if (dialect == Dialect.Catatonit) likeCatatonit();
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
