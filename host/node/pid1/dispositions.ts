/** Signals as Node as PID 1 meets them: which ones it listens to, and what they do by default. */
import { signalNames } from "../../../assembly/messages";

/**
 * The signals that end a process by default, as far as they concern a program in JavaScript: not
 * those that tell of a fault, nor PIPE and XFSZ, which Node ignores, nor USR1 and PROF, which open
 * Node's debugger and drive its profiler.
 */
const ending = [
  ...["HUP", "INT", "QUIT", "USR2", "ALRM", "TERM"],
  ...["STKFLT", "XCPU", "VTALRM", "IO", "PWR"],
];

/** What the GNU C library leaves to programs of the real-time signals. */
const realTime = { first: 34, last: 64 };

/** Every signal's number, and the event that a program listens to. */
const events = new Map<number, string>();
/** The numbers that names stand for. */
const numbers = new Map<string, number>();
for (const [number, name] of signalNames) {
  numbers.set(name, number);
  // Another name of the same signal comes later.
  if (!events.has(number)) events.set(number, `SIG${name}`);
}
// Node has no names for these, so that nobody can listen to them.
for (let number = realTime.first; number <= realTime.last; number++)
  events.set(number, `SIGRT${number}`);

/** The signals that end the program unless it listens to them, and the events. */
export const endingSignals: ReadonlyMap<number, string> = new Map(
  [...events].filter(([number]) => {
    const named = ending.some((name) => numbers.get(name) === number);
    return named || number >= realTime.first;
  }),
);

/** A signal's event. */
export function eventOf(signal: number): string | undefined {
  return events.get(signal);
}

export const SIGKILL = numberOf("KILL");
export const SIGCHLD = numberOf("CHLD");

function numberOf(name: string): number {
  return numbers.get(name) ?? 0;
}
