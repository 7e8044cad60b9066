/**
 * Finds zombies that only we will reap, in a process that adopts. Children that libuv started
 * are left to it, and so are those that a native module started and waits for: what it has not
 * reaped after some time, and after the loop had its turn, is an orphan, or as good as one.
 *
 * The kernel gives orphans to a process's main thread, in whose list they stand among its own
 * children; those of worker threads stand in other lists.
 */
import { CLD_DUMPED } from "../../../assembly/linux";
import { readFileSync } from "node:fs";
import type { Addon } from "../addon/addon.ts";

/** How long a zombie is left to the code that may wait for it. */
const ORPHAN_DELAY_MS = 50;

const children = `/proc/self/task/${process.pid}/children`;

/** A child that ended: pid, si_code and si_status. */
export type Reapable = (pid: number, code: number, status: number) => void;

export class Orphans {
  readonly #addon: Addon;
  readonly #found: Reapable;
  readonly #isKnown: (pid: number) => boolean;
  readonly #child = new Int32Array(3);
  #waiting = new Set<number>();
  #due = false;

  /** Children that are known are no orphans. */
  constructor(addon: Addon, found: Reapable, isKnown: (pid: number) => boolean = () => false) {
    this.#addon = addon;
    this.#isKnown = isKnown;
    this.#found = found;
  }

  /** A shell that became this program may have left some. */
  begin(): void {
    if (this.#addon.peek(this.#child) > 0) this.look();
  }

  /** A child of the process has ended. */
  look(): void {
    if (this.#due) return;
    this.#due = true;
    // After the timer the loop polls once more: whoever was held up can reap now.
    setTimeout(() => setImmediate(() => this.#sweep()), ORPHAN_DELAY_MS).unref();
  }

  #sweep(): void {
    this.#due = false;
    const waiting = new Set<number>();
    for (const pid of this.others()) {
      if (this.#addon.look(pid, this.#child) <= 0) continue;
      const [, code = 0, status = 0] = this.#child;
      if (code > CLD_DUMPED) continue;
      if (this.#waiting.has(pid)) this.#found(pid, code, status);
      else waiting.add(pid);
    }
    this.#waiting = waiting;
    if (waiting.size > 0) this.look();
  }

  /** The main thread's children that neither libuv started nor anybody knows. */
  others(): number[] {
    try {
      const all = readFileSync(children, "latin1").trim().split(" ").map(Number).filter(Boolean);
      const theirs = new Set(this.#addon.loopChildren());
      return all.filter((pid) => !theirs.has(pid) && !this.#isKnown(pid));
    } catch {
      // Without /proc nobody can tell whose child a zombie is.
      return [];
    }
  }
}
