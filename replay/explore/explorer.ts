/**
 * Explores every order in which the events of a small world can come: breadth first, states told
 * apart by the projection of the core's state and by the world, so that the first run that breaks
 * an invariant is a shortest one.
 */
import { ActionKind, EventKind, Phase } from "../../assembly/abi";
import type { PendingEvent } from "../../host/wasm/boot.ts";
import { type Action, type Core } from "../../host/wasm/core.ts";
import { proseOf, type Timed } from "../trace/writing.ts";
import { EnvironmentActions } from "./environment.ts";
import { rules } from "./invariants.ts";
import { ACTION_FIELDS, EVENT_FIELDS, Kernel } from "./kernel.ts";
import { type Invariants, observationOf } from "./observation.ts";
import { NOW, Projection, projectionOf } from "./projection.ts";
import type { InitialState, BootPath } from "./configuration.ts";
import { VisitedSet } from "./visited.ts";
import { Transition } from "./transition.ts";
import {
  ENDED,
  FRACTION,
  has,
  OUTLIVED,
  set,
  STATUS,
  STEP,
  STOPPING,
  SUSPENDED,
  TICKS_PER_MS,
  TOLD,
} from "./world.ts";

const EPERM = 1;
const NO_TRAP = "the core does not trap";
const NO_END = "something can always happen until a stop is over";

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

/** What does not hold, by invariant. */
class Violation extends Error {
  readonly all: Record<string, string>;

  constructor(all: Record<string, string>) {
    super(Object.keys(all)[0]);
    this.all = all;
  }
}

const ruleList = Object.entries(rules);

export class Explorer {
  readonly #core: Core;
  readonly #initial: InitialState;
  readonly #kernel: Kernel;
  readonly #environment: EnvironmentActions;
  readonly #projection: Projection;
  readonly #transition: Transition;
  readonly #world: Int32Array;
  readonly #wanted: [string, Invariants[string]][];
  readonly #depth: number;
  /** Milliseconds since boot, where the transition began. */
  #time = 0;
  /** Keeps the events of a run that is told. */
  #log: Timed[] | undefined;

  constructor(core: Core, initial: InitialState, wanted: Invariants = {}, depth = Infinity) {
    this.#core = core;
    this.#initial = initial;
    this.#kernel = new Kernel(initial.configuration);
    this.#environment = new EnvironmentActions(initial.configuration, this.#kernel);
    this.#projection = projectionOf(core);
    this.#world = initial.world.slice();
    this.#transition = new Transition(initial.configuration, this.#world);
    this.#wanted = Object.entries(wanted);
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
    const projection = this.#projection;
    const head = projection.width;
    const row = new Int32Array(head + this.#world.length);
    const next = new Int32Array(row.length);
    const visited = new VisitedSet(row.length);
    const world = this.#world;
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
      if (!visited.add(next, parent, action, this.#time)) return;
      phases.add(this.#transition.phaseAfter);
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
        this.#open(bootPath);
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
        const count = this.#environment.find(worldOf);
        if (count === 0) this.#checkStuck(worldOf, row);
        for (let index = 0; index < count; index++) {
          action = this.#environment.list[index]!;
          world.set(worldOf);
          projection.restore(row);
          this.#time = time;
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

  /** Only an init with a stopped command, or with one that never ends, may wait for ever. */
  #checkStuck(world: Int32Array, row: Int32Array): void {
    this.#projection.restore(row);
    const { phase } = this.#core;
    const { longestStop } = this.#initial.configuration.specification;
    const isBound = phase === Phase.Draining || (phase === Phase.Stopping && longestStop >= 0);
    if (isBound && world[STATUS]! < 0) throw new Violation({ [NO_END]: "the init hangs" });
  }

  /** The boot, and the command's start. */
  #open({ events, spawned, failed }: BootPath): void {
    const kernel = this.#kernel;
    this.#initial.boot(this.#core, events);
    this.#world.set(this.#initial.world);
    kernel.clearEvents();
    this.#time = this.#world[FRACTION]! / TICKS_PER_MS;
    this.#transition.held = this.#initial.heldOf(events);
    this.#log?.push(...[...events, spawned].map((event) => ({ event, now: this.#time })));
    // The word stands in the argument buffer before the event is taken in numbers.
    this.#core.writeArgument(spawned.bytes ?? "");
    kernel.tell(EventKind.Spawned, 0, spawned.code, spawned.pid);
    if (failed !== undefined) {
      const { code, uid } = failed;
      kernel.tell(EventKind.ActionFailed, 0, code, 0, uid);
    }
    this.#deliver(NOW + this.#time);
    this.#transition.held = [];
  }

  /** An environment action, and all that follows from it. */
  #step(action: number): void {
    const world = this.#world;
    this.#kernel.clearEvents();
    const passed = this.#environment.take(world, action);
    const since = world[FRACTION]! + passed;
    this.#time += passed / TICKS_PER_MS;
    this.#deliver(NOW + since / TICKS_PER_MS);
    if (passed === 0) return;
    world[FRACTION] = since % TICKS_PER_MS;
    this.#projection.rebase((since - world[FRACTION]) / TICKS_PER_MS);
  }

  /** Hands over the kernel's events; at last, whether any child is left. */
  #deliver(now: number): void {
    const kernel = this.#kernel;
    const world = this.#world;
    kernel.now = now;
    let asked = false;
    for (;;) {
      while (kernel.first < kernel.count) {
        if (world[STATUS]! >= 0) return;
        this.#take(now, asked);
      }
      if (asked || world[STATUS]! >= 0 || has(world, SUSPENDED) || kernel.hasChildren(world))
        return;
      asked = true;
      kernel.tell(EventKind.NoChildrenLeft);
    }
  }

  #take(now: number, asked: boolean): void {
    const core = this.#core;
    const kernel = this.#kernel;
    const world = this.#world;
    const transition = this.#transition;
    const { event, before, actions } = transition;
    const from = kernel.first++ * EVENT_FIELDS;
    for (let field = 0; field < EVENT_FIELDS; field++) event[field] = kernel.events[from + field]!;
    for (let word = 0; word < before.length; word++) before[word] = world[word]!;
    const kind: EventKind = event[0]!;
    if (this.#log !== undefined && kind !== EventKind.Spawned) this.#note(event);
    transition.phase = core.phase;
    let count: number;
    try {
      count = core.takeNumbers(
        kind,
        now,
        event[1]!,
        event[2]!,
        event[3]!,
        event[4]!,
        event[5]!,
        event[6]!,
      );
    } catch (error) {
      throw new Violation({ [NO_TRAP]: String(error) });
    }
    transition.count = count;
    for (let index = 0, to = 0; index < count; index++, to += ACTION_FIELDS) {
      const action = core.actionField(index, 0);
      actions[to] = action;
      actions[to + 1] = core.actionField(index, 1);
      actions[to + 2] = core.actionField(index, 2);
      actions[to + 3] = core.actionField(index, 3);
      if (action !== ActionKind.QueueSignal) continue;
      actions[to + 4] = core.actionField(index, 4);
      actions[to + 5] = core.actionField(index, 5);
    }
    const phase = core.phase;
    transition.phaseAfter = phase;
    const due = core.deadline;
    transition.due = due === 0 ? -1 : (due - now) * TICKS_PER_MS;
    for (let index = 0; index < count; index++)
      kernel.perform(world, actions, index * ACTION_FIELDS, index);
    if (transition.phase === Phase.Running && phase === Phase.Stopping) world[STOPPING] = 0;
    if (kind === EventKind.DeadlineReached && transition.phase !== Phase.Running)
      world[STEP] = world[STEP]! + 1;
    transition.markForeground();
    transition.markTold();
    if (transition.isCommandsEnd) {
      world[STEP] = 0;
      world[ENDED] = 0;
      world[OUTLIVED] = 0;
    }
    if (this.#log !== undefined) return;
    transition.settled =
      kernel.first === kernel.count &&
      (asked || has(world, SUSPENDED) || kernel.hasChildren(world));
    this.#check();
    const says = kind === EventKind.ActionFailed && event[2] === EPERM && count > 0;
    if (says && transition.many(ActionKind.Write) > 0) set(world, TOLD);
  }

  /** Checks the transition against every invariant. */
  #check(): void {
    const transition = this.#transition;
    transition.listSent();
    let all: Record<string, string> | undefined;
    for (let index = 0; index < ruleList.length; index++) {
      const [name, rule] = ruleList[index]!;
      const wrong = rule(transition);
      if (wrong !== undefined) (all ??= {})[name] = wrong;
    }
    if (this.#wanted.length > 0 && this.#transition.kind !== EventKind.Spawned) {
      const core = this.#core;
      const done: Action[] = [];
      for (let index = 0; index < transition.count; index++) done.push(core.action(index));
      const observation = observationOf(transition, done, this.#time);
      for (const [name, holds] of this.#wanted)
        if (!holds(observation)) (all ??= {})[name] = "it does not hold";
    }
    if (all !== undefined) throw new Violation(all);
  }

  #note(numbers: Int32Array): void {
    const [kind = 0, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0] = numbers;
    const event: PendingEvent = { kind, signal, code, pid, uid, low, high };
    this.#log?.push({ event, now: this.#time });
  }

  /** The run to a state, and the action that breaks an invariant there, as a test in prose. */
  #tell(visited: VisitedSet, last: number, action: number, all: Record<string, string>): Broken {
    const invariant = Object.keys(all)[0]!;
    const way: number[] = invariant === NO_END ? [] : [action];
    let at = last;
    for (; at >= 0; at = visited.parent(at)) way.unshift(visited.action(at));
    const events: Timed[] = [];
    this.#log = events;
    try {
      const [bootPath = 0, ...actions] = way;
      this.#open(this.#initial.bootPaths[bootPath]!);
      for (const next of actions) this.#step(next);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
    } finally {
      this.#log = undefined;
    }
    const { sentence = `Breaks the invariant: ${invariant}.`, input } = this.#initial;
    let prose: string;
    try {
      prose = proseOf(this.#core, sentence, input, events);
    } catch (error) {
      prose = `${proseOf(this.#core, sentence, input, events.slice(0, -1))}# (${String(error)})\n`;
    }
    return { invariant, all, events, prose };
  }
}
