/**
 * The specification of a policy, which the invariants check a run against: by what `--explain` says,
 * and by how the command was started.
 */
import { ActionKind, EventKind, SpawnHow, Target } from "../../assembly/abi";
import { CLD_EXITED, CLD_KILLED } from "../../assembly/linux";
import { type Action, type ActionOf, type Core } from "../../host/wasm/core.ts";
import { bootCore, type BootInput } from "../../host/wasm/boot.ts";
import { words } from "../../assembly/messages";
import { signalNumber } from "../../host/wasm/vocabulary.ts";

const SIGNALS = 65;
/** A signal that starts no stop plan. */
const UNUSED = "RTMIN+30";
export const TERM = 15;

/** A step of the stop plan. */
export interface PlanStep {
  /** SAME: the signal that started the plan; 0 for none. */
  signal: number;
  /** Milliseconds, -1 for ever. */
  waits: number;
}

export const SAME = -1;

/** How the command ends when it ends by itself, and when it is killed. */
export const OWN_END = { code: CLD_EXITED, signal: 3 };
export const KILLED_END = { code: CLD_KILLED, signal: 9 };

export interface Specification {
  /** What is signalled. */
  target: Target;
  /** The command leads a session of its own. */
  ownSession: boolean;
  subreaper: boolean;
  /** What a signal goes on as, 0 for not at all. */
  as: Int32Array;
  /** Whether it starts the stop plan. */
  starts: Uint8Array;
  plan: PlanStep[];
  /** The rest of the group gets TERM when the command has ended. */
  groupTerm: boolean;
  /** The steps of the drain, none for no drain. */
  drainPlan: PlanStep[];
  /** The sum of their times in milliseconds, -1 for unbounded. */
  drain: number;
  /** Signals that are to end the command. */
  stopOn: Uint8Array;
  /** Longest time from the first stop signal to the exit, -1 for unbounded. */
  longestStop: number;
  /** Exit statuses: the command's own end, its end by KILL. */
  statuses: { own: number; killed: number };
}

interface Explained {
  signals: { signal: string; goes: string; as?: string }[];
  plan: { signal: string; waits: number | null }[];
  groupTerm: boolean;
  stopOn: string[];
  drain: number | null;
  drainPlan: { signal: string; waits: number | null }[];
  longestStop: number | null;
}

/** The specification of a command line's policy. `actions` are those of its boot. */
export function specificationOf(
  core: Core,
  input: BootInput,
  actions: readonly Action[],
): Specification {
  const told = explained(core, input);
  const spawn = actions.find((it): it is ActionOf<ActionKind.Spawn> => {
    return it.kind === ActionKind.Spawn;
  });
  if (told === undefined || spawn === undefined) throw refusal(actions);
  const ownSession = (spawn.how & SpawnHow.NewSession) !== 0;
  // What an arriving signal is rewritten to is not told of those that start the plan, and the
  // rewriting of terminal stops is told as it is for a session of the command's own.
  const more = [`--stop-on=${UNUSED}`, ...(ownSession ? [] : ["--group"])];
  const plain = explained(core, input, { last: more }) ?? explained(core, input, { first: more });
  const as = new Int32Array(SIGNALS);
  const starts = new Uint8Array(SIGNALS);
  const stopOn = new Uint8Array(SIGNALS);
  for (const name of told.stopOn) stopOn[signalNumber(name)] = 1;
  for (const [index, row] of told.signals.entries()) {
    const number = signalNumber(row.signal);
    const other = plain?.signals[index] ?? row;
    as[number] = signalNumber(other.as ?? row.as ?? "0");
    if (row.goes.startsWith("starts")) starts[number] = 1;
  }
  return {
    target: spawn.target,
    ownSession,
    subreaper: actions.some((it) => it.kind === ActionKind.BecomeSubreaper && it.on),
    as,
    starts,
    plan: told.plan.map(stepOf),
    groupTerm: told.groupTerm,
    drainPlan: told.drainPlan.map(stepOf),
    drain: told.drain ?? -1,
    stopOn,
    longestStop: told.longestStop ?? -1,
    statuses: {
      own: statusOf(core, input, OWN_END),
      killed: statusOf(core, input, KILLED_END),
    },
  };
}

/** Why a boot led to no command: what the init itself says. */
export function refusal(actions: readonly Action[]): Error {
  const said = actions.map((it) =>
    it.kind === ActionKind.Write && it.stream === 2 ? it.text : "",
  );
  return new Error(said.join("").trim() || "the options lead to no command that could be started");
}

function stepOf({ signal, waits }: Explained["plan"][number]): PlanStep {
  const number = signal === "=" ? SAME : signal === "none" ? 0 : signalNumber(signal);
  return { signal: number, waits: waits ?? -1 };
}

/**
 * What --explain says, with options before or after the others; undefined where they are not
 * understood. Through the environment every command line takes our own options.
 */
function explained(
  core: Core,
  input: BootInput,
  { first = [], last = [] }: { first?: string[]; last?: string[] } = {},
): Explained | undefined {
  core.reset();
  const booted = bootCore(core, input);
  const end = input.argv.length - booted.boot.command.length;
  // Words that stood in one, split, are not where the command line has them.
  if (last.length > 0 && booted.actions.some((it) => it.kind === ActionKind.InsertWords))
    return undefined;
  const before = input.argv[end - 1] === "--" ? end - 1 : end;
  const argv = input.argv.toSpliced(before, 0, ...last);
  const { optionsVariable } = words;
  const options = [input.env?.[optionsVariable] ?? "", "--explain=json", ...first].join(" ").trim();
  core.reset();
  const { actions } = bootCore(core, {
    ...input,
    argv,
    env: { ...input.env, [optionsVariable]: options },
  });
  const text = actions
    .map((it) => (it.kind === ActionKind.Write && it.stream === 1 ? it.text : ""))
    .join("");
  const final = actions.at(-1);
  if (final?.kind !== ActionKind.Exit || final.status !== 0) return undefined;
  return JSON.parse(text) as Explained;
}

/** The status that the init ends with, when this is the first that happens. */
function statusOf(core: Core, input: BootInput, how: { code: number; signal: number }): number {
  core.reset();
  const { boot } = bootCore(core, input);
  const pid = 100;
  core.take({ ...boot.spawned(pid), now: 0 });
  const actions = core.take({ kind: EventKind.ChildExited, pid, ...how, now: 0 });
  const exit = () => actions.find((it) => it.kind === ActionKind.Exit);
  if (exit() === undefined) actions.push(...core.take({ kind: EventKind.NoChildrenLeft, now: 0 }));
  // PID 1 looks whether others are left.
  if (exit() === undefined) actions.push(...core.take({ kind: EventKind.ProcessesListed, now: 0 }));
  return exit()?.a ?? -1;
}
