/**
 * What the loop asks of its surroundings: they differ between a process that is all the init's, one
 * that it shares with a program, and one whose program is the command itself. Numbers are answered as
 * the addon does: 0 or above, or a negated errno.
 */
import type { Addon, Spawn, SpawnResult } from "../addon/addon.ts";
import type { ArrivedSignal } from "./arrived.ts";

/** What waitid(2) said of a child. */
export interface Child {
  pid: number;
  /** CLD_* */
  code: number;
  status: number;
}

/** A process that is listed, and its process group. */
export interface Process {
  pid: number;
  group: number;
  /** In a detailed list: for how many milliseconds it had been there, and the signals it ignores. */
  age: number;
  low: number;
  high: number;
}

/** Calls about terminals and stops; their events are the surroundings' to make. */
export interface TerminalCalls {
  releaseTerminal(): number;
  giveForeground(group: number): number;
  takeForeground(group: number): number;
  stopSelf(target: number, signal: number): number;
}

export interface World extends TerminalCalls {
  readonly pid: number;
  /** BootFlag bits. */
  bootFlags(): number;
  /** The terminal that the command is given, -1 for none. */
  readonly terminal: number;
  /** Descriptors above 2 that the command inherits. */
  readonly descriptors: readonly number[];
  /** The next signal that waits. */
  nextSignal(): ArrivedSignal | undefined;
  /** Leaves real-time signals pending, or takes them again. */
  holdRealTime(on: boolean): void;
  /** The next child that ended or stopped, not yet reaped; 0 for none. */
  nextChild(command: number): Child | number;
  /** Whether a deadline keeps the process running. */
  readonly keepsRunning: boolean;
  /** Starts the command. */
  spawn(how: Spawn): SpawnResult;
  /** Sends a signal to the command, which was not reaped yet. */
  signalCommand(pid: number, signal: number): number;
  /** Takes note of a child's end, so that its pid can be used again. */
  reap(pid: number): number;
  /** Asks for a signal when our own parent ends. */
  setParentDeathSignal(signal: number): number;
  /** Adopts orphans from now on, or no more. */
  adopt(on: boolean): number;
  leaveDirectory(): number;
  closeDescriptors(): number;
  /** Sends to everyone that the init may signal. */
  sendEveryone(signal: number): number;
  /**
   * Living processes that are the init's to look after, or a negated errno; in detail, if it is given
   * up to when ages are counted.
   */
  processes(uptime: number): Process[] | number;
  /** The run is over. */
  end(status: number): void;
}

const NUMBERS_EACH = 5;

/** Living descendants of a process, or a negated errno. */
export function listProcesses(addon: Addon, self: number, uptime: number): Process[] | number {
  const list = addon.processes(self, uptime);
  if (typeof list === "number") return list;
  return Array.from({ length: list.length / NUMBERS_EACH }, (_, index) => {
    const [pid = 0, group = 0, age = 0, low = 0, high = 0] = list.slice(index * NUMBERS_EACH);
    return { pid, group, age, low, high };
  });
}
