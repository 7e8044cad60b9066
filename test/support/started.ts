// An init that was started, and its command.
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import type { Host } from "./host.ts";
import { Output } from "./output.ts";
import { parseProbeEvent } from "./probe.ts";
import type { ProbeEvent, ProbeEventOf, ReceivedSignal } from "./probe.ts";
import {
  commandLine,
  innerPid,
  parentOf,
  pidsWithEnvironment,
  placeOf,
  setOf,
  signalIfAlive,
  signalSet,
  state,
  waitsForSignals,
} from "./proc.ts";
import { eventually, PATIENCE_MS, within } from "./wait.ts";

/** How a program ended. */
export interface Exit {
  status: number | null;
  signal: string | null;
}

/** All that is known of a program that has ended, and closed its streams. */
export interface Finished extends Exit {
  stdout: string;
  stderr: string;
}

/** Every program that is an init blocks or catches these, and hardly any other does. */
const TELLTALES = setOf(1, 2, 10, 15);

/** The last signal: whatever else is pending for a process is taken before it. */
const LAST_SIGNAL = 64;

export class StartedInit {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Writable | null;
  readonly #child: ChildProcess;
  readonly #exit: Promise<Exit>;
  #ended = false;
  /** As PID 1, once it was seen. */
  #pid: number | undefined;

  constructor(
    readonly host: Host,
    readonly isPid1: boolean,
    readonly mark: string,
    child: ChildProcess,
  ) {
    this.#child = child;
    this.stdin = child.stdin;
    this.stdout = new Output(child.stdout);
    this.stderr = new Output(child.stderr);
    this.#exit = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (status, signal) => {
        this.#ended = true;
        resolve({ status, signal });
      });
    });
    // A test that fails before it waits for the end must not fail a second time.
    this.#exit.catch(() => undefined);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The init's process id, as seen from here: as PID 1 it is the child of unshare. */
  async pid(): Promise<number> {
    const started = this.#child.pid;
    if (started === undefined) throw new Error("the init was not started");
    if (!this.isPid1) return started;
    this.#pid ??= await eventually("unshare forks", () => {
      if (this.#ended) throw new Error(`ended before it was seen:\n${this.stderr.text}`);
      const children = readFileSync(`/proc/${started}/task/${started}/children`, "latin1");
      return Number(children.split(" ")[0]) || undefined;
    });
    return this.#pid;
  }

  /** Sends a signal to the init itself, by number. */
  async signal(signal: number): Promise<void> {
    process.kill(await this.pid(), signal);
  }

  /** Sends the init a signal, unless it has ended: it may do so at any moment. */
  async signalIfAlive(signal: number): Promise<void> {
    signalIfAlive(await this.pid(), signal);
  }

  /** Waits until the init listens to signals: from then on, none may be lost. */
  async ready(): Promise<void> {
    const pid = await this.pid();
    await eventually("the init listens to signals", () => {
      if (this.#ended) throw new Error(`ended before it listened:\n${this.stderr.text}`);
      const listened = (signalSet(pid, this.host.listensBy) ?? 0n) & TELLTALES;
      // Node waits for other things, too, before its handlers are there.
      const waits = this.host.listensBy === "SigBlk" && waitsForSignals(pid);
      return listened === TELLTALES || waits;
    });
  }

  /** The probe's events so far, of one of its processes or of all. */
  events(who?: string): ProbeEvent[] {
    const events = this.stdout.lines.map(parseProbeEvent).filter((it) => it !== undefined);
    return who === undefined ? events : events.filter((it) => it.who === who);
  }

  /** Waits for an event of the probe. */
  event<Kind extends ProbeEvent["event"]>(
    kind: Kind,
    who?: string,
    matches: (event: ProbeEventOf<Kind>) => boolean = () => true,
  ): Promise<ProbeEventOf<Kind>> {
    const isIt = (event: ProbeEvent): event is ProbeEventOf<Kind> => event.event === kind;
    return this.stdout.until(`the event "${kind}" of ${who ?? "anybody"}`, () =>
      this.events(who)
        .filter(isIt)
        .find((event) => matches(event)),
    );
  }

  /** Waits until a process of the probe got this signal. */
  received(signal: number, who?: string): Promise<ReceivedSignal> {
    return this.event("signal", who, (event) => event.signal === signal);
  }

  /** The signals that a process of the probe got so far. */
  signals(who?: string): ReceivedSignal[] {
    return this.events(who).filter((it) => it.event === "signal");
  }

  /**
   * Sends the last signal and waits until the listening command has it: since pending signals are
   * taken by number, whatever was sent before has then arrived, or never will. Returns the
   * numbers of the signals that did arrive.
   */
  async signalsUntilFence(who = ""): Promise<number[]> {
    await this.signal(LAST_SIGNAL);
    await this.received(LAST_SIGNAL, who);
    return this.signals(who)
      .map((it) => it.signal)
      .filter((signal) => signal !== LAST_SIGNAL);
  }

  /** From a process id as the command sees it to the one seen from here. */
  async outerPid(inner: number): Promise<number> {
    if (!this.isPid1) return inner;
    return eventually(`there is a process ${inner} under the init`, () =>
      pidsWithEnvironment(this.mark).find((pid) => {
        return innerPid(pid) === inner && innerPid(pid) !== pid;
      }),
    );
  }

  /** Waits for the init's end. Others may still hold its streams open. */
  exit(patience = PATIENCE_MS): Promise<Exit> {
    return within("the init ends", this.#exit, patience, () => this.#describe());
  }

  /** Waits for the init's end and for the end of what it and its command print. */
  async finished(patience = PATIENCE_MS): Promise<Finished> {
    const exit = await this.exit(patience);
    const streams = Promise.all([this.stdout.ended, this.stderr.ended]);
    await within("the streams are closed", streams, patience, () => {
      return `the init ended with ${exit.status ?? exit.signal}\n${this.#describe()}`;
    });
    return { ...exit, stdout: this.stdout.text, stderr: this.stderr.text };
  }

  #describe(): string {
    const left = pidsWithEnvironment(this.mark).map(
      (pid) =>
        `${pid} ${state(pid)} of ${parentOf(pid)} in ${placeOf(pid)?.group} ` +
        `ignored ${signalSet(pid, "SigIgn")?.toString(16)} ` +
        `blocked ${signalSet(pid, "SigBlk")?.toString(16)} ` +
        `pending ${signalSet(pid, "ShdPnd")?.toString(16)}: ${commandLine(pid).slice(0, 300)}`,
    );
    return [
      "processes:",
      ...left,
      `stdout:\n${this.stdout.text.slice(-2000)}`,
      `stderr:\n${this.stderr.text.slice(-2000)}`,
    ].join("\n");
  }
}
