// While the command lives: forwards signals, reaps, follows its stops, and sees its end.
// May not know: options, how the command was started, memory layout.

import { act, argumentAddress, quote } from "mailbox";
import { PLAN_CAPACITY, planSignal, policy, state } from "state";
import { Text, textAddress, textLength } from "texts";
import { ActionKind, COMMAND_CAPACITY, BootFlag, Phase, Sandbox, SIGNAL_MAX, Target } from "./abi";
import { EPERM, ESRCH, SI_KERNEL, SI_USER } from "./linux";
import { diedBySignal, dumpedCore, exitStatus, mapExit } from "./exit";
import { debug, fatal, inform, warn } from "./log";
import { Choice, GroupTerm, PLAN_NONE, Suspend, Verbosity } from "./policy";
import { finish, forward, isOwnDoing, restoreForeground } from "./effects";
import { claimsForeground, isAboutTerminal, suspend, terminalFailed, wake } from "./job_control";
import { queueAgain, releaseRealTime } from "./queue";
import { rewritten } from "./rewrite";
import { groupIsTold, listingFailed, startDrain, startPlan } from "./shutdown";
import { CHLD, CONT, holds, INT, isTerminalStop, KILL, TERM, TRAP } from "./signals";
import { clearTimer, clearTimers, isSet, setTimer, Timer } from "./timers";

const STATUS_INIT_FAILED: i32 = 125;
/** How long a command must have lived before the init enters a sandbox unasked, in milliseconds:
 * setting it up costs about as much as starting a trivial command does. */
const SANDBOX_DELAY_MS: i32 = 50;

/** Spawned. */
export function spawned(pid: i32, length: i32): void {
  state.command = pid;
  quote(argumentAddress(), length > COMMAND_CAPACITY ? COMMAND_CAPACITY : length);
  startRunning();
  for (let number = 1; number <= SIGNAL_MAX; number++) {
    if (holds(state.held, number)) signal(number, SI_USER, 0, 0, 0);
  }
  state.held = 0;
}

/** The command runs, or we pause: let go of what is not needed any more. */
export function startRunning(): void {
  state.phase = Phase.Running;
  if (policy.pause) inform(Text.startedPause);
  else inform(Text.started, 0, state.command);
  if (policy.record || policy.warnOnReap || policy.verbosity == Verbosity.Debug) {
    act(ActionKind.StampAll);
  }
  if ((state.bootFlags & BootFlag.Guest) != 0) return;
  if (policy.leaveDirectory) act(ActionKind.LeaveDirectory);
  if (policy.closeDescriptors) act(ActionKind.CloseDescriptors);
  if (policy.sandbox == Choice.On) enterSandbox();
  else if (policy.sandbox == Choice.Auto) setTimer(Timer.Sandbox, SANDBOX_DELAY_MS);
}

/** Gives up what the rest of the run has no need of. */
export function enterSandbox(): void {
  let needs = Sandbox.Loop;
  if (policy.record) needs |= Sandbox.Record;
  if (policy.drainSteps != 0) needs |= Sandbox.Drain;
  if (state.sharesTerminal) needs |= Sandbox.Terminal;
  state.sandboxed = true;
  act(ActionKind.EnterSandbox, needs);
}

/** SignalReceived. */
export function signal(number: i32, code: i32, pid: i32, low: i32, high: i32): void {
  if (number == CHLD) return;
  // Not a word about it: writing to a dead stderr is what sends us PIPE, and would again.
  if (isOwnDoing(code, pid)) return;
  debug(Text.received, number, pid);
  if (state.command == 0) {
    pausedSignal(number);
    return;
  }
  const to = rewritten(number, code);
  if (state.phase == Phase.Running && policy.planSteps != 0 && to != 0) {
    if (holds(policy.stopOn, number)) {
      // At once: from here on the plan has the time.
      if (isSet(Timer.Sandbox)) {
        clearTimer(Timer.Sandbox);
        enterSandbox();
      }
      startPlan(number, to, pid);
      return;
    }
  }
  if (number == CONT) wake();
  else if (claimsForeground(number, code)) return;
  forward(number, to, code, low, high);
  if (isStop(number, code) && to != 0) {
    groupIsTold(to);
    if (state.stopSignal == 0) state.stopSignal = to;
  }
  // dumb-init stops itself after these three, whatever they were rewritten to.
  if (policy.suspend == Suspend.OnSignal && isTerminalStop(number)) suspend();
}

/**
 * Whether the signal is to end the command. What a key sends is not: a shell outlives its Ctrl-C.
 */
function isStop(number: i32, code: i32): bool {
  return holds(policy.stopOn, number) && code != SI_KERNEL;
}

/** Without a command TERM and INT end the init; all else has no receiver. */
function pausedSignal(number: i32): void {
  if (number != TERM && number != INT) debug(Text.dropped, number);
  else endWith(0);
}

/** The init ends with a status, once everyone left has ended where that was asked for. */
function endWith(status: i32): void {
  state.status = status;
  state.ended = true;
  // Before the drain: from here on the terminal's signals are for us to pass on.
  restoreForeground();
  if (policy.drainSteps != 0) startDrain();
  else finish(status);
}

/** ChildExited: a zombie waits. */
export function childExited(pid: i32, code: i32, status: i32): void {
  // The id of a command that was reaped can be another process's by now.
  if (pid == state.command && !state.ended) {
    commandEnded(code, status);
    return;
  }
  act(ActionKind.Reap, 0, pid);
  if (policy.warnOnReap) warn(Text.reaped, 0, pid);
  else debug(Text.child, 0, pid);
}

/** The rest of the group gets its TERM while the zombie still holds the group's id. */
function commandEnded(code: i32, status: i32): void {
  const raw = exitStatus(code, status);
  if (!diedBySignal(code)) inform(Text.exited, 0, pid(), raw);
  else if (dumpedCore(code)) inform(Text.dumpedCore, status, pid());
  else inform(Text.killedBy, status, pid());
  releaseRealTime();
  clearTimers();
  if (tellsGroup()) {
    const asDumbInit = policy.groupTerm == GroupTerm.Rewritten;
    const last = asDumbInit ? rewritten(TERM, SI_USER) : TERM;
    // Nobody gets it twice, except from dumb-init.
    const again = holds(state.groupTold, TERM) && (!asDumbInit || policy.drainSteps != 0);
    if (last != 0 && !again) act(ActionKind.SendSignal, Target.Group, pid(), last);
  }
  act(ActionKind.Reap, 0, pid());
  endWith(mapExit(raw));
}

/**
 * Whether the rest of the group gets TERM when the command ended, unless it had one. Not if a drain
 * follows that reaches the group, or that waits first.
 */
export function tellsGroup(): bool {
  if (policy.groupTerm == GroupTerm.None || policy.target != Target.Group) return false;
  if (policy.drainSteps == 0) return true;
  const reaches = state.pid == 1 || policy.subreaper != Choice.Off;
  return !reaches && planSignal(PLAN_CAPACITY) != PLAN_NONE;
}

function pid(): i32 {
  return state.command;
}

/**
 * ChildTrapped: a process that asked to be traced stopped for a signal, which it gets as it is let
 * go; the TRAP of its exec, and of a ptrace event, would kill it, and is not passed on.
 */
export function childTrapped(pid: i32, number: i32, event: i32): void {
  const to = number == TRAP || event != 0 ? 0 : number;
  act(ActionKind.DetachTraced, 0, pid, to);
  debug(Text.trapped, to, pid);
}

/** NoChildrenLeft while the command should live: is it there at all? */
export function probeCommand(): void {
  if (state.command == 0) return;
  act(ActionKind.SendSignal, Target.Process, state.command, 0);
}

/** ActionFailed. */
export function actionFailed(kind: i32, errno: i32, signal: i32, pid: i32): void {
  if (kind == ActionKind.ListDescendants && listingFailed()) return;
  if (kind == ActionKind.EnterSandbox) state.sandboxed = false;
  if (kind == ActionKind.SendSignal || kind == ActionKind.QueueSignal) {
    sendFailed(kind, errno, signal, pid);
  } else if (isAboutTerminal(kind)) {
    terminalFailed(kind, errno);
  } else if (kind == ActionKind.OpenRecord) {
    warn(Text.recordStopped, 0, 0, errno);
  } else if (kind == ActionKind.ListDescendants) {
    // It is tried again in each round of KILL.
    if (!state.warnedListing) warn(Text.unlisted, 0, 0, errno);
    state.warnedListing = true;
  } else if (kind == ActionKind.EnterSandbox && policy.sandbox == Choice.On) {
    fatal(Text.sandboxFailed, errno);
    act(ActionKind.SendSignal, policy.target, state.command, 9);
    finish(STATUS_INIT_FAILED);
  } else {
    quote(textAddress(Text.firstAction + kind), textLength(Text.firstAction + kind));
    // Nothing can be reaped.
    const blind = kind == ActionKind.Reap && pid == 0;
    const text = blind ? Text.blind : Text.actionFailed;
    // What the sandbox refuses is a bug of ours.
    const refused = errno == EPERM && state.sandboxed;
    if ((blind || refused) && !state.warnedFailure) {
      state.warnedFailure = true;
      warn(text, 0, 0, errno);
    } else {
      inform(text, 0, 0, errno);
    }
  }
}

function sendFailed(kind: i32, errno: i32, number: i32, pid: i32): void {
  if (number == KILL && state.killsSent > 0) state.killsSent--;
  if (number == 0) {
    if (errno != ESRCH) return;
    // Probed after NoChildrenLeft: nobody is left, or the command is gone without a status.
    if (state.ended) {
      finish(state.status);
      return;
    }
    fatal(Text.commandLost, 0, state.command);
    finish(STATUS_INIT_FAILED);
  } else if (kind == ActionKind.QueueSignal && errno != ESRCH) {
    // A full queue that nobody reads, an old kernel, a seccomp profile: kill(2) still gets through,
    // without the value.
    if (!queueAgain(number, errno)) act(ActionKind.SendSignal, policy.target, pid, number);
  } else if (errno != ESRCH && !state.warnedRefusal) {
    state.warnedRefusal = true;
    warn(Text.refused, number, pid, errno);
  }
}
