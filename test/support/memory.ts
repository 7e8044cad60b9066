// The memory of a process that it can write to, as it stands while the process waits.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const WORD = 8;
/** The field of /proc/PID/syscall that holds the stack pointer, of a process that waits in a call. */
const STACK_POINTER = 7;

export interface Memory {
  mappings: { name: string; start: number; bytes: Buffer }[];
  /** Below it, the stack holds what calls that are over have left behind. */
  stackPointer: number;
}

/** Reads it all; the process has to wait in a system call. */
export function writableMemory(pid: number): Memory {
  const mappings = [];
  const file = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, "latin1").trimEnd().split("\n")) {
      const [range = "", access = "", , , , name = ""] = line.split(/ +/);
      if (access[1] !== "w") continue;
      const [start = 0, end = 0] = range.split("-").map((it) => parseInt(it, 16));
      const bytes = Buffer.alloc(end - start);
      readSync(file, bytes, 0, bytes.length, start);
      mappings.push({ name, start, bytes });
    }
  } finally {
    closeSync(file);
  }
  const call = readFileSync(`/proc/${pid}/syscall`, "latin1").split(" ");
  return { mappings, stackPointer: Number(call[STACK_POINTER]) };
}

/** The words in which two looks at the live memory of one process differ. */
export function differences(one: Memory, other: Memory): { before: Buffer; after: Buffer }[] {
  const found: { before: Buffer; after: Buffer }[] = [];
  for (const [index, { name, start, bytes }] of one.mappings.entries()) {
    const first = name === "[stack]" ? one.stackPointer - start : 0;
    const later = other.mappings[index]?.bytes;
    for (let at = first; at < bytes.length; at += WORD) {
      const before = bytes.subarray(at, at + WORD);
      const after = later?.subarray(at, at + WORD) ?? Buffer.alloc(0);
      if (!before.equals(after)) found.push({ before, after });
    }
  }
  return found;
}

/** Resident memory in kB, to the page, and how much of it is the process's own. */
export function residentMemory(pid: number): { all: number; own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(text)?.[1]);
  return { all: field("Rss"), own: field("Anonymous") };
}
