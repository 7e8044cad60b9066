// The place where the inits of one test run: starts them, and sees to it that nothing is left.
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probeProgram } from "./fixtures.ts";
import { anyProgram, hostUnderTest } from "./host.ts";
import type { Host } from "./host.ts";
import { binary, optionsOfAll } from "./paths.ts";
import { commandLine, pidsWithEnvironment, state } from "./proc.ts";
import { Recordings } from "./recordings.ts";
import { StartedInit } from "./started.ts";
import type { Finished } from "./started.ts";
import { eventually, PATIENCE_MS } from "./wait.ts";

/** Where a standard stream goes: a descriptor of the test's own, or one of the usual places. */
export type Stream = "pipe" | "null" | "closed" | number;

/** How to start an init. */
export interface Start {
  host?: Host;
  /** The init's options; `--` and the command follow. */
  options?: readonly string[];
  command?: readonly string[];
  /** In place of options and command: the whole argument list. */
  args?: readonly string[];
  /** As a real PID 1, in a pid namespace of its own. */
  pid1?: boolean;
  /** Steps of the probe before it becomes the init; see test/fixtures/probe/main.c. */
  prepare?: readonly string[];
  /** Words of the init with %XX stand for bytes: Node can only pass UTF-8. */
  escaped?: boolean;
  /** The whole environment, but for PATH and the mark. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  stdin?: Stream;
  stdout?: Stream;
  stderr?: Stream;
  /** False: not recorded where all are, since a recording would be in the way. */
  recorded?: boolean;
}

const NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** Why nothing can be PID 1 here, if nothing can. */
export function whyNoPid1(): string | undefined {
  noPid1 ??= spawnSync(NAMESPACE[0] as string, [...NAMESPACE.slice(1), "true"]).status !== 0;
  return noPid1 ? "this user may not make a pid namespace: run the tests as root" : undefined;
}
let noPid1: boolean | undefined;

function nodeStream(stream: Stream): "pipe" | "ignore" | number {
  return stream === "null" || stream === "closed" ? "ignore" : stream;
}

export class Lab {
  /** The probe's path. */
  readonly probe = probeProgram();
  /** An environment entry that all processes of the test inherit, which is how they are found. */
  readonly mark = `TEST_MARK=${randomUUID()}`;
  readonly #recordings: Recordings | undefined;
  #inits: StartedInit[] = [];
  #folder: string | undefined;

  /** With a folder, the inits record to it, and `close` replays what they did. */
  constructor(recordings = process.env.RECORD_ALL) {
    if (recordings !== undefined) this.#recordings = new Recordings(recordings);
  }

  /** What lets an init record, if all should. */
  recordingEnvironment(): Record<string, string> {
    return this.#recordings?.environment() ?? {};
  }

  /** A folder of the test's own, which everybody may enter. */
  get folder(): string {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), "wasm-init-test-"));
      chmodSync(this.#folder, 0o755);
    }
    return this.#folder;
  }

  /** Starts an init, and does not wait for anything. */
  start(start: Start): StartedInit {
    const host = start.host ?? hostUnderTest();
    const absent = host.whyAbsent();
    if (absent !== undefined) throw new Error(absent);
    const { stdin = "null", stdout = "pipe", stderr = "pipe", recorded = true } = start;
    const args = start.args ?? [...(start.options ?? []), "--", ...(start.command ?? [])];
    const closing = [stdin, stdout, stderr].flatMap((stream, descriptor) =>
      stream === "closed" ? [`close:${descriptor}`] : [],
    );
    const prepare = [...(start.prepare ?? []), ...closing];
    const [file = "", ...words] = [
      ...(start.pid1 ? NAMESPACE : []),
      ...(prepare.length || start.escaped
        ? [this.probe, ...prepare, start.escaped ? "exec%" : "exec"]
        : []),
      ...host.command,
      ...args,
    ];
    const child = spawn(file, words, {
      cwd: start.cwd,
      env: {
        PATH: process.env.PATH,
        ...optionsOfAll(),
        ...(recorded && host.command[0] === binary ? this.recordingEnvironment() : {}),
        ...start.env,
        TEST_MARK: this.mark.slice("TEST_MARK=".length),
      },
      stdio: [nodeStream(stdin), nodeStream(stdout), nodeStream(stderr)],
    });
    const init = new StartedInit(host, start.pid1 ?? false, this.mark, child);
    this.#inits.push(init);
    return init;
  }

  /** Starts an init whose command is the probe, with these steps. */
  probeUnder(start: Omit<Start, "command">, ...steps: string[]): StartedInit {
    return this.start({ ...start, command: [this.probe, ...steps] });
  }

  /** Starts an init that listens, under which the probe listens to all signals. */
  async listening(start: Omit<Start, "command">): Promise<StartedInit> {
    const init = this.probeUnder(start, "listen");
    await init.event("listening");
    return init;
  }

  /** Runs any other program to its end. */
  async run(file: string, ...args: string[]): Promise<Finished> {
    return this.start({ host: anyProgram(file), args }).finished(120_000);
  }

  /** Waits until no process of the test is left. */
  async isQuiet(patience?: number): Promise<void> {
    await eventually("all processes of the test have ended", () => !this.#left().length, patience);
  }

  /** Ends what is left: for a test in which something has to be. */
  async endTheRest(): Promise<void> {
    await eventually("all processes of the test are ended", () => {
      for (const pid of this.#left()) kill(pid);
      return !this.#left().length && this.#inits.every((init) => init.hasEnded);
    });
  }

  /** Removes all traces of the test, and fails if it left a process behind. */
  async close(): Promise<void> {
    let left: string[] = [];
    try {
      await this.isQuiet(Math.min(3_000, PATIENCE_MS));
    } catch {
      left = this.#left().map((pid) => `${pid} ${state(pid)} ${commandLine(pid).slice(0, 200)}`);
      await this.endTheRest();
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#recordings?.replayAll();
    if (left.length) throw new Error(`the test left processes behind:\n${left.join("\n")}`);
  }

  #left(): number[] {
    return pidsWithEnvironment(this.mark);
  }
}

function kill(pid: number) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
