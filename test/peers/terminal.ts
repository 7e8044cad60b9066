// A program on a terminal of its own.
import { spawn } from "node-pty";
import type { IPty } from "node-pty";
import { readFileSync } from "node:fs";
import { parseProbeEvent } from "../support/probe.ts";
import type { ProbeEvent } from "../support/probe.ts";
import { eventually, PATIENCE_MS } from "../support/wait.ts";
import type { Lab } from "../support/lab.ts";

export class Terminal {
  readonly #pty: IPty;
  #text = "";
  #end: string | undefined;

  /** Starts a program as the leader of the terminal's session. */
  constructor(lab: Lab, words: readonly string[], env: Record<string, string> = {}) {
    const [file = "", ...args] = words;
    const [, mark = ""] = lab.mark.split("=");
    this.#pty = spawn(file, args, {
      cols: 200,
      rows: 40,
      cwd: lab.folder,
      env: { PATH: process.env.PATH ?? "", TERM: "dumb", TEST_MARK: mark, ...env },
    });
    this.#pty.onData((data) => (this.#text += data));
    this.#pty.onExit(({ exitCode, signal }) => {
      this.#end = signal ? `signal ${signal}` : `status ${exitCode}`;
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** What was written to the terminal so far. */
  get text(): string {
    return this.#text.replaceAll("\r", "");
  }

  type(text: string) {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number) {
    this.#pty.resize(columns, rows);
  }

  /** Waits until this was written. */
  shows(pattern: RegExp, patience = PATIENCE_MS): Promise<true> {
    return eventually(
      `the terminal shows ${pattern}`,
      () => pattern.test(this.text) || undefined,
      patience,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.text}`);
    });
  }

  /** The probe's events; typed lines, which the terminal echoes, are not taken for any. */
  events(): ProbeEvent[] {
    return this.text
      .split("\n")
      .slice(0, -1)
      .map((line) => parseProbeEvent(line.slice(Math.max(line.indexOf("{"), 0))))
      .filter((event) => event !== undefined);
  }

  /** The signals that the probe got. */
  signals(): number[] {
    return this.events().flatMap((event) => (event.event === "signal" ? [event.signal] : []));
  }

  /** How the program ended. */
  end(patience = PATIENCE_MS): Promise<string> {
    return eventually("the program on the terminal ends", () => this.#end, patience);
  }

  /** Closes the other end of the terminal, as when the window of a terminal is closed. */
  hangUp() {
    // Not in node-pty's types.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  /** Ends the program. */
  close() {
    this.#pty.kill("SIGKILL");
  }
}

/** A process's terminal, and the process group in its foreground: see proc(5), tty_nr, tpgid. */
export function terminalOf(pid: number): { has: boolean; foreground: number; group: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    has: fields[4] !== "0",
    foreground: Number(fields[5]),
    group: Number(fields[2]),
  };
}
