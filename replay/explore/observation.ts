/** What a user's own invariants look at: one event that the core took, as objects. */
import type { EventKind, Phase } from "../../assembly/abi";
import type { Fact } from "../../host/wasm/boot.ts";
import type { Action } from "../../host/wasm/core.ts";
import { pendingNames } from "./environment.ts";
import type { Taken } from "./transition.ts";
import { ENDED, exists, type Scene, STATUS, STOPPING, TICKS } from "./world.ts";

/** One event of a run, for an invariant to look at. */
export interface Moment {
  event: Fact;
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

/** A name, and what holds in every moment. */
export type Invariants = Readonly<Record<string, (moment: Moment) => boolean>>;

/** The moment of an event, with its actions. */
export function momentOf(taken: Taken, actions: Action[], now: number): Moment {
  const { scene, before, after, phaseAfter, fact } = taken;
  const [, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0] = fact;
  const kind: EventKind = taken.kind;
  return {
    event: { kind, signal, code, pid, uid, low, high },
    actions,
    now,
    before: worldOf(scene, before, now),
    after: worldOf(scene, after, now),
    phase: phaseAfter,
  };
}

function worldOf(scene: Scene, world: Int32Array, now: number): World {
  const lasted = (world[STOPPING]! >= 0 ? world[STOPPING]! : world[ENDED]!) / TICKS;
  return {
    alive: scene.pids.filter((_, index) => exists(world, index)),
    signals: pendingNames(scene, world),
    stopSince: lasted < 0 ? -1 : now - lasted,
    exited: world[STATUS]! >= 0,
  };
}
