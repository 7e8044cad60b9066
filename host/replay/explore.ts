/**
 * Explores every order in which the events of a small world can come, under the options of a command
 * line, and holds every state against what the policy promises.
 */
import type { BootInput } from "../node/boot.ts";
import type { Core } from "../node/core.ts";
import { type Explored, Explorer } from "./explore/explorer.ts";
import { rules } from "./explore/invariants.ts";
import type { Invariants } from "./explore/moments.ts";
import { beginningOf, type Bounds as WorldBounds } from "./explore/scene.ts";

export type { Broken, Explored } from "./explore/explorer.ts";
export type { Promises } from "./explore/promises.ts";
export type { Invariants, Moment } from "./explore/moments.ts";
export { type Incident, incidents, type Refusals } from "./explore/world.ts";
export { type NamedWorld, worlds } from "./explore/worlds.ts";

/** What is explored, and what has to hold beside the invariants that always do. */
export interface Bounds extends WorldBounds {
  invariants?: Invariants;
  /** What the prose of a broken invariant begins with. */
  sentence?: string;
}

/** The names of the invariants that are always checked. */
export const invariants: readonly string[] = Object.keys(rules);

/** Explores a policy. */
export function explore(core: Core, input: BootInput, bounds: Bounds = {}): Explored {
  const beginning = beginningOf(core, input, bounds);
  if (bounds.sentence !== undefined) beginning.sentence = bounds.sentence;
  return new Explorer(core, beginning, bounds.invariants, bounds.depth).run();
}
