/**
 * Explores every interleaving of a small world, breadth first: from each state everything that can
 * happen next, until there is no new state. A state is the core's (its deadline counted from now)
 * and the world's.
 */
import { ActionKind, EventKind, Phase } from "../../assembly/abi";
import { bootCore, type Fact } from "../../host/node/boot.ts";
import type { Core, Snapshot } from "../../host/node/core.ts";
import { actionLine } from "../traces/vocabulary.ts";
import { invariants } from "./invariants.ts";
import {
  COMMAND,
  copyOf,
  endProcess,
  hasChildren,
  keyOf,
  lives,
  newWorld,
  perform,
  processOf,
  type Setting,
  signals,
  type Stimulus,
  type World,
} from "./world.ts";

interface Node {
  snapshot: Snapshot;
  world: World;
  /** How it was reached. */
  from: Node | undefined;
  label: string;
}

export interface Explored {
  states: number;
  transitions: number;
  /** How many of the states are ends. */
  ends: number;
  /** Phases that were seen. */
  phases: Set<Phase>;
  /** The first invariant that does not hold, with the way to it; undefined if all do. */
  violation: string | undefined;
}

/**
 * Who was sent KILL ends before this many more deadlines: otherwise each of the 50 rounds of a drain
 * would be explored with everything that can come between. Where the kernel refuses signals nobody
 * ever gets one, and all rounds are walked through.
 */
const PATIENCE = 2;

class Violation extends Error {}

/** Explores one setting to its end. */
export function explore(core: Core, setting: Setting): Explored {
  const bound = promised(core, setting);
  const seen = new Set<string>();
  const found: Explored = {
    states: 0,
    transitions: 0,
    ends: 0,
    phases: new Set(),
    violation: undefined,
  };
  let queue: Node[] = [firstNode(core, setting)];
  try {
    while (queue.length > 0) {
      const next: Node[] = [];
      for (const node of queue) {
        core.restore(node.snapshot);
        const happenings = possible(node.world, setting);
        // Only who waits for a stopped command, or for one that never ends, may wait for ever.
        if (happenings.length === 0 && core.phase !== Phase.Running)
          throw new Violation(`nothing can ever happen again:\n${wayTo(node)}`);
        for (const [label, happen] of happenings) {
          core.restore(node.snapshot);
          const world = copyOf(node.world);
          const step = { ...node, label, from: node };
          deliver(core, setting, world, happen(world), bound, step);
          found.transitions++;
          const key = `${Buffer.from(core.identity(world.now)).toString("latin1")}${keyOf(world)}`;
          if (seen.has(key)) continue;
          seen.add(key);
          found.phases.add(core.phase);
          if (world.exited >= 0) found.ends++;
          else next.push({ snapshot: core.snapshot(), world, from: node, label });
        }
      }
      queue = next;
    }
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    found.violation = error.message;
  }
  found.states = seen.size;
  return found;
}

/** What --explain promises, in milliseconds. */
function promised(core: Core, setting: Setting): number | undefined {
  core.reset();
  const argv = ["wasm-init", ...setting.options, "--explain=json"];
  const { actions } = bootCore(core, { argv, pid: setting.pid });
  const text = actions.map((it) => (it.kind === ActionKind.Write ? it.text : "")).join("");
  const { longestStop } = JSON.parse(text) as { longestStop: number | null };
  return longestStop ?? undefined;
}

function firstNode(core: Core, setting: Setting): Node {
  core.reset();
  const { pid, facts, options } = setting;
  const { boot } = bootCore(core, { argv: ["wasm-init", ...options, "server"], pid, facts });
  const world = newWorld(setting);
  core.take({ ...boot.spawned(COMMAND), now: world.now });
  return { snapshot: core.snapshot(), world, from: undefined, label: "the command runs" };
}

/** Something that can happen: it changes the world, and answers with what the init learns. */
type Happening = (world: World) => Fact[];

/** Everything that can happen next. */
function possible(world: World, setting: Setting): [string, Happening][] {
  const happenings: [string, Happening][] = [];
  for (const { pid, state, killed } of world.processes) {
    if (state === "running" || (state === "stopped" && killed))
      happenings.push([`${pid} ends`, (next) => endProcess(next, setting, pid)]);
  }
  if (world.suspended) {
    happenings.push(["a shell continues the init", wake]);
  } else if (world.deadline > 0 && world.outlived < PATIENCE) {
    happenings.push(["the deadline is reached", reachDeadline]);
  }
  for (const stimulus of world.stimuli) {
    const happening = stimulate(world, setting, stimulus);
    if (happening !== undefined) happenings.push([stimulus, happening]);
  }
  return happenings;
}

function wake(world: World): Fact[] {
  world.suspended = false;
  const command = processOf(world, COMMAND)!;
  if (world.foreground !== "none") world.foreground = "init";
  // What happened meanwhile is learned of first.
  const zombies = world.processes.filter((it) => it.state === "zombie");
  const ended = zombies.map(({ pid, killed }): Fact => {
    return { kind: EventKind.ChildExited, pid, code: killed ? 2 : 1, signal: killed ? 9 : 3 };
  });
  const cont: Fact = { kind: EventKind.SignalReceived, signal: signals.CONT, pid: 9 };
  if (command.state === "gone") return ended;
  return [...ended, cont];
}

function reachDeadline(world: World): Fact[] {
  if (world.processes.some((it) => it.killed && lives(it))) world.outlived++;
  world.now = world.deadline;
  world.deadline = 0;
  return [{ kind: EventKind.DeadlineReached }];
}

function stimulate(world: World, setting: Setting, stimulus: Stimulus): Happening | undefined {
  const command = processOf(world, COMMAND)!;
  const once = (happening: Happening): Happening => {
    return (next) => {
      next.stimuli = next.stimuli.filter((it) => it !== stimulus);
      return happening(next);
    };
  };
  switch (stimulus) {
    case "stop":
      if (command.state !== "running" || world.suspended) return undefined;
      return once((next) => {
        processOf(next, COMMAND)!.state = "stopped";
        return [{ kind: EventKind.ChildStopped, pid: COMMAND, signal: signals.STOP }];
      });
    case "lose":
      if (!lives(command) || world.suspended) return undefined;
      return once((next) => {
        endProcess(next, setting, COMMAND);
        processOf(next, COMMAND)!.state = "gone";
        return [];
      });
    case "wait":
      // Half of what is left until the deadline.
      if (world.deadline === 0 || world.suspended) return undefined;
      return once((next) => {
        next.now += (next.deadline - next.now) / 2;
        return [{ kind: EventKind.SignalReceived, signal: signals.USR1, pid: 9 }];
      });
    default:
      if (world.suspended) return undefined;
      return once(() => [{ kind: EventKind.SignalReceived, signal: signals[stimulus], pid: 9 }]);
  }
}

/** One event in, every action, and what follows; then whether any child is left. */
function deliver(
  core: Core,
  setting: Setting,
  world: World,
  facts: Fact[],
  bound: number | undefined,
  node: Node,
): void {
  // A host that is stopped takes nothing.
  if (world.suspended) return;
  take(core, setting, world, facts, bound, node);
  if (world.exited < 0 && !world.suspended && !hasChildren(world, setting))
    take(core, setting, world, [{ kind: EventKind.NoChildrenLeft }], bound, node);
}

function take(
  core: Core,
  setting: Setting,
  world: World,
  facts: Fact[],
  bound: number | undefined,
  node: Node,
): void {
  const queue = [...facts];
  for (let fact = queue.shift(); fact !== undefined; fact = queue.shift()) {
    if (world.exited >= 0) return;
    const before = copyOf(world);
    const phase = core.phase;
    let actions;
    try {
      actions = core.take({ ...fact, now: world.now });
    } catch (error) {
      throw new Violation(`the core trapped (${String(error)}):\n${wayTo(node)}`);
    }
    const wasRunning = processOf(world, COMMAND)?.state === "running";
    for (const [index, action] of actions.entries())
      queue.push(...perform(world, setting, action, index));
    if (wasRunning && processOf(world, COMMAND)?.state === "stopped")
      queue.push({ kind: EventKind.ChildStopped, pid: COMMAND, signal: signals.STOP });
    const phaseAfter = core.phase;
    if (phase === Phase.Running && phaseAfter === Phase.Stopping) world.stopping = world.now;
    if (fact.kind === EventKind.ChildExited && fact.pid === COMMAND) world.ended = world.now;
    const coreDeadline = core.deadline;
    const after = world;
    const taken = { setting, before, fact, actions, phase, after, phaseAfter, coreDeadline, bound };
    for (const [name, holds] of Object.entries(invariants)) {
      const wrong = holds(taken);
      if (wrong === undefined) continue;
      const did = actions.map((it) => `    ${actionLine(it)}`).join("\n");
      throw new Violation(`${name}: ${wrong}:\n${wayTo(node)}\n${EventKind[fact.kind]}\n${did}`);
    }
  }
}

function wayTo(node: Node): string {
  const labels: string[] = [];
  for (let at: Node | undefined = node; at !== undefined; at = at.from) labels.unshift(at.label);
  return labels.map((it) => `  ${it}`).join("\n");
}
