/**
 * The surroundings of an init whose command is the program that Node runs in the init's own process,
 * PID 1. Signals go to the program's listeners, or do what they do by default; the program's end is
 * that of the process, which waits for the init.
 */
import { BootFlag } from "../../../assembly/abi";
import { ENOSYS, EPERM } from "../../../assembly/linux";
import type { Addon, SpawnResult } from "../addon/addon.ts";
import type { ArrivedSignal } from "../loop/arrived.ts";
import { listProcesses, type Process, type Child, type World } from "../loop/world.ts";

/** What the init does to the program. */
export interface Hooks {
  /** A signal for the program, once the init's turn is over: listeners may throw. */
  deliver(signal: number): void;
  /** The run is over. */
  end(status: number): void;
}

/** A signal, and whether the program has heard it already. */
interface Heard {
  signal: number;
  heard: boolean;
}

export class ProgramWorld implements World {
  readonly pid = process.pid;
  readonly terminal = -1;
  readonly descriptors: readonly number[] = [];
  /** The program decides how long it runs. */
  readonly keepsRunning = false;
  readonly #addon: Addon;
  readonly #hooks: Hooks;
  readonly #arrived: Heard[] = [];
  readonly #orphans: number[] = [];
  readonly #child = new Int32Array(3);
  /** The signal that the init handles, if the program has heard it already. */
  #heard = 0;
  /** The program's end, until the init has taken note of it. */
  #ended: Child | undefined;
  #isOver = false;

  constructor(addon: Addon, hooks: Hooks) {
    this.#addon = addon;
    this.#hooks = hooks;
  }

  /** A signal came; the program has heard it, or nobody has. */
  arrive(signal: number, heard: boolean): void {
    this.#arrived.push({ signal, heard });
  }

  /** A child that nobody else reaps has ended. */
  adoptOrphan(pid: number): void {
    this.#orphans.push(pid);
  }

  /** The program is over: nothing of it runs any more, and all children are the init's. */
  endProgram(code: number, status: number): void {
    this.#isOver = true;
    this.#ended = { pid: this.pid, code, status };
  }

  bootFlags(): number {
    return BootFlag.Guest | BootFlag.SharedPid;
  }

  nextSignal(): ArrivedSignal | undefined {
    const next = this.#arrived.shift();
    if (next === undefined) return undefined;
    this.#heard = next.heard ? next.signal : 0;
    return { number: next.signal, code: 0, pid: 0, uid: 0, low: 0, high: 0 };
  }

  /** Only signals with a value are held, and none comes with its value here. */
  holdRealTime(): void {}

  nextChild(): Child | number {
    // Children come first in each step: what was heard has been handled.
    this.#heard = 0;
    if (this.#ended !== undefined) return this.#ended;
    for (let pid = this.#orphans[0]; pid !== undefined; pid = this.#orphans[0]) {
      if (this.#addon.look(pid, this.#child) > 0) return this.#seen();
      this.#orphans.shift();
    }
    if (!this.#isOver) return 0;
    const found = this.#addon.peek(this.#child);
    return found > 0 ? this.#seen() : found;
  }

  /** The command runs already. */
  spawn(): SpawnResult {
    const success = { error: 0, reason: 0, terminal: 0, machine: 0, ownMachine: 0 };
    return { pid: this.pid, missing: new Uint8Array(), ...success };
  }

  signalCommand(pid: number, signal: number): number {
    if (signal === 0) return this.#addon.send(pid, 0);
    if (signal !== this.#heard) queueMicrotask(() => this.#hooks.deliver(signal));
    return 0;
  }

  reap(pid: number): number {
    if (pid !== this.pid) return this.#addon.take(pid);
    this.#ended = undefined;
    return 0;
  }

  sendEveryone(signal: number): number {
    return this.#addon.send(-1, signal);
  }

  processes(uptime: number): Process[] | number {
    return listProcesses(this.#addon, this.pid, uptime);
  }

  end(status: number): void {
    this.#hooks.end(status);
  }

  /** PID 1 adopts as it is. */
  adopt(): number {
    return 0;
  }

  setParentDeathSignal(): number {
    return -ENOSYS;
  }

  // The program's directory, descriptors and terminal are its own.

  leaveDirectory(): number {
    return -EPERM;
  }

  closeDescriptors(): number {
    return -EPERM;
  }

  releaseTerminal(): number {
    return -EPERM;
  }

  giveForeground(): number {
    return -EPERM;
  }

  takeForeground(): number {
    return -EPERM;
  }

  stopSelf(): number {
    return -EPERM;
  }

  #seen(): Child {
    const [pid = 0, code = 0, status = 0] = this.#child;
    return { pid, code, status };
  }
}
