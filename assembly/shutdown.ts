// The stop plan and the drain: which processes are told to end, when, and how long the init waits.
// May not know: options, wait statuses, memory layout.

import { act, stampedNow } from "mailbox";
import { PLAN_CAPACITY, planSignal, planWait, policy, state } from "state";
import { Text } from "texts";
import { ActionKind, Phase, Target } from "./abi";
import { finish, forward, isOwnDoing } from "./effects";
import { mapExit } from "./exit";
import { inform, warn } from "./log";
import { PLAN_NONE, PLAN_SAME } from "./policy";
import { rewritten } from "./rewrite";
import { CONT, CHLD, holds, KILL, setOf, TERM } from "./signals";
import { clearTimer, setTimer, Timer } from "./timers";

/** How long the init waits after the last KILL, in milliseconds: KILL can be refused, or wait. */
export const LAST_WAIT_MS: i32 = 1000;
/** How often descendants are listed again after KILL, in milliseconds and in times. */
const KILL_ROUND_MS: i32 = 20;
const KILL_ROUNDS_MAX: i32 = 50;
/** How often PID 1 looks whether processes that are not its children are left. */
const LOOK_MS: i32 = 100;
/** As many KILLs are counted: one that fails does so before the next is sent. */
const KILLS_COUNTED_MAX: i32 = 2;
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
    state.killsSent = signal == KILL ? 1 : 0;
    act(ActionKind.SendSignal, policy.target, state.command, signal);
    groupIsTold(signal);
    // A stopped command could never act on the signal.
    if (signal != KILL && signal != CONT) {
      act(ActionKind.SendSignal, policy.target, state.command, CONT);
    }
    if (signal != KILL) state.stopForwarded = false;
  }
  if (signal == KILL && step + 1 == policy.planSteps) {
    state.killed = true;
    setTimer(Timer.Step, LAST_WAIT_MS);
  } else if (planWait(step) >= 0) {
    setTimer(Timer.Step, planWait(step));
  } else {
    clearTimer(Timer.Step);
  }
}

/** The running step of the stop plan has had its time. */
export function nextStep(): void {
  if (state.killed) {
    warnOutlived();
    finish(mapExit(STATUS_KILLED));
    return;
  }
  if (state.planStep + 1 >= policy.planSteps) return;
  state.planStep++;
  runStep();
}

/** The last second is over: a process has outlived KILL, or KILL could not be sent. */
function warnOutlived(): void {
  warn(state.killsSent != 0 ? Text.outlived : Text.unkilled);
}

/** The command's group was sent a signal that is to end it: a drain does not tell it again. */
export function groupIsTold(signal: i32): void {
  if (policy.target != Target.Group) return;
  const now = stampedNow();
  if (state.groupTold == 0) state.firstTold_ms = now;
  state.groupTold |= setOf(signal);
  state.lastTold = signal;
  state.lastTold_ms = now;
}

/**
 * Whether a process of the command's group was told to end: it was there when the group was sent a
 * signal that it does not ignore.
 */
function wasTold(age_ms: i32, ignored: u64): bool {
  const start = stampedNow() - <f64>age_ms;
  if (start < state.firstTold_ms) return (state.groupTold & ~ignored) != 0;
  return start < state.lastTold_ms && !holds(ignored, state.lastTold);
}

/** From here on every signal is meant to follow those that the group was sent. */
function forgetTold(): void {
  state.groupTold = 0;
  state.lastTold = 0;
  state.firstTold_ms = 0;
  state.lastTold_ms = 0;
}

/** The command has ended: the drain's plan is for everyone who is left. */
export function startDrain(): void {
  state.phase = Phase.Draining;
  state.planStep = 0;
  runDrainStep();
}

function runDrainStep(): void {
  const step = PLAN_CAPACITY + state.planStep;
  const signal = drainSignalOf(step);
  // The first signal passes over those who were told before, but KILL over nobody.
  if (state.drainTold || signal == KILL) forgetTold();
  if (signal == KILL && state.planStep + 1 == policy.drainSteps) {
    inform(Text.draining, KILL);
    state.killRounds = 0;
    killRound();
    return;
  }
  if (signal == PLAN_NONE) {
    inform(Text.drainWait);
  } else {
    inform(Text.draining, signal);
    state.drainTold = true;
    tellEveryone(signal);
  }
  if (planWait(step) >= 0) setTimer(Timer.Step, planWait(step));
}

/** `=` is the signal that started the stop, TERM if there was none. */
function drainSignalOf(step: i32): i32 {
  const signal = planSignal(step);
  if (signal != PLAN_SAME) return signal;
  return state.stopSignal != 0 ? state.stopSignal : TERM;
}

/** The running step of the drain has had its time; after the last one the init ends. */
export function nextDrainStep(): void {
  if (state.planStep + 1 >= policy.drainSteps) {
    finish(state.status);
    return;
  }
  state.planStep++;
  runDrainStep();
}

/**
 * Tells everyone who is left: as PID 1 in one call, unless somebody is to be passed over; otherwise
 * process by process.
 */
function tellEveryone(signal: i32): void {
  const passesOver = state.groupTold != 0;
  if (state.pid != 1 || passesOver) {
    act(ActionKind.ListDescendants, passesOver ? 1 : 0);
    return;
  }
  if (signal == KILL) state.killsSent = 1;
  act(ActionKind.SendSignal, Target.Everyone, 0, signal);
  if (signal != KILL && signal != CONT) act(ActionKind.SendSignal, Target.Everyone, 0, CONT);
}

/** ProcessFound: one of the processes that were asked for. */
export function tellProcess(pid: i32, group: i32, age_ms: i32, ignored: u64): void {
  if (state.looking) {
    state.othersLeft = true;
    return;
  }
  if (group == state.command && wasTold(age_ms, ignored)) return;
  const signal = drainSignalOf(PLAN_CAPACITY + state.planStep);
  if (signal == KILL && state.killsSent < KILLS_COUNTED_MAX) state.killsSent++;
  act(ActionKind.SendSignal, Target.Process, pid, signal);
  if (signal != KILL && signal != CONT) act(ActionKind.SendSignal, Target.Process, pid, CONT);
}

/**
 * Sends KILL to everyone who is left. A process that forks while descendants are listed can slip
 * through, so that the list is made again until none is left or the last second is over.
 */
export function killRound(): void {
  if (state.killRounds == KILL_ROUNDS_MAX) {
    warnOutlived();
    finish(state.status);
    return;
  }
  state.killRounds++;
  state.killsSent = 0;
  tellEveryone(KILL);
  setTimer(Timer.KillRound, KILL_ROUND_MS);
}

/**
 * NoChildrenLeft while draining. Those who came into PID 1's namespace from outside, as by `docker
 * exec`, are not its children, and yet are killed when it ends (pid_namespaces(7)).
 */
export function drained(): void {
  if (state.pid != 1) {
    finish(state.status);
    return;
  }
  look();
}

/** Lists the processes of the namespace, to see whether any is left. */
export function look(): void {
  state.looking = true;
  state.othersLeft = false;
  act(ActionKind.ListDescendants);
}

/** ProcessesListed. */
export function processesListed(): void {
  if (!state.looking) return;
  state.looking = false;
  // Nobody tells of their end: they are other people's children.
  if (state.othersLeft) setTimer(Timer.Look, LOOK_MS);
  else finish(state.status);
}

/** ActionFailed, of ListDescendants: returns whether nothing is lost by it. */
export function listingFailed(): bool {
  if (state.looking) {
    // kill(2) tells, too: it fails if nobody is left, but counts zombies.
    state.looking = false;
    act(ActionKind.SendSignal, Target.Everyone, 0, 0);
    setTimer(Timer.Look, LOOK_MS);
    return true;
  }
  if (state.pid != 1) return false;
  // Without a list PID 1 can't pass over anybody: better told twice than not at all.
  forgetTold();
  tellEveryone(drainSignalOf(PLAN_CAPACITY + state.planStep));
  return true;
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
