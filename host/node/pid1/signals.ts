/** Signals as Node as PID 1 meets them: which ones it listens to, and what they do by default. */
import { constants } from "node:os";

/**
 * The signals that end a process by default, as far as they concern a program in JavaScript: not
 * those that tell of a fault, nor PIPE and XFSZ, which Node ignores, nor USR1 and PROF, which open
 * Node's debugger and drive its profiler.
 */
const names = [
  ...["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR2", "SIGALRM", "SIGTERM"],
  ...["SIGSTKFLT", "SIGXCPU", "SIGVTALRM", "SIGIO", "SIGPWR"],
] as const;

/** What the GNU C library leaves to programs of the real-time signals. */
const realTime = { first: 34, last: 64 };

function ending(): Map<number, string> {
  const known = constants.signals as Partial<Record<string, number>>;
  const signals = new Map<number, string>();
  for (const name of names) {
    const number = known[name];
    if (number !== undefined) signals.set(number, name);
  }
  // Node has no names for these, so that nobody can listen to them.
  for (let number = realTime.first; number <= realTime.last; number++)
    signals.set(number, `SIGRT${number}`);
  return signals;
}

/** Each signal that ends the program unless it listens to it, and the event that it listens to. */
export const endingSignals: ReadonlyMap<number, string> = ending();

/** Every signal's event. */
export function eventOf(signal: number): string | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0];
}
