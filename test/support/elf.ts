// Reads what the kernel reads of an ELF file (elf(5)): its header and its program headers.
import { readFileSync } from "node:fs";

/** Types of segments. */
export const SegmentType = { Load: 1, Interpreter: 3, Dynamic: 2, Stack: 0x6474e551 } as const;

/** Bits of a segment's flags. */
export const SegmentFlag = { Execute: 1, Write: 2, Read: 4 } as const;

export interface Segment {
  type: number;
  flags: number;
  /** Where in the file it begins, and how many bytes of the file it has. */
  offset: number;
  fileSize: number;
  /** Bytes of memory. */
  memorySize: number;
}

export interface Elf {
  /** 2 for an executable at a fixed address, 3 for one that can be moved, or a library. */
  type: number;
  segments: Segment[];
  /** Section headers, symbols' among them; debuggers and linkers read them, the kernel does not. */
  sectionHeaders: number;
  size: number;
}

/** Reads the headers of a file, of any class and byte order. */
export function readElf(path: string): Elf {
  const file = readFileSync(path);
  if (file.toString("latin1", 0, 4) !== "\x7fELF") throw new Error(`${path} is no ELF file`);
  const wide = file[4] === 2;
  const little = file[5] === 1;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const half = (at: number) => view.getUint16(at, little);
  const int = (at: number) => view.getUint32(at, little);
  const word = (at: number) => (wide ? Number(view.getBigUint64(at, little)) : int(at));
  const table = word(wide ? 32 : 28);
  const size = half(wide ? 54 : 42);
  const segments = Array.from({ length: half(wide ? 56 : 44) }, (_, index): Segment => {
    const at = table + index * size;
    return {
      type: int(at),
      flags: int(at + (wide ? 4 : 24)),
      offset: word(at + (wide ? 8 : 4)),
      fileSize: word(at + (wide ? 32 : 16)),
      memorySize: word(at + (wide ? 40 : 20)),
    };
  });
  return {
    type: half(16),
    segments,
    sectionHeaders: half(wide ? 60 : 48),
    size: file.length,
  };
}
