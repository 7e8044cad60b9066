/** Signals that have arrived, one by one, in a process that is all the init's. */
import { EventKind } from "../../../assembly/abi";
import type { Addon } from "../addon/addon.ts";
import type { PendingEvent } from "../../wasm/boot.ts";

/** A signal, as much of siginfo_t as the core is told. */
export interface ArrivedSignal {
  number: number;
  code: number;
  pid: number;
  uid: number;
  low: number;
  high: number;
}

const FIELDS = 6;
const BATCH = 512;
const RTMIN = 32;

/** Reads what the addon's handlers have written. */
export class SignalQueue {
  readonly #addon: Addon;
  readonly #records = new Int32Array(BATCH * FIELDS);
  #queue: ArrivedSignal[] = [];
  /** Real-time signals are left in the queue. */
  holdsRealTime = false;
  #taken = 0;

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  /** The next signal, if one waits. */
  next(): ArrivedSignal | undefined {
    if (this.#taken === this.#queue.length) this.#read();
    if (this.holdsRealTime) return this.#nextStandard();
    return this.#queue[this.#taken++] ?? this.#none();
  }

  #nextStandard(): ArrivedSignal | undefined {
    while (this.#read() === BATCH) continue;
    const at = this.#queue.findIndex(({ number }, index) => index >= this.#taken && number < RTMIN);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  /** Takes the first that waits with this number, before its turn. */
  take(number: number): ArrivedSignal | undefined {
    while (this.#read() === BATCH) continue;
    const at = this.#queue.findIndex((it, index) => index >= this.#taken && it.number === number);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  #none(): undefined {
    this.#queue = [];
    this.#taken = 0;
  }

  #read(): number {
    if (this.#taken === this.#queue.length) this.#none();
    const count = this.#addon.read(this.#records);
    for (let at = 0; at < count * FIELDS; at += FIELDS) {
      const [number, code, pid, uid, low, high] = this.#records.subarray(at, at + FIELDS);
      this.#queue.push({ number, code, pid, uid, low, high } as ArrivedSignal);
    }
    return count;
  }
}

/** The event of a signal that was taken. */
export function signalEvent(signal: ArrivedSignal): PendingEvent {
  const { number, ...rest } = signal;
  return { kind: EventKind.SignalReceived, signal: number, ...rest };
}
