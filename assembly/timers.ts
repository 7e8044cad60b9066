// What the init waits for. The host knows one deadline, the earliest of these.
// May not know: what is done when a timer is due.

import { act, stampedNow } from "mailbox";
import { setTimerDue, state, timerDue, TIMERS } from "state";
import { ActionKind } from "./abi";

/** When to ... A row of the table in the state block each; 0 there is "not set". */
export enum Timer {
  /** enter the sandbox */
  Sandbox = 0,
  /** take the next step of the stop plan, or of the drain's */
  Step = 1,
  /** list those who are left once more, and send them KILL again */
  KillRound = 2,
  /** look again whether any process is left in the PID namespace */
  Look = 3,
  /** queue a signal again that the command's full queue had no room for */
  Queue = 4,
}

/** Whether the timer is set. */
export function isSet(timer: Timer): bool {
  return timerDue(timer) != 0;
}

/** Sets a timer, in milliseconds from now. */
export function setTimer(timer: Timer, wait_ms: i32): void {
  // Rounded up to a whole millisecond: never before its time.
  const due = stampedNow() + <f64>wait_ms;
  let whole = <i64>due;
  // 0 would be "not set".
  if (<f64>whole < due || whole == 0) whole++;
  setTimerDue(timer, <f64>whole);
  arm();
}

/** Forgets a timer. */
export function clearTimer(timer: Timer): void {
  setTimerDue(timer, 0);
  arm();
}

/** Forgets all timers. */
export function clearTimers(): void {
  for (let timer = 0; timer < TIMERS; timer++) setTimerDue(timer, 0);
  arm();
}

/**
 * DeadlineReached: forgets the first timer that is due, and returns it. A later one that is due too
 * has the host come back at once.
 */
export function dueTimer(): Timer {
  let first = 0;
  for (let timer = 0; timer < TIMERS; timer++) {
    const due = timerDue(timer);
    if (due != 0 && (timerDue(first) == 0 || due < timerDue(first))) first = timer;
  }
  setTimerDue(first, 0);
  // The host has forgotten its deadline as it told of it.
  state.deadline = 0;
  return first;
}

/** Gives the host the earliest of the timers, unless it has it. */
export function arm(): void {
  let earliest: f64 = 0;
  for (let timer = 0; timer < TIMERS; timer++) {
    const due = timerDue(timer);
    if (due != 0 && (earliest == 0 || due < earliest)) earliest = due;
  }
  if (earliest == state.deadline) return;
  state.deadline = earliest;
  const whole = <i64>earliest;
  if (whole == 0) act(ActionKind.ClearDeadline);
  else act(ActionKind.SetDeadline, <i32>whole, <i32>(whole >> 32));
}
