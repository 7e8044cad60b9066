/**
 * The flight recorder: when something is recorded. How, says host/shim/trace_writer.c, which writes
 * the static binary's traces too.
 */
import { EventKind, Record } from "../../../assembly/abi";
import type { Addon, TracedEvent } from "../addon/addon.ts";
import type { Boot } from "../../wasm/boot.ts";
import type { Action, Core, Event } from "../../wasm/core.ts";

export class Recorder {
  readonly #addon: Addon;
  /** Of the core's Wasm. */
  readonly #sha256: Uint8Array;
  /** What the core has taken before the file is open. */
  readonly #boot: TracedEvent[] = [];
  /** Where the core keeps its state, while the file is open. */
  #state: Uint8Array | undefined;
  #now = 0;

  constructor(addon: Addon, sha256: Uint8Array) {
    this.#addon = addon;
    this.#sha256 = sha256;
  }

  /** Opens the trace file and writes what it begins with: 0, or a negated errno. */
  start(core: Core, boot: Boot, limit: number, how: number): number {
    const words = (how & Record.Arguments) !== 0 ? boot.command.slice(1) : [];
    const argumentEvents = words.map((bytes) => ({ kind: EventKind.None, now: this.#now, bytes }));
    const result = this.#addon.traceOpen({
      path: boot.recordPath ?? new Uint8Array(),
      limit,
      sha256: this.#sha256,
      state: core.state,
      boot: [...this.#boot, ...argumentEvents],
    });
    if (result === 0) this.#state = core.state;
    return result;
  }

  /** Takes the event that the core has just taken, and its actions: 0, or a negated errno. */
  event(event: Event, actions: readonly Action[]): number {
    this.#now = event.now;
    if (this.#state === undefined) {
      if (event.kind <= EventKind.WordsEnded) this.#boot.push(traced(event));
      return 0;
    }
    const result = this.#addon.traceAppend(traced(event), actions, this.#state);
    if (result < 0) this.#state = undefined;
    return result;
  }

  /** The core has trapped on an event: it is the last of the trace. */
  trap(event: Event): void {
    if (this.#state !== undefined) this.#addon.traceTrap(traced(event));
  }

  /** The run is over. */
  end(): void {
    if (this.#state !== undefined) this.#addon.traceClose();
    this.#state = undefined;
  }
}

function traced({ bytes, ...fields }: Event): TracedEvent {
  if (bytes === undefined) return fields;
  return { ...fields, bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes };
}
