/**
 * A world small enough to be explored whole: the init, a command, and two processes that the
 * command has made, one in its group and one that leads a session of its own. Signals are taken as
 * they come; who gets one may die of it, or not, whenever it likes.
 */
import { ActionKind, EventKind, Fact as FactBit, Target } from "../../assembly/abi";
import { actionFailed, type Fact } from "../../host/node/boot.ts";
import type { Action } from "../../host/node/core.ts";

export const COMMAND = 100;
export const HELPER = 101;
export const DAEMON = 102;

export const signals = {
  HUP: 1,
  INT: 2,
  KILL: 9,
  USR1: 10,
  TERM: 15,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
};

const ESRCH = 3;
const EPERM = 1;
const EXITED = 1;
const KILLED = 2;

/** What a world is explored under. */
export interface Setting {
  name: string;
  options: string[];
  pid: number;
  facts: number;
  /** The group is signalled, not the command alone. */
  group: boolean;
  /** Waits of the stop plan before each of its steps, and which is KILL; none without a plan. */
  plan: boolean;
  drain: boolean;
  /** The kernel refuses every signal to one process or group. */
  refused: boolean;
  /** What can come from outside, each once. */
  stimuli: Stimulus[];
}

/** Something that can come from outside. */
export type Stimulus = "TERM" | "INT" | "USR1" | "HUP" | "TSTP" | "stop" | "lose" | "wait";

export type ProcessState = "running" | "stopped" | "zombie" | "gone";

export interface Process {
  pid: number;
  parent: number;
  group: number;
  state: ProcessState;
  /** KILL has been sent: it can end even while stopped. */
  killed: boolean;
}

/** The kernel's side. Times are absolute; a state's key has them relative to now. */
export interface World {
  now: number;
  /** The host's deadline, 0 for none. */
  deadline: number;
  processes: Process[];
  stimuli: Stimulus[];
  suspended: boolean;
  /** Who holds the terminal's foreground, if there is one. */
  foreground: "init" | "command" | "none";
  /** When the stop plan was started, and when the command ended; -1 for not yet. */
  stopping: number;
  ended: number;
  /** The status that the init ended with, -1 before. */
  exited: number;
  warnings: number;
  /** Deadlines that somebody has outlived though he was sent KILL. */
  outlived: number;
}

/** The world just after the spawn. */
export function newWorld(setting: Setting): World {
  const process = (pid: number, parent: number, group: number): Process => {
    return { pid, parent, group, state: "running", killed: false };
  };
  return {
    now: 1000,
    deadline: 0,
    processes: [
      process(COMMAND, setting.pid, COMMAND),
      process(HELPER, COMMAND, COMMAND),
      process(DAEMON, COMMAND, DAEMON),
    ],
    stimuli: setting.stimuli,
    suspended: false,
    foreground: (setting.facts & FactBit.Foreground) !== 0 ? "command" : "none",
    stopping: -1,
    ended: -1,
    exited: -1,
    warnings: 0,
    outlived: 0,
  };
}

/** A copy that can be changed. */
export function copyOf(world: World): World {
  return { ...world, processes: world.processes.map((it) => ({ ...it })) };
}

/** What tells two worlds apart, whatever the time. */
export function keyOf(world: World): string {
  const relative = (time: number) => (time <= 0 ? time : world.now - time);
  return JSON.stringify([
    world.processes.map((it) => [it.parent, it.state, it.killed]),
    world.stimuli,
    world.suspended,
    world.foreground,
    relative(world.deadline),
    relative(world.stopping),
    relative(world.ended),
    world.exited,
    world.warnings,
    world.outlived,
  ]);
}

/** The process with this pid. */
export function processOf(world: World, pid: number): Process | undefined {
  return world.processes.find((it) => it.pid === pid);
}

/** Whether a process can still get signals. */
export function lives({ state }: Process): boolean {
  return state === "running" || state === "stopped";
}

/** Whether the init has a child, dead or alive. */
export function hasChildren(world: World, setting: Setting): boolean {
  return world.processes.some((it) => it.parent === setting.pid && it.state !== "gone");
}

/** Ends a process; its children fall to the init. Answers with what the init learns of it. */
export function endProcess(world: World, setting: Setting, pid: number): Fact[] {
  const process = processOf(world, pid)!;
  for (const child of world.processes) if (child.parent === pid) child.parent = setting.pid;
  if (process.parent !== setting.pid) {
    process.state = "gone";
    return [];
  }
  process.state = "zombie";
  const how = process.killed ? { code: KILLED, signal: 9 } : { code: EXITED, signal: 3 };
  return [{ kind: EventKind.ChildExited, pid, ...how }];
}

/** Carries out an action, and answers with the events that follow. */
export function perform(world: World, setting: Setting, action: Action, index: number): Fact[] {
  switch (action.kind) {
    case ActionKind.SendSignal:
    case ActionKind.QueueSignal: {
      const errno = send(world, setting, action.target, action.pid, action.signal);
      return errno === 0 ? [] : [actionFailed(action, index, errno)];
    }
    case ActionKind.StopSelf:
      world.suspended = true;
      return [];
    case ActionKind.SetDeadline:
      world.deadline = action.due;
      return [];
    case ActionKind.ClearDeadline:
      world.deadline = 0;
      return [];
    case ActionKind.GiveForeground:
      if (world.foreground === "none") return [actionFailed(action, index, EPERM)];
      world.foreground = "command";
      return [{ kind: EventKind.ForegroundMoved, pid: COMMAND }];
    case ActionKind.TakeForeground:
      world.foreground = "init";
      return [{ kind: EventKind.ForegroundMoved, pid: setting.pid }];
    case ActionKind.Write:
      world.warnings++;
      return [];
    case ActionKind.Reap: {
      const child = processOf(world, action.pid);
      if (child !== undefined) child.state = "gone";
      return [];
    }
    case ActionKind.ListDescendants: {
      const found = world.processes.filter(lives).map(({ pid }): Fact => {
        return { kind: EventKind.ProcessFound, pid };
      });
      return [...found, { kind: EventKind.ProcessesListed }];
    }
    case ActionKind.Exit:
      world.exited = action.status;
      return [];
    default:
      return [];
  }
}

/** Sends a signal as kill(2) does; answers an errno, or 0. */
function send(world: World, setting: Setting, target: Target, pid: number, signal: number): number {
  // Only the init itself is in its group here.
  if (target === Target.OwnGroup) return 0;
  const reached = world.processes.filter((it) => {
    if (it.state === "gone") return false;
    if (target === Target.Everyone) return true;
    return target === Target.Group ? it.group === pid : it.pid === pid;
  });
  if (reached.length === 0) return ESRCH;
  if (setting.refused && target !== Target.Everyone) return EPERM;
  for (const process of reached) {
    if (!lives(process)) continue;
    if (signal === signals.KILL) process.killed = true;
    if (signal === signals.STOP || signal === signals.TSTP) process.state = "stopped";
    if (signal === signals.CONT) process.state = "running";
  }
  return 0;
}
