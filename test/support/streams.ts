// Streams in the states that programs forget about: a pipe that nobody reads from, a pipe that is
// full, a full disk. Node's own 'pipe' streams are sockets, so these are made from FIFOs.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

const { O_NONBLOCK, O_RDWR, O_WRONLY } = constants;

/** A pipe, of which the test holds both ends. */
export class Pipe {
  readonly #reader: number;
  /** The end to give to a program as a stream: blocking, as a shell's pipe is. */
  readonly writer: number;

  constructor(folder: string) {
    const path = join(folder, `pipe-${process.hrtime.bigint()}`);
    execFileSync("mkfifo", [path]);
    // Opened for both, a FIFO opens at once, and then the other end does so, too: see fifo(7).
    this.#reader = openSync(path, O_RDWR | O_NONBLOCK);
    this.writer = openSync(path, O_WRONLY);
  }

  /** Fills the pipe to the last byte. */
  fill() {
    for (const size of [4096, 1]) {
      const bytes = Buffer.alloc(size, "x");
      try {
        for (;;) writeSync(this.#reader, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      }
    }
  }

  /** What is in the pipe now. */
  read(): string {
    const bytes = Buffer.alloc(1 << 20);
    try {
      return bytes.subarray(0, readSync(this.#reader, bytes)).toString();
    } catch {
      return "";
    }
  }

  /** Leaves the writer without a reader. */
  closeReader() {
    closeSync(this.#reader);
  }

  close() {
    closeSync(this.#reader);
    closeSync(this.writer);
  }
}
