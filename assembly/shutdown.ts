// The stop plan and the drain: which processes are told to end, when, and how long the init waits.
// May not know: options, wait statuses, memory layout.

import { act } from "mailbox";
import { planSignal, planWait, policy, state } from "state";
import { Text } from "texts";
import { ActionKind, Phase, Target } from "./abi";
import { clearDeadline, finish, forward, isOwnDoing, setDeadline } from "./effects";
import { mapExit } from "./exit";
import { inform, warn } from "./log";
import { PLAN_NONE, PLAN_SAME } from "./policy";
import { rewritten } from "./rewrite";

import { CONT, CHLD, KILL, TERM } from "./signals";

/** How long the init waits after the last KILL, in milliseconds: KILL can be refused, or wait. */
export const LAST_WAIT_MS: i32 = 1000;
/** How often descendants are listed again after KILL, in milliseconds and in times. */
const KILL_ROUND_MS: i32 = 20;
const KILL_ROUNDS_MAX: i32 = 50;
const STATUS_KILLED: i32 = 128 + KILL;

/** The first stop signal came, and is rewritten to this one: the plan's first step stands for it. */
export function startPlan(signal: i32, to: i32, pid: i32): void {
  state.phase = Phase.Stopping;
  state.planStep = 0;
  state.stopSignal = to;
  inform(Text.planStarted, signal, pid);
  runStep();
}

function runStep(): void {
  const step = state.planStep;
  let signal = planSignal(step);
  if (signal == PLAN_SAME) signal = state.stopSignal;
  if (signal == PLAN_NONE) {
    inform(Text.planWait);
  } else {
    inform(Text.planStep, signal, state.command);
    act(ActionKind.SendSignal, policy.target, state.command, signal);
    // A stopped command could never act on the signal.
    if (signal != KILL && signal != CONT) {
      act(ActionKind.SendSignal, policy.target, state.command, CONT);
      state.stopForwarded = false;
    }
  }
  if (signal == KILL && step + 1 == policy.planSteps) {
    state.killed = true;
    setDeadline(LAST_WAIT_MS);
  } else if (planWait(step) >= 0) {
    setDeadline(planWait(step));
  } else {
    clearDeadline();
  }
}

/** DeadlineReached while stopping. */
export function nextStep(): void {
  state.deadline = 0;
  if (state.killed) {
    warn(Text.outlived);
    finish(mapExit(STATUS_KILLED));
    return;
  }
  if (state.planStep + 1 >= policy.planSteps) return;
  state.planStep++;
  runStep();
}

/** The command has ended: all remaining processes are told to. */
export function startDrain(): void {
  state.phase = Phase.Draining;
  inform(Text.draining);
  tellEveryone();
  setDeadline(policy.drain);
}

/** TERM, or KILL in the end, to everyone: as PID 1 in one call, otherwise descendant by descendant. */
function tellEveryone(): void {
  if (state.pid != 1) {
    act(ActionKind.ListDescendants);
    return;
  }
  act(ActionKind.SendSignal, Target.Everyone, 0, state.killed ? KILL : TERM);
  if (!state.killed) act(ActionKind.SendSignal, Target.Everyone, 0, CONT);
}

/** ProcessFound: one of the descendants that were asked for. */
export function tellProcess(pid: i32): void {
  act(ActionKind.SendSignal, Target.Process, pid, state.killed ? KILL : TERM);
  if (!state.killed) act(ActionKind.SendSignal, Target.Process, pid, CONT);
}

/**
 * DeadlineReached while draining. A process that forks while descendants are listed can slip
 * through, so that the list is made again until none is left or the last second is over.
 */
export function drainDeadline(): void {
  state.deadline = 0;
  if (!state.killed) {
    inform(Text.drainKill);
    state.killed = true;
    state.killRounds = 0;
  }
  if (state.killRounds == KILL_ROUNDS_MAX) {
    warn(Text.outlived);
    finish(state.status);
    return;
  }
  state.killRounds++;
  tellEveryone();
  setDeadline(KILL_ROUND_MS);
}

/** NoChildrenLeft while draining: no process is left. */
export function drained(): void {
  finish(state.status);
}

/** SignalReceived while draining: to the group, or nowhere when the command alone was signalled. */
export function drainSignal(number: i32, code: i32, pid: i32, low: i32, high: i32): void {
  if (number == CHLD || isOwnDoing(code, pid)) return;
  if (policy.target == Target.Group && state.command != 0) {
    forward(number, rewritten(number, code), code, low, high);
  } else {
    warn(Text.droppedDraining, number);
  }
}
