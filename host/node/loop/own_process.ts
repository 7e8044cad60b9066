/** The surroundings of a process that is all the init's: `node wasm-init.mjs`. */
import type { Addon } from "../addon/addon.ts";
import type { PendingEvent } from "../../wasm/boot.ts";
import { inheritedDescriptors } from "./descriptors.ts";
import { Jobs } from "./job_control.ts";
import { SignalQueue, type ArrivedSignal } from "./arrived.ts";
import { ChildCommand } from "./child_command.ts";
import { type Child, listProcesses, type Process, type World } from "./world.ts";

export class OwnProcess extends ChildCommand implements World {
  readonly pid: number;
  readonly descriptors: readonly number[];
  readonly #addon: Addon;
  readonly #signals: SignalQueue;
  readonly #jobs: Jobs;
  readonly #child = new Int32Array(3);

  /** Takes all signals over at once, and calls `wake` when one has come. */
  constructor(addon: Addon, wake: () => void, follow: (event: PendingEvent) => void) {
    super(addon);
    // Before anything else: as PID 1 a signal without a handler is lost.
    const listening = addon.listen(wake);
    if (listening < 0) throw new Error(`cannot handle signals: errno ${-listening}`);
    this.descriptors = inheritedDescriptors();
    this.pid = addon.pid();
    this.#addon = addon;
    this.#signals = new SignalQueue(addon);
    this.#jobs = new Jobs(addon, this.#signals, follow);
  }

  bootFlags(): number {
    return this.#jobs.bootFlags();
  }

  get terminal(): number {
    return this.#jobs.terminal;
  }

  nextSignal(): ArrivedSignal | undefined {
    return this.#signals.next();
  }

  holdRealTime(on: boolean): void {
    this.#signals.holdsRealTime = on;
  }

  nextChild(): Child | number {
    const result = this.#addon.peek(this.#child);
    if (result <= 0) return result;
    const [pid = 0, code = 0, status = 0] = this.#child;
    return { pid, code, status };
  }

  adopt(on: boolean): number {
    return this.#addon.adopt(on ? 1 : 0);
  }

  leaveDirectory(): number {
    return this.#addon.leaveDirectory();
  }

  /** Only what was inherited: all else above 2 is Node's own, and closed by exec. */
  closeDescriptors(): number {
    for (const descriptor of this.descriptors) this.#addon.closeDescriptor(descriptor);
    return 0;
  }

  sendEveryone(signal: number): number {
    return this.#addon.send(-1, signal);
  }

  processes(uptime: number): Process[] | number {
    return listProcesses(this.#addon, this.pid, uptime);
  }

  releaseTerminal(): number {
    return this.#jobs.releaseTerminal();
  }

  giveForeground(group: number): number {
    return this.#jobs.giveForeground(group);
  }

  takeForeground(group: number): number {
    return this.#jobs.takeForeground(group);
  }

  stopSelf(target: number, signal: number): number {
    return this.#jobs.stopSelf(target, signal);
  }

  end(status: number): void {
    this.#addon.leave(status);
  }
}
