/** The configuration that bounds and options make, and its initial states. */
import { ActionKind, EventKind, BootFlag, SpawnHow } from "../../assembly/abi";
import { bootCore, type BootInput, type PendingEvent } from "../../host/wasm/boot.ts";
import type { ActionOf, Core } from "../../host/wasm/core.ts";
import { textOf, signalNumber } from "../../host/wasm/vocabulary.ts";
import { CONT } from "./kernel.ts";
import { refusal, type Specification, specificationOf } from "./specification.ts";
import { NOW } from "./projection.ts";
import {
  COMMAND,
  COMMANDS,
  DEADLINE,
  ENDED,
  FLAGS,
  FRACTION,
  type Incident,
  incidents,
  INIT,
  NO_TERMINAL,
  OURS,
  PENDING,
  PROCESSES,
  REFUSES,
  type Refusals,
  RUNNING,
  type Configuration,
  setParent,
  setState,
  SINCE_FIRST,
  SINCE_LAST,
  STATUS,
  type Stimulus,
  STOPPING,
  STRANGERS,
  TICKS_PER_MS,
  USER,
} from "./world.ts";

const HUP = 1;
/** One bit each in an i32. */
const STIMULI_MAX = 31;
const CHILDREN_MAX = 8;
const DEFAULT_PATIENCE = 2;

/** What a world is made of. */
export interface Bounds {
  /**
   * What comes from outside, each once, in any order: signals by name, `queued NAME` for one with a
   * value, `own NAME` for one that the init itself caused; and incidents.
   */
  signals?: readonly string[];
  incidents?: readonly Incident[];
  /** Descendants beside the command. */
  children?: number;
  /** Most transitions in a row. */
  depth?: number;
  /** Deadlines that a process may outlive after KILL before only deadlines are explored. */
  patience?: number;
  /** Signals below RTMIN that the processes of the command's group beside it ignore. */
  ignores?: readonly string[];
  /** What the kernel refuses, each with an errno. */
  refusals?: Refusals;
  /** How far the clock is past a whole millisecond at the start: 0, 0.25, 0.5 or 0.75. */
  clock?: number;
  /** Which group has the terminal's foreground, where the command is not given it. */
  foreground?: "ours" | "a stranger's";
  /** The specification, as far as it is known otherwise than by asking the core itself. */
  specification?: Partial<Specification>;
}

/** One way from the boot to an initial state. */
export interface BootPath {
  /** Events after the boot protocol and before the spawn. */
  events: PendingEvent[];
  spawned: PendingEvent;
  /** The command could not be given the terminal. */
  failed: PendingEvent | undefined;
}

/** What an exploration starts from. */
export interface InitialState {
  configuration: Configuration;
  input: BootInput;
  sentence?: string;
  /** The world after the spawn. */
  world: Int32Array;
  bootPaths: BootPath[];
  /** Brings a core to its Spawn. */
  boot: (core: Core, events: readonly PendingEvent[]) => void;
  /** Signals of users among these events, in the order in which they are sent on. */
  heldOf: (events: readonly PendingEvent[]) => number[];
}

/** The initial state of an exploration. Throws if the options lead to no command. */
export function initialStateOf(core: Core, input: BootInput, bounds: Bounds): InitialState {
  const { refusals = {} } = bounds;
  const refused = {
    ...(refusals.release === undefined ? {} : { [ActionKind.ReleaseTerminal]: refusals.release }),
  };
  core.reset();
  const first = bootCore(core, input, refused, NOW);
  const spawn = first.actions.at(-1);
  if (spawn?.kind !== ActionKind.Spawn) throw refusal(first.actions);
  const children = childrenOf(bounds);
  const pids = Array.from({ length: 1 + children }, (_, index) => COMMAND + index);
  const forks = bounds.incidents?.includes("fork") === true;
  const grows = forks || bounds.incidents?.includes("adopt") === true;
  const specification = { ...specificationOf(core, input, first.actions), ...bounds.specification };
  const configuration: Configuration = {
    specification,
    init: input.pid,
    pids: grows ? [...pids, COMMAND + pids.length] : pids,
    groups: pids.map((pid, index) => (index === 0 || index % 2 === 1 ? COMMAND : pid)),
    ignored: (bounds.ignores ?? []).reduce((set, name) => set | (1 << signalNumber(name)), 0),
    stimuli: stimuliOf(bounds, input.pid),
    patience: bounds.patience ?? DEFAULT_PATIENCE,
    refusals,
    steals:
      (spawn.how & SpawnHow.TakeForeground) !== 0 &&
      ((input.bootFlags ?? 0) & BootFlag.Foreground) === 0,
    // A deadline is a whole millisecond, and never early.
    lateness: (bounds.clock ?? 0) === 0 ? 0 : (specification.plan.length + 2) * TICKS_PER_MS,
    suspendsWithCommand: !/dumb-init/.test(input.argv.slice(0, 3).map(textOf).join(" ")),
  };
  if (grows) configuration.groups.push(forks ? COMMAND : COMMAND + pids.length);
  const { prepared } = first;
  const releases = first.actions.some(({ kind }) => kind === ActionKind.ReleaseTerminal);
  const ways = releases && refusals.release === undefined ? releasePaths(input.pid) : [[]];
  const bootPaths = ways.map((meanwhile): BootPath => ({
    events: prepared.flatMap((event) =>
      event.kind === EventKind.TerminalReleased ? [...meanwhile, event] : [event],
    ),
    spawned: first.boot.spawned(COMMAND),
    failed: terminalFailed(spawn, refusals),
  }));
  return {
    configuration,
    input,
    world: worldOf(configuration, spawn, input, bounds, pids.length),
    bootPaths,
    boot: (on, events) => {
      on.reset();
      const meanwhile = events.filter(({ kind }) => kind === EventKind.SignalReceived);
      bootCore(on, input, refused, NOW, meanwhile);
    },
    heldOf: (events) =>
      events
        .filter((event) => event.kind === EventKind.SignalReceived && event.pid !== input.pid)
        .map((event) => event.signal ?? 0)
        .sort((one, other) => one - other),
  };
}

function childrenOf({ children = 2 }: Bounds): number {
  if (!Number.isInteger(children) || children < 0 || children > CHILDREN_MAX)
    throw new Error(`children: a number from 0 to ${CHILDREN_MAX}, not ${children}`);
  return children;
}

function stimuliOf({ signals, incidents: others = [] }: Bounds, init: number): Stimulus[] {
  const names = signals ?? ["TERM", "INT", "USR1"];
  const stimuli = names.map((name): Stimulus => {
    const [, how, signal = ""] = /^(queued |own |)(.*)$/.exec(name) ?? [];
    const number = signalNumber(signal);
    if (number < 1 || number > 64) throw new Error(`no signal ${name}`);
    const from = how === "own " ? init : USER;
    return { name, incident: -1, signal: number, queued: how === "queued ", from };
  });
  for (const name of others) {
    const incident = incidents.indexOf(name);
    if (incident < 0) throw new Error(`no incident ${name as string}`);
    stimuli.push({ name, incident, signal: 0, queued: false, from: 0 });
  }
  if (stimuli.length > STIMULI_MAX) throw new Error(`more than ${STIMULI_MAX} signals`);
  return stimuli;
}

/**
 * The release sends HUP and CONT to the init. A user's own HUP or CONT can come just before, and
 * stands for both then, or come without (when the init's group had no foreground).
 */
function releasePaths(init: number): PendingEvent[][] {
  const ways: PendingEvent[][] = [];
  for (const hup of [init, USER, 0])
    for (const cont of [init, USER, 0])
      ways.push(
        [
          { kind: EventKind.SignalReceived, signal: HUP, code: 0, pid: hup },
          { kind: EventKind.SignalReceived, signal: CONT, code: 0, pid: cont },
        ].filter(({ pid }) => pid !== 0),
      );
  return ways;
}

function terminalFailed(
  spawn: ActionOf<ActionKind.Spawn>,
  { terminal }: Refusals,
): PendingEvent | undefined {
  if (terminal === undefined || !takesTerminal(spawn)) return undefined;
  return { kind: EventKind.ActionFailed, code: terminal, uid: ActionKind.Spawn };
}

function takesTerminal({ how }: ActionOf<ActionKind.Spawn>): boolean {
  return (how & (SpawnHow.TakeForeground | SpawnHow.TakeTerminal)) !== 0;
}

function worldOf(
  configuration: Configuration,
  spawn: ActionOf<ActionKind.Spawn>,
  { bootFlags = 0 }: BootInput,
  { refusals = {}, foreground = "a stranger's", clock = 0 }: Bounds,
  processes: number,
): Int32Array {
  const world = new Int32Array(PROCESSES + configuration.pids.length);
  world[PENDING] = 2 ** configuration.stimuli.length - 1;
  world[SINCE_FIRST] = world[SINCE_LAST] = -1;
  world[DEADLINE] = world[STOPPING] = world[ENDED] = world[STATUS] = -1;
  world[FRACTION] = clock * TICKS_PER_MS;
  let holder = NO_TERMINAL;
  if ((spawn.how & SpawnHow.NewGroup) !== 0 && (bootFlags & BootFlag.Terminal) !== 0) {
    holder = foreground === "ours" ? OURS : STRANGERS;
    if ((spawn.how & SpawnHow.TakeForeground) !== 0)
      holder = refusals.terminal === undefined ? COMMANDS : OURS;
  }
  world[FLAGS] = holder | (refusals.signals === undefined ? 0 : REFUSES);
  for (let index = 0; index < processes; index++) {
    setState(world, index, RUNNING);
    setParent(world, index, index === 0 ? INIT : 0);
  }
  return world;
}
