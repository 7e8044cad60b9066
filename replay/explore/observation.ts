/** What a user's own invariants look at: one event that the core took, as objects. */
import type { EventKind, Phase } from "../../assembly/abi";
import type { PendingEvent } from "../../host/wasm/boot.ts";
import type { Action } from "../../host/wasm/core.ts";
import { pendingNames } from "./environment.ts";
import type { Transition } from "./transition.ts";
import { ENDED, exists, type Configuration, STATUS, STOPPING, TICKS_PER_MS } from "./world.ts";

/** One event of a run, for an invariant to look at. */
export interface Observation {
  event: PendingEvent;
  actions: Action[];
  /** Milliseconds since boot. */
  now: number;
  before: World;
  after: World;
  /** Where the run stands afterwards. */
  phase: Phase;
}

/** What an invariant may know of the world. */
export interface World {
  /** Pids of the processes that are there, zombies too. */
  alive: number[];
  /** The signals and incidents that have not come yet. */
  signals: string[];
  /** When the first of the signals that start a plan, or the command's end, came; -1 before. */
  stopSince: number;
  exited: boolean;
}

/** A name, and what holds of every observation. */
export type Invariants = Readonly<Record<string, (observation: Observation) => boolean>>;

/** The observation of a transition, with its actions. */
export function observationOf(transition: Transition, actions: Action[], now: number): Observation {
  const { configuration, before, after, phaseAfter, event } = transition;
  const [, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0] = event;
  const kind: EventKind = transition.kind;
  return {
    event: { kind, signal, code, pid, uid, low, high },
    actions,
    now,
    before: worldOf(configuration, before, now),
    after: worldOf(configuration, after, now),
    phase: phaseAfter,
  };
}

function worldOf(configuration: Configuration, world: Int32Array, now: number): World {
  const lasted = (world[STOPPING]! >= 0 ? world[STOPPING]! : world[ENDED]!) / TICKS_PER_MS;
  return {
    alive: configuration.pids.filter((_, index) => exists(world, index)),
    signals: pendingNames(configuration, world),
    stopSince: lasted < 0 ? -1 : now - lasted,
    exited: world[STATUS]! >= 0,
  };
}
