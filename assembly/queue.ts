// Signals with a value (sigqueue(3)) for a command whose queue can be full (RLIMIT_SIGPENDING).
// May not know: where the signal came from, phases, memory layout.
//
// The queue has room again as soon as a process of that user reads a signal of it. Until then
// real-time signals stay pending in the init's own queue, so that none is lost and none overtakes
// another; all else goes on.

import { act } from "mailbox";
import { policy, state } from "state";
import { ActionKind } from "./abi";
import { EAGAIN } from "./linux";
import { clearTimer, setTimer, Timer } from "./timers";

/** The last signal that is no real-time signal (signal(7)). */
const STANDARD_MAX: i32 = 31;
/** How far apart a signal is queued again, in milliseconds, and how often: then it goes without its value. */
const RETRY_MS: i32 = 1;
const RETRIES_MAX: i32 = 100;

/** Sends a signal with its value. */
export function queueSignal(signal: i32, low: i32, high: i32): void {
  // Nobody said that the one before failed: a process reads. Who never reads costs the time once.
  if (!state.queueFailed) state.queueRetries = 0;
  state.queueFailed = false;
  state.queuedSignal = signal;
  state.queuedLow = low;
  state.queuedHigh = high;
  act(ActionKind.QueueSignal, policy.target, state.command, signal, low, high);
}

/** The signal was not queued: returns whether it will be tried again. */
export function queueAgain(signal: i32, errno: i32): bool {
  // A standard signal is delivered without its value where there is no room (sigqueue(3)).
  if (errno != EAGAIN || signal <= STANDARD_MAX || signal != state.queuedSignal) return false;
  state.queueFailed = true;
  if (state.queueRetries == RETRIES_MAX) return false;
  state.queueRetries++;
  act(ActionKind.HoldRealTime, 1);
  state.holdsRealTime = true;
  setTimer(Timer.Queue, RETRY_MS);
  return true;
}

/** The time to queue the signal again has come. */
export function retryQueue(): void {
  releaseRealTime();
  act(
    ActionKind.QueueSignal,
    policy.target,
    state.command,
    state.queuedSignal,
    state.queuedLow,
    state.queuedHigh,
  );
}

/** Takes real-time signals again, whatever became of the one that they wait for. */
export function releaseRealTime(): void {
  if (!state.holdsRealTime) return;
  state.holdsRealTime = false;
  clearTimer(Timer.Queue);
  act(ActionKind.HoldRealTime, 0);
}
