/**
 * A world small enough to be explored whole, in a few words: the command, descendants of it (those
 * with an even index have left its process group), and what comes from outside, each once. Signals
 * are taken as they come; a process that gets one may die of it, or not, at any time.
 */
import type { Specification } from "./specification.ts";

export const COMMAND = 100;
/** The sender of what comes from outside. */
export const USER = 9;

/** Words of a world, the processes last. */
export const PENDING = 0;
export const FLAGS = 1;
/** Ticks until the host's deadline, -1 for none. */
export const DEADLINE = 2;
/** Ticks since the stop plan was started, and since the command ended; -1 for not yet. */
export const STOPPING = 3;
export const ENDED = 4;
/** Step of the plan. */
export const STEP = 5;
/** The status that the init ended with, -1 before. */
export const STATUS = 6;
/** Deadlines that a process has outlived though it was sent KILL. */
export const OUTLIVED = 7;
/** Ticks by which the clock is past a whole millisecond. */
export const FRACTION = 8;
/** Signals that told the command's group to end, bit n is signal n, and the last of them; ticks since
 * the first and the last were sent, -1 for not yet. None once a drain has told those who are left. */
export const GROUP_TOLD = 9;
export const LAST_TOLD = 10;
export const SINCE_FIRST = 11;
export const SINCE_LAST = 12;
export const PROCESSES = 13;

/** Ticks in a millisecond. */
export const TICKS_PER_MS = 4;

/** FLAGS: which group has the terminal's foreground. */
const FOREGROUND = 3;
export const NO_TERMINAL = 0;
export const OURS = 1;
export const COMMANDS = 2;
export const STRANGERS = 3;
/** The init is stopped. */
export const SUSPENDED = 4;
/** The kernel refuses signals to one process or group; its queue of signals with values is full. */
export const REFUSES = 8;
export const FULL = 16;
/** From here on nothing comes, and no process ends: only deadlines are reached. */
export const STUBBORN = 32;
/** KILL was sent to a process that did not get it. */
export const SPARED = 64;
/** The command was lost: it is gone without a status. */
export const LOST = 128;
/** Another process has the pid of the command that was reaped. */
export const REUSED = 256;
/** A process in our own group is stopped for lack of the foreground. */
export const NEIGHBOUR_WAITS = 512;
/** That signals are refused was said. */
export const TOLD = 1024;
export const SANDBOXED = 2048;
/** The foreground is asked for, for a neighbour that lacks it; else the command is to be told. */
export const CLAIMED = 8192;
/** The foreground was the command's until the init set about to stop itself. */
export const RETRACTED = 16384;
/** A step of the drain has told those who are left. */
export const DRAIN_TOLD = 65536;
/** A stop signal of job control was sent to the command, and no CONT since. */
export const STOP_SENT = 131072;

/** States of a process: the lowest bits of its word. */
export const STATE = 7;
export const UNBORN = 0;
export const RUNNING = 1;
export const STOPPED = 2;
export const ZOMBIE = 3;
export const GONE = 4;
/** Was sent KILL, and can end even while stopped. */
export const KILLED = 8;
/** Stopped because it lacks the foreground. */
export const WAITS = 16;
/** Stopped by a key, and by nothing else. */
export const KEYED = 32;
/** Came after the last of the signals that told the group to end, or after the first. */
export const LATE = 64;
export const BETWEEN = 128;
/** Its parent, above these: a process by index, or one of the last two. */
export const PARENT = 8;
export const INIT = 30;
export const ELSEWHERE = 31;

/** What can come from outside beside signals. */
export const incidents = [
  // The command is stopped by STOP.
  "stop",
  // The command is gone, and leaves no status.
  "lose",
  // Half of the time until the deadline passes, or all of it: what comes then comes before it.
  "wait",
  "linger",
  // The command becomes another user's: the kernel refuses signals from now on.
  "refuse",
  // The kernel has no more room for signals with values.
  "full",
  // A process that the init has not seen before falls to it.
  "adopt",
  // A process of the command's group, which is the last one, comes into being.
  "fork",
  // The pid of a command that was reaped is a process's again, and that falls to the init.
  "reuse",
  // waitid(2) says that there is no child, though the command lives.
  "doubt",
  // The command is traced, and stops for its exec and for a signal.
  "trap",
  // Ctrl-Z, for the group in the foreground.
  "suspend-key",
  // The command reads from the terminal, and has no foreground; or a process in our own group does.
  "command-reads",
  "neighbour-reads",
  // A member of our own group moves the foreground from the command's group to ours.
  "neighbour-takes",
  // The shell takes the foreground, or gives it to us and sends CONT.
  "shell-takes",
  "shell-gives",
] as const;
export type Incident = (typeof incidents)[number];

/** What a world is made of, and never changes. */
export interface Configuration {
  specification: Specification;
  init: number;
  /** By index: the pid, and the pid of its group. */
  pids: number[];
  groups: number[];
  /** Signals that the processes of the command's group beside it ignore, bit n is signal n. */
  ignored: number;
  /** What can come from outside, each once. */
  stimuli: Stimulus[];
  /** Deadlines that a process may outlive after KILL before only deadlines are explored. */
  patience: number;
  /** What the kernel refuses from the start. */
  refusals: Refusals;
  /** The command is started in the foreground though that was not ours. */
  steals: boolean;
  /** Deadlines are late by as much as the clock is past a whole millisecond. */
  lateness: number;
  /** The init stops itself after the command did, not (as dumb-init) after a signal. */
  suspendsWithCommand: boolean;
}

/** An errno for each. */
export interface Refusals {
  /** Signals to one process or group. */
  signals?: number;
  /** To stop the init: its process group is orphaned. */
  stop?: number;
  /** To list descendants. */
  list?: number;
  sandbox?: number;
  /** To release the terminal, or to give it to the command as it is started. */
  release?: number;
  terminal?: number;
}

/** A signal, with a value or not, or an incident. */
export interface Stimulus {
  name: string;
  incident: number;
  signal: number;
  queued: boolean;
  /** The sender's pid. */
  from: number;
}

export function foreground(world: Int32Array): number {
  return world[FLAGS]! & FOREGROUND;
}

export function setForeground(world: Int32Array, holder: number): void {
  world[FLAGS] = (world[FLAGS]! & ~FOREGROUND) | holder;
}

export function has(world: Int32Array, flag: number): boolean {
  return (world[FLAGS]! & flag) !== 0;
}

export function set(world: Int32Array, flag: number): void {
  world[FLAGS] = world[FLAGS]! | flag;
}

export function clear(world: Int32Array, flag: number): void {
  world[FLAGS] = world[FLAGS]! & ~flag;
}

/** State of a process. */
export function stateOf(world: Int32Array, index: number): number {
  return world[PROCESSES + index]! & STATE;
}

/** Changes the state of a process, and forgets what stopped it. */
export function setState(world: Int32Array, index: number, state: number): void {
  world[PROCESSES + index] = (world[PROCESSES + index]! & ~(STATE | WAITS | KEYED)) | state;
}

/** A process comes into being. */
export function bear(world: Int32Array, index: number, parent: number): void {
  world[PROCESSES + index] = RUNNING | (world[GROUP_TOLD] === 0 ? 0 : LATE);
  setParent(world, index, parent);
}

export function parentOf(world: Int32Array, index: number): number {
  return world[PROCESSES + index]! >> PARENT;
}

export function setParent(world: Int32Array, index: number, parent: number): void {
  world[PROCESSES + index] = (world[PROCESSES + index]! & 0xff) | (parent << PARENT);
}

/** Whether a process can still get signals. */
export function lives(world: Int32Array, index: number): boolean {
  const state = stateOf(world, index);
  return state === RUNNING || state === STOPPED;
}

/** Whether a process is there, a zombie maybe. */
export function exists(world: Int32Array, index: number): boolean {
  const state = stateOf(world, index);
  return state !== UNBORN && state !== GONE;
}

/** Index of the process with a pid that is one of the configuration's, -1 for any other. */
export function indexOf(configuration: Configuration, pid: number): number {
  const index = pid - COMMAND;
  return index >= 0 && index < configuration.pids.length ? index : -1;
}

/** The process group that a process is in. */
export function groupOf(configuration: Configuration, world: Int32Array, index: number): number {
  // A process that has the command's pid later does not lead its group.
  return index === 0 && has(world, REUSED) ? -1 : configuration.groups[index]!;
}
