/**
 * The one place where a core is loaded: from the bytes of its .wasm file, or a module compiled from
 * them. Needs nothing of Node, so that it works in browsers, too.
 *
 *   const core = Core.of(bytes);
 *   for (const action of core.take({ kind: EventKind.NoChildrenLeft, now: 12 })) ...
 */
import { instantiate, instantiateSync } from "@assemblyscript/loader";
import {
  ABI_VERSION,
  type ActionKind,
  ARGUMENT_CAPACITY,
  type EventKind,
  type Phase,
} from "../../assembly/abi";
import { type Action, type Fields, typedAction } from "./actions";

export type { Action, ActionOf } from "./actions";

/** What has happened. What its fields mean depends on its kind, and stands at EventKind. */
export interface Event {
  kind: EventKind;
  /** Milliseconds since boot, on a clock that never goes back. */
  now: number;
  signal?: number;
  code?: number;
  pid?: number;
  uid?: number;
  low?: number;
  high?: number;
  /** What goes into the argument buffer, cut at its capacity; a text as UTF-8. */
  bytes?: Uint8Array | string;
}

/** All that the core remembers between events. */
export type Snapshot = Uint8Array;

type Exports = Record<string, unknown> & {
  memory: WebAssembly.Memory;
  ABI_VERSION: WebAssembly.Global | number;
  argumentAddress(): number;
  take(
    kind: number,
    now: number,
    signal: number,
    code: number,
    pid: number,
    uid: number,
    low: number,
    high: number,
  ): void;
  actionCount(): number;
  actionField(index: number, field: number): number;
  stepOf(phase: number, kind: number): number;
  clearState(): void;
  stateAddress(): number;
  stateLength(): number;
  phase(): number;
  deadline(): number;
  timesOffset(): number;
  timeCount(): number;
};

const encoder = new TextEncoder();

/** One core. */
export class Core {
  readonly #exports: Exports;
  readonly #memory: Uint8Array;
  readonly #state: Uint8Array;
  readonly #argument: number;
  readonly #timeOffsets: readonly number[];

  private constructor(exports: Exports) {
    const version = exports.ABI_VERSION;
    const number = typeof version === "number" ? version : Number(version.value);
    if (number !== ABI_VERSION)
      throw new Error(`the core speaks version ${number} of the ABI: expected ${ABI_VERSION}`);
    this.#exports = exports;
    // The memory never grows, so that views of it stay valid.
    this.#memory = new Uint8Array(exports.memory.buffer);
    const start = exports.stateAddress();
    this.#state = this.#memory.subarray(start, start + exports.stateLength());
    this.#argument = exports.argumentAddress();
    this.#timeOffsets = Array.from({ length: exports.timeCount() }, (_, index) => {
      return exports.timesOffset() + 8 * index;
    });
  }

  /** Loads a core at once. On the main thread of a browser, use `load`. */
  static of(source: WebAssembly.Module | ArrayBufferView<ArrayBuffer> | ArrayBuffer): Core {
    return new Core(instantiateSync<Exports>(source as WebAssembly.Module).exports);
  }

  /** Loads a core. */
  static async load(
    source: WebAssembly.Module | ArrayBufferView<ArrayBuffer> | ArrayBuffer,
  ): Promise<Core> {
    return new Core((await instantiate<Exports>(source as WebAssembly.Module)).exports);
  }

  /** Takes one event, and returns all that is to be done before the next. Throws on a trap. */
  take(event: Event): Action[] {
    const count = this.takeOnly(event);
    const actions: Action[] = [];
    for (let index = 0; index < count; index++) actions.push(this.action(index));
    return actions;
  }

  /** Takes one event, and returns the number of actions: for a caller that reads them itself. */
  takeOnly(event: Event): number {
    if (event.bytes !== undefined) this.writeArgument(event.bytes);
    const { kind, now, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0 } = event;
    return this.takeNumbers(kind, now, signal, code, pid, uid, low, high);
  }

  /** The same for an event without bytes, in numbers. */
  takeNumbers(
    kind: EventKind,
    now: number,
    signal: number,
    code: number,
    pid: number,
    uid: number,
    low: number,
    high: number,
  ): number {
    this.#exports.take(kind, now, signal, code, pid, uid, low, high);
    return this.#exports.actionCount();
  }

  /** One of the actions that followed the last event. */
  action(index: number): Action {
    const field = this.#exports.actionField;
    const fields: Fields = {
      a: field(index, 1),
      b: field(index, 2),
      c: field(index, 3),
      d: field(index, 4),
      e: field(index, 5),
    };
    return typedAction(field(index, 0), fields, this.#bytes, this.#argument);
  }

  /** Kind of one of the actions that followed the last event. */
  actionKind(index: number): ActionKind {
    return this.#exports.actionField(index, 0);
  }

  /** A number of one of the actions: 0 is the kind, 1 to 5 are a to e. */
  actionField(index: number, field: number): number {
    return this.#exports.actionField(index, field);
  }

  /** Bytes of the linear memory as they are now, not copied. */
  memory(address: number, length: number): Uint8Array {
    return this.#memory.subarray(address, address + length);
  }

  /** Where the run stands. */
  get phase(): Phase {
    return this.#exports.phase();
  }

  /** Milliseconds since boot at which the deadline is due, 0 for none. */
  get deadline(): number {
    return this.#exports.deadline();
  }

  /** The label (Step) of a cell of the matrix. */
  stepOf(phase: Phase, kind: EventKind): number {
    return this.#exports.stepOf(phase, kind);
  }

  /** How many bytes a snapshot has. */
  get stateLength(): number {
    return this.#state.length;
  }

  /** A copy of all that the core remembers. */
  snapshot(): Snapshot {
    return this.#state.slice();
  }

  /** The bytes of all that the core remembers, not copied: writing there is restoring. */
  get state(): Uint8Array {
    return this.#state;
  }

  /** Where in the state times stand, the deadline first: an f64 each, little endian, 0 for not set. */
  get timeOffsets(): readonly number[] {
    return this.#timeOffsets;
  }

  /** Goes back to a snapshot, of this core or of another of the same build. */
  restore(snapshot: Snapshot): void {
    if (snapshot.length !== this.#state.length)
      throw new Error(`not a snapshot of this core: ${snapshot.length} bytes`);
    this.#state.set(snapshot);
  }

  /** Back to before the first event. */
  reset(): void {
    this.#exports.clearState();
  }

  /**
   * What tells two states apart: the snapshot, but for the times in it, which count from `now`. The
   * same at two times means that the same will follow, so much later.
   */
  identity(now: number): Snapshot {
    const copy = this.snapshot();
    const view = new DataView(copy.buffer);
    for (const offset of this.#timeOffsets) {
      const due = view.getFloat64(offset, true);
      if (due !== 0) view.setFloat64(offset, due - now, true);
    }
    return copy;
  }

  /** The identity as 16 hexadecimal digits. */
  hash(now: number): string {
    return hashOf(this.identity(now));
  }

  readonly #bytes = (address: number, length: number): Uint8Array => {
    if (address < 0 || length < 0 || address + length > this.#memory.length)
      throw new Error(`the core points at ${length} bytes at ${address}, outside its memory`);
    return this.#memory.slice(address, address + length);
  };

  /** Puts bytes where the next event carries them. */
  writeArgument(given: Uint8Array | string): void {
    const bytes = typeof given === "string" ? encoder.encode(given) : given;
    this.#memory.set(bytes.subarray(0, ARGUMENT_CAPACITY), this.#argument);
  }
}

/** FNV-1a, twice with different offsets: a hash for telling things apart, not for secrets. */
function hashOf(bytes: Uint8Array): string {
  let one = 0x811c9dc5;
  let two = 0x01234567;
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte ^ (two >>> 15), 0x85ebca6b);
  }
  const hex = (number: number) => (number >>> 0).toString(16).padStart(8, "0");
  return hex(one) + hex(two);
}
