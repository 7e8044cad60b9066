// The rewrite table, signals 0..64 to 0..64, and the default rewrites of terminal stops.
// May not know: where it is sent, how an option is written.

import { policy, rewriteOf, setRewriteOf, state } from "state";
import { SIGNAL_MAX } from "./abi";
import { SI_KERNEL } from "./linux";
import { StopRewrite } from "./policy";
import { holds, isTerminalStop, setOf, STOP, TSTP } from "./signals";

/** Every signal stands for itself. */
export function clearRewrites(): void {
  for (let signal = 1; signal <= SIGNAL_MAX; signal++) setRewriteOf(signal, signal);
}

/** Rewrites one signal, as an option asked for; to 0 drops it. */
export function addRewrite(from: i32, to: i32): void {
  setRewriteOf(from, to);
  policy.rewritten |= setOf(from);
}

/**
 * What a signal that arrived is forwarded as; 0 for not at all.
 *
 * A command that leads a session of its own is in an orphaned process group, where the kernel
 * ignores a TSTP, TTIN or TTOU whose action is the default one (setpgid(2), "orphaned"): STOP
 * takes their place. A TTIN or TTOU that a user sent means something to the command, so that of
 * our own command line only those of the terminal are rewritten.
 */
export function rewritten(signal: i32, code: i32): i32 {
  if (isTerminalStop(signal) && state.ownSession && !holds(policy.rewritten, signal)) {
    if (policy.stopRewrite == StopRewrite.All) return STOP;
    if (policy.stopRewrite == StopRewrite.Terminal && (signal == TSTP || code == SI_KERNEL)) {
      return STOP;
    }
  }
  return rewriteOf(signal);
}
