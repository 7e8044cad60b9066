// The state machine: takes one event, by the step that the matrix has for it.
// May not know: memory layout, options, wait statuses.

import { impossible, openMailbox } from "mailbox";
import { state } from "state";
import { EVENT_KINDS, Phase, PHASES } from "./abi";
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
import { isOwnDoing } from "./effects";
import { childStopped, foregroundMoved } from "./job_control";
import { matrix, Step } from "./matrix";
import { retryQueue } from "./queue";
import {
  actionFailed,
  childExited,
  childTrapped,
  enterSandbox,
  probeCommand,
  signal,
  spawned,
} from "./running";
import {
  drained,
  drainSignal,
  killRound,
  look,
  nextDrainStep,
  nextStep,
  processesListed,
  tellProcess,
} from "./shutdown";
import { setFrom } from "./signals";
import { arm, dueTimer, Timer } from "./timers";

/** The step of a cell. */
export function stepOf(phase: i32, kind: i32): i32 {
  if (phase < 0 || phase >= PHASES || kind < 0 || kind >= EVENT_KINDS) return Step.Impossible;
  return matrix[kind * PHASES + phase];
}

/** DeadlineReached: one timer a time. */
function deadlineReached(): void {
  switch (dueTimer()) {
    case Timer.Sandbox:
      enterSandbox();
      break;
    case Timer.Step:
      if (state.phase == Phase.Draining) nextDrainStep();
      else nextStep();
      break;
    case Timer.KillRound:
      killRound();
      break;
    case Timer.Queue:
      retryQueue();
      break;
    default:
      // Timer.Look
      look();
  }
  if (state.phase != Phase.Finished) arm();
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
      name(code, low, high);
      break;
    case Step.Variable:
      variable(number, code);
      break;
    case Step.Word:
      word(code);
      break;
    case Step.WordsEnded:
      wordsEnded();
      break;
    case Step.RecordOpened:
      recordOpened();
      break;
    case Step.SandboxProbed:
      sandboxProbed();
      break;
    case Step.TerminalReleased:
      terminalReleased();
      break;
    case Step.Spawned:
      spawned(pid, code);
      break;
    case Step.SpawnFailed:
      spawnFailed(code, number, low, high);
      break;
    case Step.PreparationFailed:
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
    case Step.ChildExited:
      childExited(pid, code, number);
      break;
    case Step.ChildStopped:
      childStopped(pid, number);
      break;
    case Step.ForegroundMoved:
      foregroundMoved(pid);
      break;
    case Step.ChildTrapped:
      childTrapped(pid, number, code);
      break;
    case Step.ProbeCommand:
      probeCommand();
      break;
    case Step.Drained:
      drained();
      break;
    case Step.DeadlineReached:
      deadlineReached();
      break;
    case Step.ProcessesListed:
      processesListed();
      break;
    case Step.ActionFailed:
      actionFailed(uid, code, number, pid);
      break;
    case Step.TellProcess:
      tellProcess(pid, uid, code, setFrom(low, high));
      break;
    default:
      // A cell that cannot happen: a host that broke the protocol, or a bug.
      impossible();
  }
}
