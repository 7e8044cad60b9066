// The state machine: one labelled matrix, phase by event, to the step that is taken.
// May not know: memory layout, options, wait statuses.

import { impossible, openMailbox } from "mailbox";
import { state } from "state";
import { matrixAt } from "matrix";
import { EVENT_KINDS, PHASES } from "./abi";
import {
  boot,
  hold,
  name,
  preparationFailed,
  recordOpened,
  sandboxProbed,
  spawnFailed,
  terminalReleased,
  variable,
  word,
  wordsEnded,
} from "./boot";
import { childStopped, foregroundMoved } from "./job_control";
import {
  actionFailed,
  childExited,
  childTrapped,
  isOwnDoing,
  probeCommand,
  settle,
  signal,
  spawned,
} from "./running";
import { drainDeadline, drained, drainSignal, nextStep, tellProcess } from "./shutdown";
import { Step } from "./steps";

/** The step of a cell. */
export function stepOf(phase: i32, kind: i32): i32 {
  if (phase < 0 || phase >= PHASES || kind < 0 || kind >= EVENT_KINDS) return Step.Impossible;
  return matrixAt(kind * PHASES + phase);
}

/** Takes one event; what follows from it stands in the mailbox's queue. */
export function take(
  kind: i32,
  now: f64,
  number: i32,
  code: i32,
  pid: i32,
  uid: i32,
  low: i32,
  high: i32,
): void {
  openMailbox(kind, now);
  switch (stepOf(state.phase, kind)) {
    case Step.Nothing:
      break;
    case Step.Boot:
      boot(code, pid, uid, low);
      break;
    case Step.Name:
      name(code);
      break;
    case Step.Variable:
      variable(number, code);
      break;
    case Step.Word:
      word(code);
      break;
    case Step.EndWords:
      wordsEnded();
      break;
    case Step.Recorded:
      recordOpened();
      break;
    case Step.Probed:
      sandboxProbed();
      break;
    case Step.Released:
      terminalReleased();
      break;
    case Step.Start:
      spawned(pid, code);
      break;
    case Step.FailSpawn:
      spawnFailed(code, number);
      break;
    case Step.FailBoot:
      preparationFailed(uid, code);
      break;
    case Step.Hold:
      if (!isOwnDoing(code, pid)) hold(number);
      break;
    case Step.Signal:
      signal(number, code, pid, low, high);
      break;
    case Step.DrainSignal:
      drainSignal(number, code, pid, low, high);
      break;
    case Step.Child:
      childExited(pid, code, number);
      break;
    case Step.Stopped:
      childStopped(pid, number);
      break;
    case Step.Moved:
      foregroundMoved(pid);
      break;
    case Step.Detach:
      childTrapped(pid, number, code);
      break;
    case Step.Probe:
      probeCommand();
      break;
    case Step.Drained:
      drained();
      break;
    case Step.Settle:
      settle();
      break;
    case Step.NextStep:
      nextStep();
      break;
    case Step.DrainDeadline:
      drainDeadline();
      break;
    case Step.Failed:
      actionFailed(uid, code, number, pid);
      break;
    case Step.Tell:
      tellProcess(pid);
      break;
    default:
      // A cell that cannot happen: a host that broke the protocol, or a bug.
      impossible();
  }
}
