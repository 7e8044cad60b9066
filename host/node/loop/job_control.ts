/** The events of host/shim/job_control.c: what an action about the terminal or a stop led to. */
import { EventKind, Target } from "../../../assembly/abi";
import type { Addon } from "../addon/addon.ts";
import type { PendingEvent } from "../../wasm/boot.ts";
import { signalEvent, type SignalQueue } from "./arrived.ts";
import type { TerminalCalls } from "./world.ts";

const HUP = 1;
const CONT = 18;

export class Jobs implements TerminalCalls {
  /** The controlling terminal's descriptor, -1 for none. */
  terminal = -1;
  readonly #addon: Addon;
  readonly #signals: SignalQueue;
  readonly #follow: (event: PendingEvent) => void;

  constructor(addon: Addon, signals: SignalQueue, follow: (event: PendingEvent) => void) {
    this.#addon = addon;
    this.#signals = signals;
    this.#follow = follow;
  }

  /** BootFlag bits of the terminal; keeps its descriptor if it can be controlled. */
  bootFlags(): number {
    const [bootFlags, terminal] = this.#addon.findTerminal(this.#addon.pid());
    this.terminal = terminal;
    return bootFlags;
  }

  releaseTerminal(): number {
    const result = this.#addon.releaseTerminal(this.terminal);
    if (result < 0) return result;
    // What the release itself sent us: taken now, so that a user's own HUP does not meet it later.
    this.#takePending(HUP);
    this.#takePending(CONT);
    this.#follow({ kind: EventKind.TerminalReleased });
    return result;
  }

  giveForeground(group: number): number {
    const result = this.#addon.giveForeground(this.terminal, group);
    if (result >= 0) this.#movedTo(group);
    return result;
  }

  takeForeground(group: number): number {
    const own = this.#addon.takeForeground(this.terminal, group, this.#addon.pid());
    if (own >= 0) this.#movedTo(own);
    return own;
  }

  stopSelf(target: number, signal: number): number {
    // One that was read already does not wait in the kernel, where the stop would look for it.
    if (this.#takePending(CONT)) return 0;
    const pid = target === Target.OwnGroup ? 0 : this.#addon.pid();
    const result = this.#addon.stopSelf(pid, signal);
    return this.#takePending(CONT) ? 0 : result;
  }

  /** A signal that is pending becomes an event. */
  #takePending(number: number): boolean {
    const signal = this.#signals.take(number);
    if (signal !== undefined) this.#follow(signalEvent(signal));
    return signal !== undefined;
  }

  #movedTo(group: number): void {
    this.#follow({ kind: EventKind.ForegroundMoved, pid: group });
  }
}
