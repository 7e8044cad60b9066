// What a program wrote, as bytes, as lines, and as the probe's events.
import type { Readable } from "node:stream";
import { PATIENCE_MS, within } from "./wait.ts";

/** Collects one stream, and lets a test wait for a line of it. */
export class Output {
  readonly ended: Promise<void>;
  #chunks: Buffer[] = [];
  #waiting: (() => void)[] = [];
  #over = false;

  constructor(stream: Readable | null) {
    this.ended = new Promise((resolve) => {
      const over = () => {
        this.#over = true;
        this.#wake();
        resolve();
      };
      if (!stream) {
        over();
        return;
      }
      stream.on("data", (chunk: Buffer) => {
        this.#chunks.push(chunk);
        this.#wake();
      });
      stream.on("close", over);
      // A read error ends the stream: what was read counts.
      stream.on("error", over);
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** The complete lines so far. */
  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }

  /** Waits until `find` finds something in what was written so far. */
  async until<T>(what: string, find: () => T | undefined, patience = PATIENCE_MS): Promise<T> {
    const found = async (): Promise<T> => {
      for (;;) {
        const answer = find();
        if (answer !== undefined) return answer;
        if (this.#over) throw new Error(`the output ended without ${what}:\n${this.text}`);
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    };
    return within(what, found(), patience, () => `so far:\n${this.text}`);
  }

  /** Waits for a line. */
  line(pattern: RegExp): Promise<string> {
    return this.until(String(pattern), () => this.lines.find((line) => pattern.test(line)));
  }

  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
