/**
 * Explores every order in which the events of a small world can come: breadth first, states told
 * apart by what the core remembers and what the world is, so that the first run that breaks an
 * invariant is a shortest one.
 *
 * The world: the command, descendants of it (those with an even index have left its process group),
 * and signals that each arrive once. Time passes only as deadlines are reached.
 */
import { ActionKind, EventKind, Phase, Target } from "../../assembly/abi";
import { bootCore, type BootInput, type Fact } from "../node/boot.ts";
import { type Action, type Core, hashOf, type Snapshot } from "../node/core.ts";
import { childExited, signal } from "./run.ts";
import { signalNumber } from "./vocabulary.ts";
import { proseOf, type Timed } from "./writing.ts";

const COMMAND = 100;

/** One event of a run, for an invariant to look at. */
export interface Moment {
  event: Fact;
  actions: Action[];
  now: number;
  before: World;
  after: World;
  phase: Phase;
}

/** What an invariant may know of the world. */
export interface World {
  /** Pids of children that are not reaped. */
  alive: number[];
  /** The signals that have not come yet. */
  signals: string[];
  /** When the first of the signals that start a plan, or the command's end, came; -1 before. */
  stopSince: number;
  exited: boolean;
}

/** A name, and what holds in every moment. */
export type Invariants = Readonly<Record<string, (moment: Moment) => boolean>>;

export interface Bounds {
  /** Signals that arrive, each once, in any order. */
  signals?: readonly string[];
  /** Descendants beside the command. */
  children?: number;
  /** Most events after the boot. */
  depth?: number;
  invariants?: Invariants;
  sentence?: string;
}

export interface Explored {
  states: number;
  transitions: number;
  /** Most events in a row. */
  depth: number;
  /** Whether every state was reached, and not cut by the depth. */
  exhausted: boolean;
  /** From the first stop signal to the exit, in milliseconds, at most. */
  longestStop: number;
  broken?: { invariant: string; events: Timed[]; prose: string };
}

function sent(actions: readonly Action[]) {
  return actions.filter(
    (action) => action.kind === ActionKind.SendSignal || action.kind === ActionKind.QueueSignal,
  ) as { target: Target; pid: number; signal: number; kind: ActionKind }[];
}

/** What holds in every run, whatever the options. */
export const invariants: Invariants = {
  "exits at most once, and last": ({ actions }) => {
    const at = actions.findIndex(({ kind }) => kind === ActionKind.Exit);
    return at < 0 || at === actions.length - 1;
  },
  "reaps every child that ended, once": ({ event, actions }) => {
    const reaped = actions.filter(({ kind }) => kind === ActionKind.Reap);
    const wanted = event.kind === EventKind.ChildExited ? 1 : 0;
    return reaped.length === wanted && reaped.every(({ b }) => b === event.pid);
  },
  // While draining, the group outlives the command that gave it its number.
  "sends no signal to a process that was reaped": ({ actions, before, phase }) =>
    phase === Phase.Draining ||
    sent(actions).every(
      ({ target, pid }) => target === Target.Everyone || before.alive.includes(pid),
    ),
  "never signals pid 0 or below": ({ actions }) =>
    sent(actions).every(({ target, pid }) => target === Target.Everyone || pid > 0),
  "forwards a signal at most once": ({ event, actions }) =>
    event.kind !== EventKind.SignalReceived ||
    sent(actions).filter(({ signal: number }) => number === event.signal).length <= 1,
  // Or when it has outlived KILL by the time that the policy gives it.
  "ends only when the command has ended": ({ actions, before, event }) =>
    event.kind === EventKind.DeadlineReached ||
    !actions.some(({ kind }) => kind === ActionKind.Exit) ||
    !before.alive.includes(COMMAND) ||
    (event.kind === EventKind.ChildExited && event.pid === COMMAND),
};

interface Node {
  state: Snapshot;
  world: World;
  now: number;
  depth: number;
  from: Node | undefined;
  fact: Fact | undefined;
}

/** Explores a policy. */
export function explore(core: Core, input: BootInput, bounds: Bounds = {}): Explored {
  const { signals = ["TERM", "INT", "USR1"], children = 2, depth: most = 200 } = bounds;
  const rules = Object.entries({ ...invariants, ...bounds.invariants });
  const found: Explored = { states: 0, transitions: 0, depth: 0, exhausted: true, longestStop: 0 };
  core.reset();
  const { boot, actions } = bootCore(core, input);
  if (actions.at(-1)?.kind !== ActionKind.Spawn)
    throw new Error("the options lead to no command that could be started");
  signals.forEach(signalNumber);
  core.take({ ...boot.spawned(COMMAND), now: 0 });
  const alive = [COMMAND, ...Array.from({ length: children }, (_, index) => COMMAND + 1 + index)];
  const start: World = { alive, signals: [...signals], stopSince: -1, exited: false };
  const root: Node = {
    state: core.snapshot(),
    world: start,
    now: 0,
    depth: 0,
    from: undefined,
    fact: boot.spawned(COMMAND),
  };
  const seen = new Set([keyOf(core, root)]);
  let level = [root];
  while (level.length > 0) {
    const next: Node[] = [];
    for (const node of level) {
      core.restore(node.state);
      const events = possible(node.world, core.deadline);
      if (node.depth >= most) {
        found.exhausted = false;
        continue;
      }
      for (const fact of events) {
        core.restore(node.state);
        const now =
          fact.kind === EventKind.DeadlineReached ? Math.max(node.now, core.deadline) : node.now;
        found.transitions++;
        let done: Action[];
        try {
          done = takeAll(core, fact, now, node.world);
        } catch {
          found.broken = broken(core, input, node, fact, "the core does not trap", bounds.sentence);
          return found;
        }
        const world = after(node.world, fact, done, now, core.phase);
        const moment = { event: fact, actions: done, now, before: node.world, after: world };
        const rule = rules.find(([, holds]) => !holds({ ...moment, phase: core.phase }));
        if (rule !== undefined) {
          found.broken = broken(core, input, node, fact, rule[0], bounds.sentence);
          return found;
        }
        if (world.exited) {
          if (world.stopSince >= 0)
            found.longestStop = Math.max(found.longestStop, now - world.stopSince);
          continue;
        }
        const child: Node = {
          state: core.snapshot(),
          world,
          now,
          depth: node.depth + 1,
          from: node,
          fact,
        };
        const key = keyOf(core, child);
        if (seen.has(key)) continue;
        seen.add(key);
        found.depth = Math.max(found.depth, child.depth);
        next.push(child);
      }
    }
    level = next;
  }
  found.states = seen.size;
  return found;
}

/** A state by what tells it apart: the core's, the world's, and how long the stop has lasted. */
function keyOf(core: Core, { world, now }: Node): string {
  const { alive, signals, stopSince } = world;
  const lasted = stopSince < 0 ? -1 : now - stopSince;
  return `${hashOf(core.identity(now))} ${alive.join()} ${signals.join()} ${lasted}`;
}

/** What can happen next. */
function possible(world: World, deadline: number): Fact[] {
  const events = world.signals.map((name) => signal(name));
  for (const pid of world.alive) events.push(childExited(pid, { code: pid === COMMAND ? 3 : 0 }));
  if (world.alive.length === 0) events.push({ kind: EventKind.NoChildrenLeft });
  if (deadline > 0) events.push({ kind: EventKind.DeadlineReached });
  return events;
}

/** Hands an event over, and what the host would answer at once. */
function takeAll(core: Core, fact: Fact, now: number, world: World): Action[] {
  const actions = core.take({ ...fact, now });
  for (let index = 0; index < actions.length; index++) {
    if (actions[index]?.kind !== ActionKind.ListDescendants) continue;
    for (const pid of world.alive.filter((one) => one !== fact.pid && one !== COMMAND))
      actions.push(...core.take({ kind: EventKind.ProcessFound, pid, now }));
    actions.push(...core.take({ kind: EventKind.ProcessesListed, now }));
  }
  return actions;
}

function after(
  world: World,
  fact: Fact,
  actions: readonly Action[],
  now: number,
  phase: Phase,
): World {
  let { alive, signals, stopSince } = world;
  if (fact.kind === EventKind.SignalReceived)
    signals = signals.filter((name) => signalNumber(name) !== fact.signal);
  if (fact.kind === EventKind.ChildExited) alive = alive.filter((pid) => pid !== fact.pid);
  if (stopSince < 0 && phase !== Phase.Running) stopSince = now;
  const exited = actions.some(({ kind }) => kind === ActionKind.Exit);
  return { alive, signals, stopSince, exited };
}

/** The shortest run to a node and the event that breaks a rule, as a test in prose. */
function broken(
  core: Core,
  input: BootInput,
  node: Node,
  last: Fact,
  invariant: string,
  sentence = `Breaks the invariant: ${invariant}.`,
) {
  const events: Timed[] = [];
  for (let at: Node | undefined = node; at !== undefined; at = at.from)
    if (at.fact !== undefined) events.unshift({ fact: at.fact, now: at.now });
  core.restore(node.state);
  const due = core.deadline;
  const now = last.kind === EventKind.DeadlineReached ? Math.max(node.now, due) : node.now;
  events.push({ fact: last, now });
  let prose: string;
  try {
    prose = proseOf(core, sentence, input, events);
  } catch (error) {
    prose = `# ${sentence}\n# (${String(error)})\n`;
  }
  return { invariant, events, prose };
}
