// Job control: which group is in the foreground, and what follows when the command is stopped.
// May not know: options, wait statuses, memory layout.
//
// The command's group has the foreground, or ours has, or neither: then a shell put the job in the
// background. Pipelines and scripts have others in our group, and a key reaches the group in the
// foreground alone; so a stop of the command is passed on to our group, and the foreground moves
// when the kernel stops a process that needs it (TTIN, TTOU).

import { act } from "mailbox";
import { policy, state } from "state";
import { Text } from "texts";
import { ActionKind, Phase, Target } from "./abi";
import { EALREADY, EBUSY, SI_KERNEL } from "./linux";
import { forward, restoreForeground } from "./effects";
import { debug, inform } from "./log";
import { Suspend } from "./policy";
import { rewritten } from "./rewrite";
import { CONT, isTerminalStop, STOP, TSTP } from "./signals";
import { isSet, Timer } from "./timers";

function isTerminalAccess(number: i32): bool {
  return isTerminalStop(number) && number != TSTP;
}

/** ChildStopped. */
export function childStopped(pid: i32, number: i32): void {
  if (pid != state.command) return;
  debug(Text.stopped, number, pid);
  state.stoppedBy = number;
  const needsTerminal = isTerminalAccess(number) && !state.stopForwarded;
  // Also if it was given it: a shell moves the foreground once for each member of a pipeline, and
  // the last one may start after the command.
  if (needsTerminal && state.sharesTerminal) {
    state.wantsForeground = true;
    state.asked = number;
    act(ActionKind.GiveForeground, 0, state.command);
  } else {
    followStop();
  }
}

/** The command stays stopped: we stop too, where there is a shell to see it and to wake us. */
function followStop(): void {
  if (state.pid == 1) {
    resume();
    return;
  }
  const atTerminal = policy.suspend == Suspend.AtTerminal && state.sharesTerminal;
  if (atTerminal || policy.suspend == Suspend.WithCommand) suspend();
}

/**
 * Stops the init itself, so that a shell that started it sees a stopped job. Not while a step of the
 * stop plan waits for its time: a stopped init can't keep it.
 */
export function suspend(): void {
  if (state.phase == Phase.Stopping && isSet(Timer.Step)) return;
  restoreForeground();
  let by = STOP;
  let whom = Target.Process;
  if (policy.suspend != Suspend.OnSignal) {
    // Never by STOP: no shell would wake an orphaned process group, which ignores all but that.
    by = TSTP;
    if (isTerminalStop(state.stoppedBy)) {
      by = state.stoppedBy;
      if (state.sharesTerminal) whom = Target.OwnGroup;
    }
  }
  act(ActionKind.StopSelf, whom, 0, by);
}

/** No shell could end a stop by a key: it is undone, as the kernel ignores it for a lone command. */
function resume(): void {
  if (state.sharesTerminal && state.stoppedBy == TSTP && !state.stopForwarded) goOn();
}

function goOn(): void {
  state.stoppedBy = 0;
  act(ActionKind.SendSignal, Target.Group, state.command, CONT);
}

/** CONT: the command gets the foreground, if it is to have it and our group has it now. */
export function wake(): void {
  state.stoppedBy = 0;
  state.stopForwarded = false;
  if (state.wantsForeground) act(ActionKind.GiveForeground, 0, state.command);
}

/**
 * Whether TTIN or TTOU, sent by the kernel to our whole group, tells that another process needs
 * the foreground, as the pager does in `init command | less`.
 */
export function claimsForeground(number: i32, code: i32): bool {
  if (!isTerminalAccess(number) || code != SI_KERNEL || !state.foregroundGiven) return false;
  state.asked = number;
  act(ActionKind.TakeForeground, 0, state.command);
  return true;
}

/** ForegroundMoved: what was stopped for lack of it goes on. */
export function foregroundMoved(group: i32): void {
  state.foregroundGiven = group == state.command;
  if (state.asked == 0) return;
  state.asked = 0;
  if (state.foregroundGiven) {
    goOn();
  } else {
    state.wantsForeground = false;
    act(ActionKind.SendSignal, Target.OwnGroup, 0, CONT);
  }
}

/** Whether a failed action is for terminalFailed. */
export function isAboutTerminal(kind: i32): bool {
  return (
    kind == ActionKind.Spawn ||
    kind == ActionKind.StopSelf ||
    kind == ActionKind.GiveForeground ||
    kind == ActionKind.TakeForeground
  );
}

/** ActionFailed: the command could not get the terminal, nor we stop. */
export function terminalFailed(kind: i32, errno: i32): void {
  if (kind == ActionKind.StopSelf) {
    if (state.wantsForeground) act(ActionKind.GiveForeground, 0, state.command);
    resume();
    return;
  }
  if (errno == EALREADY && !state.foregroundGiven) {
    foregroundMoved(state.command);
    return;
  }
  // What was given before, and is still there, is not what the command was stopped for.
  if (errno != EALREADY) {
    state.foregroundGiven = false;
    if (errno != EBUSY) inform(Text.terminalKept, 0, 0, errno);
  }
  const asked = state.asked;
  if (asked == 0) return;
  state.asked = 0;
  if (kind == ActionKind.GiveForeground) followStop();
  else forward(asked, rewritten(asked, SI_KERNEL), SI_KERNEL, 0, 0);
}
