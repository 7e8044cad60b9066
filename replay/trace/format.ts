/**
 * Reads trace files as the static binary writes them; docs/trace-format.md has every byte. What is
 * torn, or older than a half that was begun again, is told from an entry by its check.
 */
import { EventKind } from "../../assembly/abi";
import {
  TRACE_BOOT_ENTRY_MAX,
  TRACE_CHECK_SIZE,
  TRACE_FORMAT_VERSION,
  TRACE_TRAPPED,
  TraceFlag,
  TraceHeader,
  TraceEntry,
} from "../../assembly/trace_layout";
import { checkOf } from "../../host/wasm/checksum.ts";
import type { Event, Snapshot } from "../../host/wasm/core.ts";

const MAGIC = "WITRACE\n";
const WINDOW = 1 << 20;

/** Why bytes are no trace that can be read, in one line. */
export class TraceError extends Error {
  override name = "TraceError";
}

/** Where the bytes come from: a file, or an array. */
export interface Source {
  readonly size: number;
  /** Bytes from an offset on; fewer at the end. */
  read(at: number, length: number): Uint8Array;
}

/** Bytes that are in memory. */
export function bytesSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: (at, length) => bytes.subarray(at, at + length),
  };
}

/** What stands at the beginning of a trace. */
export interface Header {
  abiVersion: number;
  /** sha256 of the core that ran, in hexadecimal. */
  core: string;
  /** When the recording began. */
  started: Date;
  /** Some of the boot input did not fit. */
  bootCut: boolean;
  firstHalf: number;
  halfSize: number;
  /** What the checks of the halves begin with, so that an older run's entries are none. */
  salt: number;
}

/** An event with all that it carries. */
export type RecordedEvent = Required<Omit<Event, "bytes">> & { bytes: Uint8Array };

/** Walks over the entries between two offsets; one that is torn, or out of order, ends the walk. */
export class Entries {
  /** The event of the current entry; the object is used again for the next. */
  readonly event: RecordedEvent = {
    kind: EventKind.None,
    now: 0,
    signal: 0,
    code: 0,
    pid: 0,
    uid: 0,
    low: 0,
    high: 0,
    bytes: new Uint8Array(),
  };
  sequence = -1;
  /** How many actions followed, and where in `view` the first of them stands. */
  actions = 0;
  actionsAt = 0;
  /** The core trapped on the event: there are no actions, and this is the last entry. */
  trapped = false;
  /** End of the current entry's actions in `view`. */
  end = 0;
  view: DataView;
  bytes: Uint8Array;
  readonly #source: Source;
  readonly #limit: number;
  #windowAt: number;
  #at: number;
  #wanted: number | undefined;
  readonly #salt: number;

  /** `sequence` is the number that the first entry has to have, if that is known. */
  constructor(source: Source, start: number, end: number, salt = 0, sequence?: number) {
    this.#source = source;
    this.#limit = Math.min(end, source.size);
    this.#windowAt = start;
    this.#at = start;
    this.#wanted = sequence;
    this.#salt = salt;
    this.bytes = source.read(start, Math.min(WINDOW, Math.max(this.#limit - start, 0)));
    this.view = viewOf(this.bytes);
  }

  /** Where in the file the next entry begins. */
  get offset(): number {
    return this.#at;
  }

  /** Goes to the next entry, if there is one. */
  next(counted = true): boolean {
    let from = this.#at - this.#windowAt;
    if (from + TRACE_BOOT_ENTRY_MAX > this.bytes.length && this.#at < this.#limit) {
      const length = Math.min(WINDOW, this.#limit - this.#at);
      if (this.#windowAt !== this.#at || this.bytes.length < length) {
        this.#windowAt = this.#at;
        this.bytes = this.#source.read(this.#at, length);
        this.view = viewOf(this.bytes);
        from = 0;
      }
    }
    const { view, bytes, event } = this;
    if (from + TraceEntry.Bytes + TRACE_CHECK_SIZE > bytes.length) return false;
    const size = view.getUint32(from + TraceEntry.Size, true);
    if (size < TraceEntry.Bytes + TRACE_CHECK_SIZE || size > TRACE_BOOT_ENTRY_MAX || size % 4 !== 0)
      return false;
    const end = from + size - TRACE_CHECK_SIZE;
    if (end + TRACE_CHECK_SIZE > bytes.length) return false;
    const sequence = view.getUint32(from + TraceEntry.Sequence, true);
    if (this.#wanted !== undefined && sequence !== this.#wanted) return false;
    if (checkOf(view, from, end, this.#salt) !== view.getUint32(end, true)) return false;
    const head = view.getUint32(from + TraceEntry.Head, true);
    this.sequence = sequence;
    event.now = view.getFloat64(from + TraceEntry.Now, true);
    event.kind = head & 0xff;
    event.signal = view.getInt32(from + TraceEntry.Signal, true);
    event.code = view.getInt32(from + TraceEntry.Code, true);
    event.pid = view.getInt32(from + TraceEntry.Pid, true);
    event.uid = view.getInt32(from + TraceEntry.Uid, true);
    event.low = view.getInt32(from + TraceEntry.Low, true);
    event.high = view.getInt32(from + TraceEntry.High, true);
    const length = head >>> 16;
    event.bytes =
      length === 0
        ? none
        : bytes.subarray(from + TraceEntry.Bytes, from + TraceEntry.Bytes + length);
    const actions = (head >>> 8) & 0xff;
    this.trapped = actions === TRACE_TRAPPED;
    this.actions = this.trapped ? 0 : actions;
    this.actionsAt = from + TraceEntry.Bytes + ((length + 3) & ~3);
    this.end = end;
    if (this.actionsAt > end) return false;
    this.#at += size;
    if (counted) this.#wanted = sequence + 1;
    return true;
  }
}

const none = new Uint8Array();

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A half of the file: the state to go on from, and the entries after it. */
export interface Half {
  sequence: number;
  state: Snapshot;
  /** A new walk over its entries. */
  entries(): Entries;
}

/** A trace that has been opened. */
export interface Trace {
  header: Header;
  /** What the core took before the file was open: the boot input. */
  boot: RecordedEvent[];
  /** The command's arguments, if they were asked for. */
  arguments: Uint8Array[];
  /** Older first; one that can't be read is not among them. */
  halves: Half[];
}

/** Opens a trace. Throws a TraceError for what is none. */
export function openTrace(source: Source): Trace {
  const header = readHeader(source);
  const boot: Trace["boot"] = [];
  const words: Uint8Array[] = [];
  const entries = new Entries(source, TraceHeader.End, header.firstHalf);
  while (entries.next(false)) {
    const event = { ...entries.event, bytes: entries.event.bytes.slice() };
    if (event.kind === EventKind.None) words.push(event.bytes);
    else boot.push(event);
  }
  const halves = [0, 1]
    .map((which) => readHalf(source, header, which))
    .filter((half) => half !== undefined)
    .sort((a, b) => a.sequence - b.sequence);
  return { header, boot, arguments: words, halves };
}

function readHeader(source: Source): Header {
  const bytes = source.read(0, TraceHeader.End);
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length));
  if (source.size === 0) throw new TraceError("the file is empty");
  if (magic !== MAGIC.slice(0, bytes.length)) throw new TraceError("not a trace of wasm-init");
  if (bytes.length < TraceHeader.End) throw new TraceError("the header is incomplete or damaged");
  const view = viewOf(bytes);
  const version = view.getUint32(TraceHeader.FormatVersion, true);
  if (version > TRACE_FORMAT_VERSION)
    throw new TraceError(
      `format version ${version} is newer than this tool: expected at most ${TRACE_FORMAT_VERSION}`,
    );
  if (checkOf(view, 0, TraceHeader.Check) !== view.getUint32(TraceHeader.Check, true))
    throw new TraceError("the header is incomplete or damaged");
  const seconds = Number(view.getBigUint64(TraceHeader.Seconds, true));
  const started = new Date(seconds * 1000 + view.getUint32(TraceHeader.Nanoseconds, true) / 1e6);
  if (Number.isNaN(started.getTime())) throw new TraceError("the header has an invalid date");
  return {
    abiVersion: view.getUint32(TraceHeader.AbiVersion, true),
    core: [...bytes.subarray(TraceHeader.Core, TraceHeader.FirstHalf)]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join(""),
    firstHalf: view.getUint32(TraceHeader.FirstHalf, true),
    halfSize: view.getUint32(TraceHeader.HalfSize, true),
    started,
    salt: view.getUint32(TraceHeader.Nanoseconds, true),
    bootCut: (view.getUint32(TraceHeader.Flags, true) & TraceFlag.BootCut) !== 0,
  };
}

function readHalf(source: Source, header: Header, which: number): Half | undefined {
  const { firstHalf, halfSize: size, salt } = header;
  const start = firstHalf + which * size;
  const entries = new Entries(source, start, start + size, salt);
  if (!entries.next(false) || entries.event.kind !== EventKind.None) return undefined;
  const { sequence } = entries;
  const state = entries.event.bytes.slice();
  const first = entries.offset;
  return {
    sequence,
    state,
    entries: () => new Entries(source, first, start + size, salt, sequence),
  };
}
