/** What the tool prints: in pieces of some size, and no faster than the reader takes them. */
import { writeSync } from "node:fs";

const PIECE = 1 << 16;
const STDOUT = 1;

/** The reader has gone (`... | head`): there is nobody to print for. */
export class ReaderGone extends Error {}

let waiting = "";

/** Text on stdout. It stays here until there is a piece of it, or `flush` is called. */
export function write(text: string): void {
  waiting += text;
  if (waiting.length >= PIECE) flush();
}

/** One line on stdout. */
export function print(line: string): void {
  write(`${line}\n`);
}

/** Prints what waits. Throws ReaderGone. */
export function flush(): void {
  const bytes = Buffer.from(waiting);
  waiting = "";
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") throw new ReaderGone();
      if (code !== "EAGAIN") throw error;
      // A pipe that somebody made non-blocking is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
