// A pseudo-terminal with a program on it, and a person in front of it.
import { spawn } from "node-pty";
import type { IPty } from "node-pty";
import type { Lab } from "./lab.ts";
import { launched, optionsOfAll } from "./paths.ts";
import { commandLine, type Place, pidsWithEnvironment, placeOf } from "./proc.ts";
import { eventually, PATIENCE_MS } from "./wait.ts";

export const CTRL_C = "\x03";
export const CTRL_D = "\x04";
export const CTRL_Z = "\x1a";

/** The init's command line, which under Node begins with that. */
export const INIT = /^(\S*node )?\S*wasm-init/;

/** What an interactive shell shows when it waits for a command. */
export const PROMPT = "ready> ";

export class Terminal {
  readonly #pty: IPty;
  readonly #lab: Lab;
  #screen = "";
  #read = 0;
  #exit: { exitCode: number; signal?: number } | undefined;

  constructor(lab: Lab, file: string, args: string[], env: Record<string, string> = {}) {
    this.#lab = lab;
    this.#pty = spawn(file, args, {
      name: "dumb",
      cols: 200,
      rows: 24,
      cwd: lab.folder,
      env: {
        PATH: process.env.PATH ?? "",
        TERM: "dumb",
        PS1: PROMPT,
        INIT: launched.join(" "),
        PROBE: lab.probe,
        TEST_MARK: lab.mark.slice("TEST_MARK=".length),
        ...optionsOfAll(),
        ...lab.recordingEnvironment(),
        ...env,
      },
    });
    this.#pty.onData((text) => (this.#screen += text));
    this.#pty.onExit((exit) => (this.#exit = exit));
  }

  /** All that was ever shown. */
  get screen(): string {
    return this.#screen;
  }

  /** Types something. Wait for what comes of it before typing more: shells change the modes. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** Waits until the screen shows something new, which then counts as read. */
  async shows(what: RegExp | string, patience = PATIENCE_MS): Promise<RegExpExecArray> {
    const pattern = typeof what === "string" ? new RegExp(what.replace(/\W/g, "\\$&")) : what;
    try {
      return await eventually(
        `the screen shows ${pattern}`,
        () => {
          const found = pattern.exec(this.#screen.slice(this.#read));
          if (found) this.#read += found.index + found[0].length;
          return found;
        },
        patience,
      );
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#describe()}`, { cause: error });
    }
  }

  /** Types a command line, and waits for its end and the next prompt. Returns what it printed. */
  async run(line: string): Promise<string> {
    this.type(`${line}\r`);
    await this.shows("\n");
    const start = this.#read;
    await this.shows(PROMPT);
    return this.#screen.slice(start, this.#read - PROMPT.length).replaceAll("\r", "");
  }

  /** Waits for a process of the test whose command line is like this. */
  process(pattern: RegExp): Promise<number> {
    return this.#see(`there is ${pattern}`, () =>
      pidsWithEnvironment(this.#lab.mark).find((pid) => pattern.test(commandLine(pid))),
    );
  }

  /** Waits until a process is where it should be. */
  async at(pid: number, what: string, is: (place: Place) => boolean): Promise<Place> {
    return this.#see(`${pid} ${what}`, () => {
      const place = placeOf(pid);
      return place && is(place) && place;
    });
  }

  /** Waits until a process's group has the foreground. */
  async hasForeground(pid: number): Promise<void> {
    await this.at(pid, "has the foreground", (place) => place.foreground === place.group);
  }

  async isStopped(pid: number): Promise<void> {
    await this.at(pid, "is stopped", (place) => place.state === "T");
  }

  async runs(pid: number): Promise<void> {
    await this.at(pid, "runs", (place) => /[RSD]/.test(place.state));
  }

  async isGone(pid: number): Promise<void> {
    await this.#see(`${pid} has ended`, () => placeOf(pid) === undefined);
  }

  /** Resizes the window. */
  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  /** The line is cut: closes our side of the terminal, and does nothing else. */
  hangUp(): void {
    const pty = this.#pty as IPty & { destroy(): void };
    pty.kill = () => undefined;
    pty.destroy();
  }

  /** Waits for the end of the program that was started on the terminal. */
  async ended(): Promise<{ exitCode: number; signal?: number }> {
    return this.#see("the program on the terminal ends", () => this.#exit);
  }

  async #see<T>(what: string, look: () => T | undefined | false): Promise<T> {
    try {
      return await eventually(what, look);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#describe()}`, { cause: error });
    }
  }

  #describe(): string {
    const processes = pidsWithEnvironment(this.#lab.mark).map(
      (pid) => `${pid} ${JSON.stringify(placeOf(pid))} ${commandLine(pid).slice(0, 200)}`,
    );
    return [...processes, "the screen:", this.#screen.slice(-3000)].join("\n");
  }
}

/** An interactive shell, and whether it has job control. */
export interface Shell {
  name: string;
  file: string;
  args: string[];
  monitor: boolean;
}

export const SHELLS: Shell[] = [
  { name: "bash", file: "bash", args: ["--norc", "--noprofile", "-i"], monitor: true },
  { name: "dash", file: "dash", args: ["-i"], monitor: true },
  {
    name: "bash without monitor mode",
    file: "bash",
    args: ["--norc", "--noprofile", "-i", "+m"],
    monitor: false,
  },
  { name: "dash without monitor mode", file: "dash", args: ["-i", "+m"], monitor: false },
];

/** Starts a shell on a terminal of its own, and waits for its prompt. */
export async function inShell(
  lab: Lab,
  shell: Shell,
  env: Record<string, string> = {},
): Promise<Terminal> {
  const terminal = new Terminal(lab, shell.file, shell.args, env);
  await terminal.shows(PROMPT);
  return terminal;
}

/** Leaves a shell. */
export async function leave(terminal: Terminal): Promise<void> {
  terminal.type("exit\r");
  await terminal.ended();
}

const NAMESPACE = ["--pid", "--fork", "--mount-proc", "--kill-child", "setsid", "--ctty"];

/** As in a container with a terminal: PID 1, which leads the terminal's session. */
export function asContainer(lab: Lab, ...command: string[]): Terminal {
  return new Terminal(lab, "unshare", [...NAMESPACE, ...command]);
}
