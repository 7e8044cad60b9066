/**
 * Explores every order in which the events of a small world can come: breadth first, states told
 * apart by what the core remembers and what the world is, so that the first run that breaks an
 * invariant is a shortest one.
 */
import { ActionKind, EventKind, Phase } from "../../assembly/abi";
import type { Fact } from "../../host/wasm/boot.ts";
import { type Action, type Core } from "../../host/wasm/core.ts";
import { proseOf, type Timed } from "../trace/writing.ts";
import { Choices } from "./environment.ts";
import { rules } from "./invariants.ts";
import { ACTION, FACT, Kernel } from "./kernel.ts";
import { type Invariants, momentOf } from "./observation.ts";
import { NOW, Remembered, rememberedBy } from "./projection.ts";
import type { Beginning, Opening } from "./configuration.ts";
import { States } from "./visited.ts";
import { Taken } from "./transition.ts";
import {
  DRAIN_OVER,
  ENDED,
  FRACTION,
  has,
  OUTLIVED,
  set,
  STATUS,
  STEP,
  STOPPING,
  SUSPENDED,
  TICKS,
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
  readonly #beginning: Beginning;
  readonly #kernel: Kernel;
  readonly #choices: Choices;
  readonly #remembered: Remembered;
  readonly #taken: Taken;
  readonly #world: Int32Array;
  readonly #wanted: [string, Invariants[string]][];
  readonly #depth: number;
  /** Milliseconds since boot, where the step began. */
  #time = 0;
  /** Keeps the events of a run that is told. */
  #log: Timed[] | undefined;

  constructor(core: Core, beginning: Beginning, wanted: Invariants = {}, depth = Infinity) {
    this.#core = core;
    this.#beginning = beginning;
    this.#kernel = new Kernel(beginning.scene);
    this.#choices = new Choices(beginning.scene, this.#kernel);
    this.#remembered = rememberedBy(core);
    this.#world = beginning.world.slice();
    this.#taken = new Taken(beginning.scene, this.#world);
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

  /** Answers with nothing when a word was found to change that is not copied yet. */
  #explore(): Explored | undefined {
    const remembered = this.#remembered;
    const head = remembered.width;
    const row = new Int32Array(head + this.#world.length);
    const next = new Int32Array(row.length);
    const states = new States(row.length);
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
    const keep = (parent: number, choice: number) => {
      remembered.save(next);
      nextWorld.set(world);
      if (!states.add(next, parent, choice, this.#time)) return;
      phases.add(this.#taken.phaseAfter);
      if (world[STATUS]! < 0) return;
      found.ends++;
      const lasted = (world[STOPPING]! >= 0 ? world[STOPPING]! : world[ENDED]!) / TICKS;
      if (lasted > found.longestStop) found.longestStop = lasted;
    };
    let at = -1;
    let choice = 0;
    try {
      for (const [index, opening] of this.#beginning.openings.entries()) {
        choice = index;
        this.#open(opening);
        if (index === 0) remembered.begin();
        else if (remembered.grew()) return undefined;
        keep(-1, index);
      }
      let levelEnd = states.count;
      for (at = 0; at < states.count; at++) {
        if (at === levelEnd) {
          levelEnd = states.count;
          found.depth++;
        }
        states.read(at, row);
        if (worldOf[STATUS]! >= 0) continue;
        if (found.depth >= this.#depth) {
          found.exhausted = false;
          break;
        }
        const time = states.time(at);
        const count = this.#choices.find(worldOf);
        if (count === 0) this.#checkStuck(worldOf, row);
        for (let index = 0; index < count; index++) {
          choice = this.#choices.list[index]!;
          world.set(worldOf);
          remembered.restore(row);
          this.#time = time;
          this.#step(choice);
          found.transitions++;
          keep(at, choice);
        }
        if (remembered.grew()) return undefined;
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      if (remembered.grew()) return undefined;
      found.broken = this.#tell(states, at, choice, error.all);
    }
    found.states = states.count;
    found.phases = [...phases].map((phase) => Phase[phase]);
    return found;
  }

  /** Only who waits for a stopped command, or for one that never ends, may wait for ever. */
  #checkStuck(world: Int32Array, row: Int32Array): void {
    this.#remembered.restore(row);
    const { phase } = this.#core;
    const { longestStop } = this.#beginning.scene.promises;
    const isBound = phase === Phase.Draining || (phase === Phase.Stopping && longestStop >= 0);
    if (isBound && world[STATUS]! < 0) throw new Violation({ [NO_END]: "the init hangs" });
  }

  /** The boot, and the command's start. */
  #open({ facts, spawned, failed }: Opening): void {
    const kernel = this.#kernel;
    this.#beginning.boot(this.#core, facts);
    this.#world.set(this.#beginning.world);
    kernel.forget();
    this.#time = this.#world[FRACTION]! / TICKS;
    this.#taken.held = this.#beginning.heldOf(facts);
    this.#log?.push(...[...facts, spawned].map((fact) => ({ fact, now: this.#time })));
    // The word stands in the argument buffer before the event is taken in numbers.
    this.#core.writeArgument(spawned.bytes ?? "");
    kernel.tell(EventKind.Spawned, 0, spawned.code, spawned.pid);
    if (failed !== undefined) {
      const { code, uid } = failed;
      kernel.tell(EventKind.ActionFailed, 0, code, 0, uid);
    }
    this.#deliver(NOW + this.#time);
    this.#taken.held = [];
  }

  /** One thing happens, and all that follows from it. */
  #step(choice: number): void {
    const world = this.#world;
    this.#kernel.forget();
    const passed = this.#choices.take(world, choice);
    const since = world[FRACTION]! + passed;
    this.#time += passed / TICKS;
    this.#deliver(NOW + since / TICKS);
    if (passed === 0) return;
    world[FRACTION] = since % TICKS;
    this.#remembered.rebase((since - world[FRACTION]) / TICKS);
  }

  /** Hands over what is to be told; then whether any child is left. */
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
    const taken = this.#taken;
    const { fact, before, actions } = taken;
    const from = kernel.first++ * FACT;
    for (let field = 0; field < FACT; field++) fact[field] = kernel.facts[from + field]!;
    for (let word = 0; word < before.length; word++) before[word] = world[word]!;
    const kind: EventKind = fact[0]!;
    if (this.#log !== undefined && kind !== EventKind.Spawned) this.#note(fact);
    taken.phase = core.phase;
    let count: number;
    try {
      count = core.takeNumbers(
        kind,
        now,
        fact[1]!,
        fact[2]!,
        fact[3]!,
        fact[4]!,
        fact[5]!,
        fact[6]!,
      );
    } catch (error) {
      throw new Violation({ [NO_TRAP]: String(error) });
    }
    taken.count = count;
    for (let index = 0, to = 0; index < count; index++, to += ACTION) {
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
    taken.phaseAfter = phase;
    const due = core.deadline;
    taken.due = due === 0 ? -1 : (due - now) * TICKS;
    for (let index = 0; index < count; index++)
      kernel.perform(world, actions, index * ACTION, index);
    if (taken.phase === Phase.Running && phase === Phase.Stopping) world[STOPPING] = 0;
    if (kind === EventKind.DeadlineReached && taken.phase === Phase.Draining)
      set(world, DRAIN_OVER);
    if (kind === EventKind.DeadlineReached && taken.phase === Phase.Stopping)
      world[STEP] = world[STEP]! + 1;
    taken.markForeground();
    if (taken.isCommandsEnd) {
      world[ENDED] = 0;
      world[OUTLIVED] = 0;
    }
    if (this.#log !== undefined) return;
    taken.settled =
      kernel.first === kernel.count &&
      (asked || has(world, SUSPENDED) || kernel.hasChildren(world));
    this.#check();
    const says = kind === EventKind.ActionFailed && fact[2] === EPERM && count > 0;
    if (says && taken.many(ActionKind.Write) > 0) set(world, TOLD);
  }

  /** Holds the event against every invariant. */
  #check(): void {
    const taken = this.#taken;
    taken.listSent();
    let all: Record<string, string> | undefined;
    for (let index = 0; index < ruleList.length; index++) {
      const [name, rule] = ruleList[index]!;
      const wrong = rule(taken);
      if (wrong !== undefined) (all ??= {})[name] = wrong;
    }
    if (this.#wanted.length > 0 && this.#taken.kind !== EventKind.Spawned) {
      const core = this.#core;
      const done: Action[] = [];
      for (let index = 0; index < taken.count; index++) done.push(core.action(index));
      const moment = momentOf(taken, done, this.#time);
      for (const [name, holds] of this.#wanted)
        if (!holds(moment)) (all ??= {})[name] = "it does not hold";
    }
    if (all !== undefined) throw new Violation(all);
  }

  #note(numbers: Int32Array): void {
    const [kind = 0, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0] = numbers;
    const fact: Fact = { kind, signal, code, pid, uid, low, high };
    this.#log?.push({ fact, now: this.#time });
  }

  /** The run to a state and the choice that breaks an invariant there, as a test in prose. */
  #tell(states: States, last: number, choice: number, all: Record<string, string>): Broken {
    const invariant = Object.keys(all)[0]!;
    const way: number[] = invariant === NO_END ? [] : [choice];
    let at = last;
    for (; at >= 0; at = states.parent(at)) way.unshift(states.choice(at));
    const events: Timed[] = [];
    this.#log = events;
    try {
      const [opening = 0, ...choices] = way;
      this.#open(this.#beginning.openings[opening]!);
      for (const next of choices) this.#step(next);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
    } finally {
      this.#log = undefined;
    }
    const { sentence = `Breaks the invariant: ${invariant}.`, input } = this.#beginning;
    let prose: string;
    try {
      prose = proseOf(this.#core, sentence, input, events);
    } catch (error) {
      prose = `${proseOf(this.#core, sentence, input, events.slice(0, -1))}# (${String(error)})\n`;
    }
    return { invariant, all, events, prose };
  }
}
