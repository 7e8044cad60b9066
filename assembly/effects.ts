// What several parts of the machine do alike: end, forward a signal, take the terminal's
// foreground back.
// May not know: which event led to it, options, memory layout.

import { act } from "mailbox";
import { policy, state } from "state";
import { Text } from "texts";
import { ActionKind, BootFlag, Phase } from "./abi";
import { SI_QUEUE, SI_USER } from "./linux";
import { debug } from "./log";
import { queueSignal } from "./queue";
import { CONT, endings, holds, isTerminalStop, STOP } from "./signals";
import { clearTimers } from "./timers";

/** The init ends. */
export function finish(status: i32): void {
  clearTimers();
  restoreForeground();
  state.phase = Phase.Finished;
  act(ActionKind.Exit, status);
}

/**
 * Whether the signal is our own doing. TIOCNOTTY's HUP and CONT, the PIPE of our own write to a
 * dead stderr, and XFSZ arrive as SI_USER with our own pid as the sender.
 */
export function isOwnDoing(code: i32, pid: i32): bool {
  return code == SI_USER && pid == state.pid && (state.bootFlags & BootFlag.SharedPid) == 0;
}

/** Sends a signal on, with its value if sigqueue(3) gave it one. */
export function forward(number: i32, to: i32, code: i32, low: i32, high: i32): void {
  if (to == 0 || holds(policy.neverForwarded, number)) {
    debug(Text.dropped, number);
    return;
  }
  if (isTerminalStop(to) || to == STOP) state.stopForwarded = true;
  else if (to == CONT) state.stopForwarded = false;
  if (code == SI_QUEUE) {
    queueSignal(to, low, high);
  } else {
    act(ActionKind.SendSignal, policy.target, state.command, to);
  }
  debug(Text.forwarded, to, state.command);
  const ends = holds(policy.stopOn, number) || holds(endings(), to);
  if (state.stopForwarded && ends) goOn();
}

/** A command that we stopped could never act on a signal that is to end it: CONT follows. */
function goOn(): void {
  state.stopForwarded = false;
  act(ActionKind.SendSignal, policy.target, state.command, CONT);
}

/** Takes the foreground back, if the command was given it. */
export function restoreForeground(): void {
  if (state.foregroundGiven) act(ActionKind.TakeForeground, 0, state.command);
  state.foregroundGiven = false;
}
