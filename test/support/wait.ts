// Waiting for something that another process does and that wakes nobody here.
import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long a test waits for an event that must come: long, for a machine that is busy. The variable
 * is for runs in which it is known not to come.
 */
export const PATIENCE_MS = Number(process.env.WASM_INIT_PATIENCE ?? 20_000);

/** What a look may answer for "not yet". */
export type NotYet = undefined | null | false;

/**
 * Looks again and again until there is an answer, asleep in between: a spinning test would starve
 * the very process that it waits for on a machine with two cores.
 */
export async function eventually<T>(
  what: string,
  look: () => T | NotYet | Promise<T | NotYet>,
  patience = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patience;
  for (let pause = 1; ; pause = Math.min(pause + 1, 5)) {
    const answer = await look();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain: ${what}`);
    await sleep(pause);
  }
}

/** Waits for a promise, but not for ever; `explain` says what is the matter when it fails. */
export async function within<T>(
  what: string,
  promise: Promise<T>,
  patience = PATIENCE_MS,
  explain: () => string = () => "",
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${patience} ms in vain: ${what}\n${explain()}`));
    }, patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
