/**
 * For tests of the fallback, never in the product: TRAP_KIND and TRAP_AT in the environment say at
 * which event (the how many-th of which kind, 0 for any) the core meets one that can't happen.
 */
import { EventKind } from "../../../assembly/abi";

/** The bundler says which. */
declare const PLANTED_TRAP: boolean;

let seen = 0;

/** The kind of an event as the core is told it. */
export function planted(kind: EventKind): EventKind {
  if (typeof PLANTED_TRAP === "undefined" || !PLANTED_TRAP) return kind;
  const wanted = Number(process.env.TRAP_KIND ?? 0);
  if (wanted !== 0 && wanted !== kind) return kind;
  return ++seen === Number(process.env.TRAP_AT ?? 0) ? EventKind.None : kind;
}
