/**
 * The surroundings of a run in a program's own process. The program's children are libuv's, and its
 * terminal, descriptors and working directory its own: none is touched.
 */
import { constants } from "node:os";
import { BootFlag } from "../../../assembly/abi";
import type { Addon, Watch } from "../addon/addon.ts";
import { Orphans } from "../pid1/orphans.ts";
import type { ArrivedSignal } from "./arrived.ts";
import { ChildCommand } from "./child_command.ts";
import { type Child, listProcesses, type Process, type World } from "./world.ts";

const { EPERM, ECHILD, ESRCH } = constants.errno;
const signals = constants.signals;
const CHLD = 17;
const SIGNAL_MAX = 64;

/**
 * Signals that are not taken over: the two that nobody can handle and those of the C library;
 * faults, which are the program's; those that Node ignores, or uses itself; and the stops by a
 * terminal, which stop the program as ever.
 */
const left = new Set([
  ...[signals.SIGKILL, signals.SIGSTOP, 32, 33],
  ...[signals.SIGILL, signals.SIGTRAP, signals.SIGABRT, signals.SIGBUS, signals.SIGFPE],
  ...[signals.SIGSEGV, signals.SIGSYS, signals.SIGPIPE, signals.SIGXFSZ, signals.SIGPROF],
  ...[signals.SIGTSTP, signals.SIGTTIN, signals.SIGTTOU],
]);

export class SharedProcess extends ChildCommand implements World {
  readonly pid: number;
  readonly terminal = -1;
  readonly descriptors: readonly number[] = [];
  readonly #addon: Addon;
  readonly #wake: () => void;
  readonly #ended: (status: number) => void;
  readonly #watches: Watch[] = [];
  readonly #arrived: ArrivedSignal[] = [];
  readonly #reapable: Child[] = [];
  readonly #child = new Int32Array(3);
  readonly #orphans: Orphans;
  /** Children that were there before. */
  readonly #older: ReadonlySet<number>;
  readonly #adoptedBefore: boolean;
  #adopts: boolean;
  #command = 0;

  /** Listens from now on, beside the program, and calls `wake` when something has come. */
  constructor(addon: Addon, wake: () => void, ended: (status: number) => void) {
    super(addon);
    this.#addon = addon;
    this.#wake = wake;
    this.#ended = ended;
    this.pid = addon.pid();
    this.#adoptedBefore = addon.adopts() === 1;
    this.#adopts = this.pid === 1 || this.#adoptedBefore;
    this.#orphans = new Orphans(
      addon,
      (pid, code, status) => this.#found({ pid, code, status }),
      (pid) => pid === this.#command,
    );
    this.#older = new Set(this.#orphans.others());
    for (let signal = 1; signal <= SIGNAL_MAX; signal++) {
      if (left.has(signal)) continue;
      const watch = addon.watch(signal, this.#come);
      // One that can't be watched here is left to the program.
      if (typeof watch !== "number") this.#watches.push(watch);
    }
  }

  /** Another source of signals: as if this process had sent it. */
  send(signal: number): void {
    this.#arrived.push({
      number: signal,
      code: 0,
      pid: this.pid,
      uid: this.#addon.user(),
      ...none,
    });
    this.#wake();
  }

  bootFlags(): number {
    return BootFlag.Guest | BootFlag.SharedPid;
  }

  nextSignal(): ArrivedSignal | undefined {
    return this.#arrived.shift();
  }

  /** Only signals with a value are held, and none comes with its value here. */
  holdRealTime(): void {}

  nextChild(command: number): Child | number {
    this.#command = command;
    const found = command === 0 ? -ECHILD : this.#addon.look(command, this.#child);
    if (found > 0) return this.#seen();
    for (let child = this.#reapable.shift(); child; child = this.#reapable.shift())
      if (this.#addon.look(child.pid, this.#child) > 0) return this.#seen();
    if (found === 0) return 0;
    return this.#adopts && this.#left().length > 0 ? 0 : -ECHILD;
  }

  adopt(on: boolean): number {
    const result = this.#addon.adopt(on ? 1 : 0);
    if (result >= 0) this.#adopts = on || this.pid === 1;
    return result;
  }

  leaveDirectory(): number {
    return -EPERM;
  }

  closeDescriptors(): number {
    return -EPERM;
  }

  sendEveryone(signal: number): number {
    const all = this.processes(0);
    if (typeof all === "number") return all;
    for (const { pid } of all) this.#addon.send(pid, signal);
    return all.length > 0 ? 0 : -ESRCH;
  }

  /** Those of the command, and adopted ones: never the program's children, nor theirs. */
  processes(uptime: number): Process[] | number {
    const all = listProcesses(this.#addon, this.pid, uptime);
    if (typeof all === "number") return all;
    const roots = [this.#command, ...(this.#adopts ? this.#left() : [])];
    return all.filter(({ pid }) =>
      roots.some((root) => pid === root || (root > 0 && this.#addon.descends(pid, root) === 1)),
    );
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

  /** The program is not ours to stop. */
  stopSelf(): number {
    return -EPERM;
  }

  end(status: number): void {
    for (const watch of this.#watches) this.#addon.unwatch(watch);
    if (this.pid !== 1 && this.#adopts !== this.#adoptedBefore)
      this.#addon.adopt(this.#adoptedBefore ? 1 : 0);
    this.#ended(status);
  }

  readonly #come = (signal: number): void => {
    if (signal === CHLD && this.#adopts) this.#orphans.look();
    this.#arrived.push({ number: signal, code: 0, pid: 0, uid: 0, ...none });
    this.#wake();
  };

  #found(child: Child): void {
    this.#reapable.push(child);
    this.#wake();
  }

  #left(): number[] {
    return this.#orphans.others().filter((pid) => !this.#older.has(pid));
  }

  #seen(): Child {
    const [pid = 0, code = 0, status = 0] = this.#child;
    return { pid, code, status };
  }
}

const none = { low: 0, high: 0 };
