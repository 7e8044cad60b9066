/** What all surroundings have in common in which the command is a child process. */
import type { Addon, Spawn, SpawnResult } from "../addon/addon.ts";

export class ChildCommand {
  readonly keepsRunning = true;
  readonly #addon: Addon;

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  spawn(how: Spawn): SpawnResult {
    return this.#addon.spawn(how);
  }

  signalCommand(pid: number, signal: number): number {
    return this.#addon.send(pid, signal);
  }

  reap(pid: number): number {
    return this.#addon.take(pid);
  }

  setParentDeathSignal(signal: number): number {
    return this.#addon.parentDeath(signal);
  }
}
