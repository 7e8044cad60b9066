/**
 * Explores every order in which the events of a small world can come: breadth first, states told
 * apart by the projection of the core's state and by the world, so that the first run that breaks
 * an invariant is a shortest one.
 */
import { Phase } from "../../assembly/abi";
import type { Core } from "../../host/wasm/core.ts";
import type { Timed } from "../trace/writing.ts";
import type { InitialState } from "./configuration.ts";
import type { Invariants } from "./observation.ts";
import { NOW, Projection, projectionOf } from "./projection.ts";
import { NO_END, Run, Violation } from "./run.ts";
import { VisitedSet } from "./visited.ts";
import { ENDED, FRACTION, STATUS, STOPPING, TICKS_PER_MS } from "./world.ts";

export interface Explored {
  states: number;
  transitions: number;
  /** How many of the states are ends. */
  ends: number;
  /** Most transitions in a row. */
  depth: number;
  /** Whether every state was reached, and not cut by the depth. */
  exhausted: boolean;
  /** Phases that were seen. */
  phases: string[];
  /** From the first stop signal, or the command's end, to the exit, in milliseconds, at most. */
  longestStop: number;
  broken?: Broken;
}

/** An invariant that does not hold, and a shortest run that shows it. */
export interface Broken {
  invariant: string;
  /** All that do not hold then, with what is wrong. */
  all: Record<string, string>;
  events: Timed[];
  /** The run as a test in prose. */
  prose: string;
}

export class Explorer {
  readonly #run: Run;
  readonly #initial: InitialState;
  readonly #projection: Projection;
  readonly #depth: number;

  constructor(core: Core, initial: InitialState, wanted: Invariants = {}, depth = Infinity) {
    this.#run = new Run(core, initial, wanted);
    this.#initial = initial;
    this.#projection = projectionOf(core);
    this.#depth = depth;
  }

  /** Explores until there is no new state, or an invariant does not hold. */
  run(): Explored {
    for (;;) {
      const found = this.#explore();
      if (found !== undefined) return found;
    }
  }

  /** Returns undefined when a word was found to change that the projection lacks. */
  #explore(): Explored | undefined {
    const run = this.#run;
    const { environment, world } = run;
    const projection = this.#projection;
    const head = projection.width;
    const row = new Int32Array(head + world.length);
    const next = new Int32Array(row.length);
    const visited = new VisitedSet(row.length);
    const worldOf = row.subarray(head);
    const nextWorld = next.subarray(head);
    const phases = new Set<Phase>();
    const found: Explored = {
      states: 0,
      transitions: 0,
      ends: 0,
      depth: 0,
      exhausted: true,
      phases: [],
      longestStop: 0,
    };
    const keep = (parent: number, action: number) => {
      projection.save(next);
      nextWorld.set(world);
      if (!visited.add(next, parent, action, run.time)) return;
      phases.add(run.transition.phaseAfter);
      if (world[STATUS]! < 0) return;
      found.ends++;
      const lasted = (world[STOPPING]! >= 0 ? world[STOPPING]! : world[ENDED]!) / TICKS_PER_MS;
      if (lasted > found.longestStop) found.longestStop = lasted;
    };
    let at = -1;
    let action = 0;
    try {
      for (const [index, bootPath] of this.#initial.bootPaths.entries()) {
        action = index;
        run.open(bootPath);
        if (index === 0) projection.begin();
        else if (projection.grew()) return undefined;
        keep(-1, index);
      }
      let levelEnd = visited.count;
      for (at = 0; at < visited.count; at++) {
        if (at === levelEnd) {
          levelEnd = visited.count;
          found.depth++;
        }
        visited.read(at, row);
        if (worldOf[STATUS]! >= 0) continue;
        if (found.depth >= this.#depth) {
          found.exhausted = false;
          break;
        }
        const time = visited.time(at);
        const count = environment.find(worldOf);
        if (count === 0) {
          projection.restore(row);
          world.set(worldOf);
          run.checkStuck();
        }
        for (let index = 0; index < count; index++) {
          action = environment.list[index]!;
          world.set(worldOf);
          projection.restore(row);
          run.time = time;
          this.#step(action);
          // Before the next choice, which begins without what this one has changed.
          if (projection.grew()) return undefined;
          found.transitions++;
          keep(at, action);
        }
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      if (projection.grew()) return undefined;
      found.broken = this.#tell(visited, at, action, error.all);
    }
    found.states = visited.count;
    found.phases = [...phases].map((phase) => Phase[phase]);
    return found;
  }

  /** An environment action, and all that follows from it. */
  #step(action: number): void {
    const run = this.#run;
    const { world } = run;
    const passed = run.act(action);
    const since = world[FRACTION]! + passed;
    run.time += passed / TICKS_PER_MS;
    run.deliver(NOW + since / TICKS_PER_MS);
    if (passed === 0) return;
    world[FRACTION] = since % TICKS_PER_MS;
    this.#projection.rebase((since - world[FRACTION]) / TICKS_PER_MS);
  }

  /** The run to a state, and the action that breaks an invariant there, as a test in prose. */
  #tell(visited: VisitedSet, last: number, action: number, all: Record<string, string>): Broken {
    const invariant = Object.keys(all)[0]!;
    const way: number[] = invariant === NO_END ? [] : [action];
    let at = last;
    for (; at >= 0; at = visited.parent(at)) way.unshift(visited.action(at));
    const run = this.#run;
    const events = run.eventsOf(() => {
      const [bootPath = 0, ...actions] = way;
      run.open(this.#initial.bootPaths[bootPath]!);
      for (const next of actions) this.#step(next);
    });
    return { invariant, all, events, prose: run.proseOf(invariant, events) };
  }
}
