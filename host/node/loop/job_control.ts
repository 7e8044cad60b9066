/** The terminal between us and the command: what there is, and which group has its foreground. */
import { EventKind, BootFlag, Target } from "../../../assembly/abi";
import type { Addon } from "../addon/addon.ts";
import type { PendingEvent } from "../../wasm/boot.ts";
import { signalEvent, type SignalQueue } from "./arrived.ts";
import type { TerminalCalls } from "./world.ts";

const HUP = 1;
const CONT = 18;
const EPERM = 1;
const ESRCH = 3;
const EBUSY = 16;
const EALREADY = 114;

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
    const addon = this.#addon;
    const own = addon.group();
    // Our group and session lie outside of our pid namespace: nothing that could be given back.
    if (own === 0) return 0;
    const terminal = addon.terminalFind();
    if (terminal < 0) return 0;
    const holder = addon.terminalForeground(terminal);
    // Giving it to whom it belongs changes nothing, and shows whether a seccomp profile allows it.
    if (holder < 0 || (holder === own && addon.terminalGive(terminal, own) < 0))
      return BootFlag.TerminalRefused;
    this.terminal = terminal;
    const both = addon.terminalForeground(0) === own && addon.terminalForeground(1) === own;
    return holder === own && both ? BootFlag.Terminal | BootFlag.Foreground : BootFlag.Terminal;
  }

  releaseTerminal(): number {
    // The release would hang up on them.
    if (this.#isElsewhere(this.#holder())) return -EBUSY;
    const result = this.#addon.terminalRelease(this.terminal);
    if (result < 0) return result;
    // What the release itself sent us: taken now, so that a user's own HUP does not meet it later.
    this.#takePending(HUP);
    this.#takePending(CONT);
    this.#follow({ kind: EventKind.TerminalReleased });
    return 0;
  }

  giveForeground(group: number): number {
    const holder = this.#holder();
    if (holder === group) return -EALREADY;
    return holder === this.#addon.group() ? this.#move(group) : -EBUSY;
  }

  takeForeground(group: number): number {
    const addon = this.#addon;
    const holder = this.#holder();
    const strangers =
      holder !== group && this.#isElsewhere(holder) && addon.descends(holder, addon.pid()) === 0;
    return strangers ? -EBUSY : this.#move(addon.group());
  }

  stopSelf(target: number, signal: number): number {
    // A stop erases a CONT that has come already (signal(7)). One that comes later is what ended
    // the stop; without one there was none.
    if (this.#takePending(CONT)) return 0;
    const pid = target === Target.OwnGroup ? 0 : this.#addon.pid();
    this.#addon.stopSelf(pid, signal);
    return this.#takePending(CONT) ? 0 : -EPERM;
  }

  #holder(): number {
    return this.#addon.terminalForeground(this.terminal);
  }

  /** Whether a living group that is not ours has the foreground. */
  #isElsewhere(holder: number): boolean {
    return holder !== this.#addon.group() && this.#addon.send(-holder, 0) !== -ESRCH;
  }

  /** A signal that is pending becomes an event. */
  #takePending(number: number): boolean {
    const signal = this.#signals.take(number);
    if (signal !== undefined) this.#follow(signalEvent(signal));
    return signal !== undefined;
  }

  #move(group: number): number {
    const result = this.#addon.terminalGive(this.terminal, group);
    if (result >= 0) this.#follow({ kind: EventKind.ForegroundMoved, pid: group });
    return Math.min(result, 0);
  }
}
