/**
 * Long random runs through the transitions that the explorer tries all of: what has come can come
 * again, and processes that have ended are followed by new ones with their pids. Time goes on, and
 * is never counted from anew, so that a run can last for days.
 */
import type { Core } from "../../host/wasm/core.ts";
import type { InitialState } from "./configuration.ts";
import { AT_DEADLINE, letPass, STIMULUS } from "./environment.ts";
import { NOW } from "./projection.ts";
import { Run, Violation } from "./run.ts";
import {
  bear,
  BETWEEN,
  DEADLINE,
  ENDED,
  GONE,
  GROUP_TOLD,
  has,
  INIT,
  LATE,
  lives,
  LOST,
  PENDING,
  PROCESSES,
  stateOf,
  STATUS,
  STUBBORN,
  SUSPENDED,
  TICKS_PER_MS,
} from "./world.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
/** Most weeks that a machine is asleep at once. */
const WEEKS_MAX = 4;
/** Runs up to this many events are told in prose when they break an invariant. */
const TOLD_EVENTS_MAX = 2_000;
/** The command, as an environment action: its own end. */
const COMMAND_ENDS = 0;

/** A generator of numbers from 0 up to a bound, the bound excluded. */
export type Random = (below: number) => number;

export interface Pace {
  /** Milliseconds below which the time between two actions of the environment lies. */
  pauseMs: number;
  /** One in so many of its chances the command takes to end by itself. */
  ends: number;
  /** One in so many actions, the machine was asleep for weeks before; 0: never. */
  sleeps: number;
  /**
   * Until so many milliseconds have passed, the command does not end by itself, and the last of the
   * stimuli does not come: it is one that ends the run.
   */
  serveMs: number;
}

export interface Walked {
  events: number;
  /** Milliseconds awake. */
  lived: number;
  /** How often the machine was asleep. */
  sleeps: number;
  /** The status that the init ended with, -1 if the run was cut. */
  status: number;
}

/** Walks until the init exits or nothing can happen, or for this many events. Throws on a violation. */
export function walk(
  core: Core,
  initial: InitialState,
  seed: () => Random,
  pace: Pace,
  eventsMax: number,
): Walked {
  const run = new Run(core, initial);
  try {
    return new Walker(run, initial, seed(), pace).walk(eventsMax);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const { events } = run;
    const all = Object.entries(error.all).map(([name, wrong]) => `${name}: ${wrong}`);
    const lines = [`after ${events} events:`, ...all];
    if (events <= TOLD_EVENTS_MAX) {
      const told = run.eventsOf(() => new Walker(run, initial, seed(), pace).walk(events));
      lines.push(run.proseOf(Object.keys(error.all)[0]!, told));
    }
    throw new Error(lines.join("\n"), { cause: error });
  }
}

class Walker {
  readonly #run: Run;
  readonly #initial: InitialState;
  readonly #random: Random;
  readonly #pace: Pace;
  #sleeps = 0;
  #slept = 0;

  constructor(run: Run, initial: InitialState, random: Random, pace: Pace) {
    this.#run = run;
    this.#initial = initial;
    this.#random = random;
    this.#pace = pace;
  }

  walk(eventsMax: number): Walked {
    const run = this.#run;
    const { world } = run;
    const { bootPaths } = this.#initial;
    run.open(bootPaths[this.#random(bootPaths.length)]!);
    while (world[STATUS]! < 0 && run.events < eventsMax) {
      this.#renew();
      this.#pass();
      const action = this.#next();
      if (action < 0) {
        run.checkStuck();
        break;
      }
      run.time += run.act(action) / TICKS_PER_MS;
      run.deliver(NOW + run.time);
    }
    const { events } = run;
    return { events, lived: this.#lived, sleeps: this.#sleeps, status: world[STATUS]! };
  }

  get #lived(): number {
    return this.#run.time - this.#slept;
  }

  get #serves(): boolean {
    return this.#lived < this.#pace.serveMs;
  }

  /** While the command lives, others come after those that have ended, and every stimulus again. */
  #renew(): void {
    const { world } = this.#run;
    if (world[ENDED]! >= 0 || has(world, STUBBORN | LOST)) return;
    const { stimuli, pids } = this.#initial.configuration;
    if (world[PENDING] === 0 || this.#serves) world[PENDING] = 2 ** stimuli.length - 1;
    for (let index = 1; index < pids.length; index++) {
      if (stateOf(world, index) !== GONE || this.#random(4) > 0) continue;
      const parent = this.#random(pids.length);
      bear(world, index, parent !== index && lives(world, parent) ? parent : INIT);
    }
  }

  /** Time passes, up to the deadline; the machine may have been asleep, which no plan counts. */
  #pass(): void {
    const { world } = this.#run;
    const { pauseMs, sleeps } = this.#pace;
    let passed = this.#random(pauseMs);
    if (world[DEADLINE]! >= 0) {
      passed = Math.min(passed, Math.floor(world[DEADLINE]! / TICKS_PER_MS));
      world[DEADLINE] = world[DEADLINE]! - passed * TICKS_PER_MS;
    }
    letPass(world, passed * TICKS_PER_MS);
    this.#run.time += passed;
    // What is stopped can't take the deadline that would be over.
    if (sleeps === 0 || has(world, SUSPENDED) || this.#random(sleeps) > 0) return;
    const slept = (1 + this.#random(WEEKS_MAX)) * WEEK_MS;
    this.#sleeps++;
    this.#slept += slept;
    this.#run.time += slept;
    // How old a process is, that the kernel may know by less.
    for (let at = PROCESSES; world[GROUP_TOLD] !== 0 && at < world.length; at++)
      world[at] = (world[at]! & ~BETWEEN) | LATE;
    // A deadline was over long ago: it comes next.
    if (world[DEADLINE]! < 0) return;
    letPass(world, world[DEADLINE]!);
    world[DEADLINE] = 0;
  }

  /** One of the actions that are possible, -1 for none. */
  #next(): number {
    const { environment, world } = this.#run;
    const count = environment.find(world);
    const list = [...environment.list.subarray(0, count)];
    if (world[DEADLINE] === 0 && list.includes(AT_DEADLINE)) return AT_DEADLINE;
    const last = STIMULUS + this.#initial.configuration.stimuli.length - 1;
    const served = !this.#serves;
    const ends = served && this.#random(this.#pace.ends) === 0;
    const possible = list.filter(
      (action) => (ends || action !== COMMAND_ENDS) && (served || action !== last),
    );
    // Where nothing else is possible, it ends.
    if (possible.length === 0 && served && list.length > 0) return COMMAND_ENDS;
    return possible[this.#random(possible.length)] ?? -1;
  }
}
