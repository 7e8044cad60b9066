/**
 * One run of the core in a small world: its boot, then one environment action after the other, each
 * with all the events that follow from it. Every transition is checked against the invariants.
 */
import { ActionKind, EventKind, Phase } from "../../assembly/abi";
import { EPERM } from "../../assembly/linux";
import type { PendingEvent } from "../../host/wasm/boot.ts";
import { type Action, type Core } from "../../host/wasm/core.ts";
import { proseOf, type Timed } from "../trace/writing.ts";
import type { BootPath, InitialState } from "./configuration.ts";
import { EnvironmentActions } from "./environment.ts";
import { rules } from "./invariants.ts";
import { ACTION_FIELDS, EVENT_FIELDS, Kernel } from "./kernel.ts";
import { type Invariants, observationOf } from "./observation.ts";
import { NOW } from "./projection.ts";
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

const NO_TRAP = "the core does not trap";
export const NO_END = "something can always happen until a stop is over";

/** What does not hold, by invariant. */
export class Violation extends Error {
  readonly all: Record<string, string>;

  constructor(all: Record<string, string>) {
    super(Object.keys(all)[0]);
    this.all = all;
  }
}

const ruleList = Object.entries(rules);

export class Run {
  readonly core: Core;
  readonly world: Int32Array;
  readonly environment: EnvironmentActions;
  readonly transition: Transition;
  readonly #initial: InitialState;
  readonly #kernel: Kernel;
  readonly #wanted: [string, Invariants[string]][];
  /** Milliseconds since boot, where the transition began. */
  time = 0;
  /** Events that the core has taken since the boot. */
  events = 0;
  /** Keeps the events of a run that is told; nothing is checked then. */
  #log: Timed[] | undefined;

  constructor(core: Core, initial: InitialState, wanted: Invariants = {}) {
    this.core = core;
    this.#initial = initial;
    this.#kernel = new Kernel(initial.configuration);
    this.environment = new EnvironmentActions(initial.configuration, this.#kernel);
    this.world = initial.world.slice();
    this.transition = new Transition(initial.configuration, this.world);
    this.#wanted = Object.entries(wanted);
  }

  /** The boot, and the command's start. */
  open({ events, spawned, failed }: BootPath): void {
    const kernel = this.#kernel;
    this.#initial.boot(this.core, events);
    this.world.set(this.#initial.world);
    kernel.clearEvents();
    this.events = 0;
    this.time = this.world[FRACTION]! / TICKS_PER_MS;
    this.transition.held = this.#initial.heldOf(events);
    this.#log?.push(...[...events, spawned].map((event) => ({ event, now: this.time })));
    // The word stands in the argument buffer before the event is taken in numbers.
    this.core.writeArgument(spawned.bytes ?? "");
    kernel.tell(EventKind.Spawned, 0, spawned.code, spawned.pid);
    if (failed !== undefined) {
      const { code, uid } = failed;
      kernel.tell(EventKind.ActionFailed, 0, code, 0, uid);
    }
    this.deliver(NOW + this.time);
    this.transition.held = [];
  }

  /** An environment action: returns how many ticks it took. `deliver` hands over what it led to. */
  act(action: number): number {
    this.#kernel.clearEvents();
    return this.environment.take(this.world, action);
  }

  /** Only an init with a stopped command, or with one that never ends, may wait for ever. */
  checkStuck(): void {
    const { phase } = this.core;
    const { longestStop } = this.#initial.configuration.specification;
    const isBound = phase === Phase.Draining || (phase === Phase.Stopping && longestStop >= 0);
    if (isBound && this.world[STATUS]! < 0) throw new Violation({ [NO_END]: "the init hangs" });
  }

  /** Hands over the kernel's events; at last, whether any child is left. */
  deliver(now: number): void {
    const kernel = this.#kernel;
    const world = this.world;
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
    const core = this.core;
    const kernel = this.#kernel;
    const world = this.world;
    const transition = this.transition;
    const { event, before, actions } = transition;
    const from = kernel.first++ * EVENT_FIELDS;
    for (let field = 0; field < EVENT_FIELDS; field++) event[field] = kernel.events[from + field]!;
    for (let word = 0; word < before.length; word++) before[word] = world[word]!;
    const kind: EventKind = event[0]!;
    this.events++;
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
    const transition = this.transition;
    transition.listSent();
    let all: Record<string, string> | undefined;
    for (let index = 0; index < ruleList.length; index++) {
      const [name, rule] = ruleList[index]!;
      const wrong = rule(transition);
      if (wrong !== undefined) (all ??= {})[name] = wrong;
    }
    if (this.#wanted.length > 0 && this.transition.kind !== EventKind.Spawned) {
      const core = this.core;
      const done: Action[] = [];
      for (let index = 0; index < transition.count; index++) done.push(core.action(index));
      const observation = observationOf(transition, done, this.time);
      for (const [name, holds] of this.#wanted)
        if (!holds(observation)) (all ??= {})[name] = "it does not hold";
    }
    if (all !== undefined) throw new Violation(all);
  }

  #note(numbers: Int32Array): void {
    const [kind = 0, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0] = numbers;
    const event: PendingEvent = { kind, signal, code, pid, uid, low, high };
    this.#log?.push({ event, now: this.time });
  }

  /** The events of a run that `again` repeats on this one. */
  eventsOf(again: () => void): Timed[] {
    const events: Timed[] = [];
    this.#log = events;
    try {
      again();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
    } finally {
      this.#log = undefined;
    }
    return events;
  }

  /** Events that break an invariant, as a test in prose. */
  proseOf(invariant: string, events: readonly Timed[]): string {
    const { sentence = `Breaks the invariant: ${invariant}.`, input } = this.#initial;
    try {
      return proseOf(this.core, sentence, input, [...events]);
    } catch (error) {
      return `${proseOf(this.core, sentence, input, events.slice(0, -1))}# (${String(error)})\n`;
    }
  }
}
