/**
 * Explores every order in which the events of a small world can come, under the options of a command
 * line, and checks every state against the policy's specification.
 */
import type { BootInput } from "../../host/wasm/boot.ts";
import type { Core } from "../../host/wasm/core.ts";
import { type Explored, Explorer } from "./explorer.ts";
import { rules } from "./invariants.ts";
import type { Invariants } from "./observation.ts";
import { initialStateOf, type Bounds as WorldBounds } from "./configuration.ts";

export type { Broken, Explored } from "./explorer.ts";
export type { Specification } from "./specification.ts";
export type { Invariants, Observation } from "./observation.ts";
export { type Incident, incidents, type Refusals } from "./world.ts";
export { type NamedWorld, worlds } from "./worlds.ts";

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
  const initial = initialStateOf(core, input, bounds);
  if (bounds.sentence !== undefined) initial.sentence = bounds.sentence;
  return new Explorer(core, initial, bounds.invariants, bounds.depth).run();
}
