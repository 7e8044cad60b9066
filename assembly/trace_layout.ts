// The trace file's layout, which docs/trace-format.md describes: host/shim/trace_writer.c writes it,
// replay/trace/format.ts reads it.
// May not know: anything else.

/** Version of the file's format. A reader refuses a higher one. */
export const TRACE_FORMAT_VERSION: i32 = 1;

/** Offsets in the header, in bytes. */
export enum TraceHeader {
  Magic = 0,
  FormatVersion = 8,
  AbiVersion = 12,
  /** sha256 of the core. */
  Core = 16,
  /** Offset of the first half, and the size of a half. */
  FirstHalf = 48,
  HalfSize = 52,
  /** When the recording began: seconds since 1970, 64 bits, and the nanoseconds of that time. */
  Seconds = 56,
  Nanoseconds = 64,
  /** TraceFlag bits. */
  Flags = 68,
  /** Always 0. */
  Reserved = 72,
  /** Check of all bytes before it. */
  Check = 76,
  /** The boot input, up to the first half. */
  End = 80,
}

/** Bits of the header's flags. */
export enum TraceFlag {
  /** Some of the boot input is missing. */
  BootCut = 1,
}

/** Offsets in an entry, in bytes. Its check is its last four bytes. */
export enum TraceEntry {
  /** Size of the entry in bytes, its check included. */
  Size = 0,
  Sequence = 4,
  /** Milliseconds since boot, a double. */
  Now = 8,
  /** Kind of the event: 8 bits; from bit 8 on the number of actions, from bit 16 on that of bytes. */
  Head = 16,
  Signal = 20,
  Code = 24,
  Pid = 28,
  Uid = 32,
  Low = 36,
  High = 40,
  /** What the event carries, padded to a multiple of 4; then the actions. */
  Bytes = 44,
}

/** In place of the number of actions: the core trapped on the event. */
export const TRACE_TRAPPED: i32 = 255;
/** Bytes of an action: its kind and a to e. */
export const TRACE_ACTION_SIZE: i32 = 24;
/** Bytes of a check. */
export const TRACE_CHECK_SIZE: i32 = 4;
/** Bytes that the header takes at most, boot input included. */
export const TRACE_HEADER_MAX: i32 = 65536;
/** Bytes of an entry at most, and of one in the boot input. */
export const TRACE_ENTRY_MAX: i32 = 4096;
export const TRACE_BOOT_ENTRY_MAX: i32 = 8192;
