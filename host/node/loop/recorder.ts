/**
 * The flight recorder: every event with its actions, one write each, into a file of a fixed size,
 * byte for byte as the static binary writes it (docs/trace-format.md).
 */
import { ABI_VERSION, ActionKind, EventKind, Record } from "../../../assembly/abi";
import type { Addon } from "../addon/addon.ts";
import type { Boot, Word } from "../../wasm/boot.ts";
import { checkOf } from "../../wasm/checksum.ts";
import type { Action, Core, Event } from "../../wasm/core.ts";

const MAGIC = "WITRACE\n";
const FORMAT_VERSION = 1;
/** The header's fixed part; the whole of it, with the boot input; the longest entry of an event. */
const FIXED = 80;
const HEADER_MAX = 65536;
const ENTRY_MAX = 4096;
const CHECK_SIZE = 4;
const EVENT_SIZE = 44;
const BOOT_CUT = 1;
/** In place of the number of actions. */
const COUNT_TRAPPED = 255;
const PATH_MAX = 4096;

type Recorded = Omit<Event, "bytes"> & { bytes?: Word };

export class Recorder {
  readonly #addon: Addon;
  /** sha256 of the core's Wasm. */
  readonly #core: Uint8Array;
  readonly #boot: Recorded[] = [];
  #state: (() => Uint8Array) | undefined;
  #file = -1;
  /** Made where there is something to record. */
  #buffer = Buffer.alloc(0);
  #used = 0;
  #limit = 0;
  #sequence = 0;
  /** Tells the entries of this run from those of an older one in the same file. */
  #salt = 0;
  #firstHalf = 0;
  #halfSize = 0;
  #at = 0;
  #halfEnd = 0;
  #now = 0;

  constructor(addon: Addon, core: Uint8Array) {
    this.#addon = addon;
    this.#core = core;
  }

  /** Opens the trace file and writes what it begins with: 0, or a negated errno. */
  start(core: Core, boot: Boot, limit: number, how: number): number {
    const [seconds, nanoseconds] = this.#addon.date();
    const words = (how & Record.Arguments) !== 0 ? boot.command.slice(1) : [];
    const kept = [
      ...this.#boot,
      ...words.map((bytes): Recorded => ({ kind: EventKind.None, now: this.#now, bytes })),
    ];
    const path = expanded(boot.recordPath ?? new Uint8Array(), this.#addon.pid(), seconds);
    const file = this.#addon.openRecord(path, MAGIC, limit);
    if (file < 0) return file;
    this.#file = file;
    this.#buffer = Buffer.alloc(HEADER_MAX + ENTRY_MAX);
    this.#state = () => core.snapshot();
    let cut = this.#putBoot(kept);
    if (this.#used > limit >>> 2) {
      cut = true;
      this.#used = (limit >>> 2) & ~3;
    }
    this.#putHeader(limit, seconds, nanoseconds, cut ? BOOT_CUT : 0);
    this.#salt = nanoseconds;
    this.#used = this.#firstHalf;
    const result = this.#startHalf(this.#firstHalf);
    if (result !== 0) this.#stop();
    return result;
  }

  /** The core has trapped on an event: it is the last of the trace. */
  trap(event: Event): void {
    if (this.#file < 0) return;
    this.#used = 0;
    this.#putEvent(event, COUNT_TRAPPED);
    this.#finish(0);
    this.#write();
  }

  /** Takes the event that the core has just taken, and its actions: 0, or a negated errno. */
  event(event: Event, actions: readonly Action[]): number {
    this.#now = event.now;
    if (this.#file < 0) {
      if (event.kind <= EventKind.WordsEnded) this.#boot.push(event);
      return 0;
    }
    this.#used = 0;
    this.#putEvent(event, actions.length);
    for (const action of actions) {
      for (const value of [action.kind, action.a, action.b, action.c, action.d, action.e])
        this.#put(value);
      if (action.kind === ActionKind.Write) this.#putBytes(action.bytes);
    }
    this.#finish(0);
    this.#sequence++;
    let result = this.#write();
    // The state to go on from is the one after an event, so that a half ends while there is room.
    if (result === 0 && this.#halfEnd - this.#at < ENTRY_MAX) {
      const second = this.#firstHalf + this.#halfSize;
      this.#used = 0;
      result = this.#startHalf(this.#halfEnd === second ? second : this.#firstHalf);
    }
    if (result !== 0) this.#stop();
    return result;
  }

  #stop(): void {
    this.#addon.closeDescriptor(this.#file);
    this.#file = -1;
    this.#boot.length = 0;
  }

  /** Returns whether some of it did not fit. */
  #putBoot(kept: Recorded[]): boolean {
    this.#used = FIXED;
    this.#limit = HEADER_MAX - CHECK_SIZE;
    for (const event of kept) {
      const from = this.#used;
      this.#putEvent(event, 0);
      if (this.#used === this.#limit) {
        this.#used = from;
        return true;
      }
      this.#finish(from);
    }
    return false;
  }

  #putHeader(limit: number, seconds: number, nanoseconds: number, flags: number): void {
    this.#firstHalf = this.#used;
    this.#halfSize = ((limit - this.#used) >>> 1) & ~3;
    this.#used = 0;
    this.#putBytes(Buffer.from(MAGIC));
    this.#put(FORMAT_VERSION);
    this.#put(ABI_VERSION);
    this.#putBytes(this.#core);
    this.#put(this.#firstHalf);
    this.#put(this.#halfSize);
    this.#put(seconds % 2 ** 32);
    this.#put(Math.floor(seconds / 2 ** 32));
    this.#put(nanoseconds);
    this.#put(flags);
    this.#put(0);
    this.#putCheck(0);
  }

  /** Writes what a half begins with; in front of it, what the buffer holds already. */
  #startHalf(to: number): number {
    const from = this.#used;
    this.#halfEnd = to + this.#halfSize;
    this.#limit = from + ENTRY_MAX - CHECK_SIZE;
    this.#putEvent({ kind: EventKind.None, now: this.#now, bytes: this.#state?.() }, 0);
    this.#finish(from);
    this.#at = to - from;
    const result = this.#write();
    this.#limit = ENTRY_MAX - CHECK_SIZE;
    return result;
  }

  #write(): number {
    const to = this.#at;
    this.#at += this.#used;
    return this.#addon.writeRecord(this.#file, this.#buffer.subarray(0, this.#used), to);
  }

  #putEvent(event: Recorded, actions: number): void {
    const { bytes = "" } = event;
    const carried = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    const start = this.#used;
    this.#put(0);
    this.#put(this.#sequence);
    this.#put(0);
    this.#put(0);
    this.#put(event.kind | (actions << 8) | (carried.length << 16));
    for (const field of ["signal", "code", "pid", "uid", "low", "high"] as const)
      this.#put(event[field] ?? 0);
    if (this.#used === start + EVENT_SIZE) this.#buffer.writeDoubleLE(event.now, start + 8);
    this.#putBytes(carried);
  }

  #put(value: number): void {
    if (this.#used === this.#limit) return;
    this.#buffer.writeInt32LE(value | 0, this.#used);
    this.#used += 4;
  }

  #putBytes(bytes: Uint8Array): void {
    const room = this.#limit - this.#used;
    const end = this.#used + Math.min((bytes.length + 3) & ~3, room);
    this.#buffer.fill(0, this.#used, end);
    this.#buffer.set(bytes.subarray(0, room), this.#used);
    this.#used = end;
  }

  #finish(from: number): void {
    this.#buffer.writeUInt32LE(this.#used + CHECK_SIZE - from, from);
    this.#putCheck(from);
  }

  /** There is always room for it. */
  #putCheck(from: number): void {
    const { buffer, byteOffset, length } = this.#buffer;
    const view = new DataView(buffer, byteOffset, length);
    view.setUint32(this.#used, checkOf(view, from, this.#used, this.#salt), true);
    this.#used += CHECK_SIZE;
  }
}

/** %p is our pid, %t the time in seconds since 1970. */
function expanded(path: Uint8Array, pid: number, seconds: number): Uint8Array {
  const text = Buffer.from(path).toString("latin1");
  const full = text.replace(/%([pt])/g, (_, which) => String(which === "p" ? pid : seconds));
  return Buffer.from(full, "latin1").subarray(0, PATH_MAX - 1);
}
