/**
 * The program that Node runs as the command of an init inside the same process: what happens to it
 * are the core's events, and the core's actions are done to it. Decides nothing.
 *
 * The core is loaded when the first event comes: most programs have no options to be checked, and
 * start as fast without it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ActionKind, EventKind, Fact, Target } from "../../../assembly/abi";
import type { Addon } from "../addon/addon.ts";
import type { actionFailed, Boot, PendingEvent } from "../../wasm/boot.ts";
import type { Action, Core } from "../../wasm/core.ts";
import { here } from "../here.ts";
import { endingSignals, eventOf, SIGKILL } from "./dispositions.ts";

const CLD_EXITED = 1;
const CLD_KILLED = 2;
const CLD_DUMPED = 3;
const SIGNAL_BASE = 128;
const ENOSYS = 38;

/** How often descendants are looked after once the program has ended, in milliseconds. */
const POLL_MS = 5;
/** The status of an init that fails. */
const STATUS_INIT_FAILED = 125;
/** The longest time that a timer of Node can be set to, in milliseconds. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Program {
  readonly #addon: Addon;
  readonly #started: number;
  #core: Core | undefined;
  #boot: Boot | undefined;
  #actionFailed: typeof actionFailed | undefined;
  readonly #events: PendingEvent[] = [];
  #taking = false;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  /** The signal that the core is told of, if the program has heard it already. */
  #heard = 0;
  /** Signals that are to be delivered when the core's actions are all done: listeners may throw. */
  readonly #deliveries: number[] = [];
  #ended = false;
  #status: number | undefined;
  /** The core has failed, which is a bug: signals and children are seen to without it. */
  #isAlone = false;

  constructor(addon: Addon) {
    this.#addon = addon;
    this.#started = addon.now();
  }

  /** Options come first, and must be right: wrong ones end the program before it begins. */
  start(): void {
    const { env } = process;
    if (env.WASM_INIT_OPTIONS === undefined && env.WASM_INIT_RECORD === undefined) return;
    this.#wake();
    if (this.#isAlone) leave(STATUS_INIT_FAILED);
  }

  /** A signal came; the program has heard it, or nobody has. */
  signal(signal: number, heard: boolean): void {
    if (this.#ended) return;
    this.#wake();
    this.#heard = heard ? signal : 0;
    this.#take({ kind: EventKind.SignalReceived, signal });
    this.#heard = 0;
    if (this.#isAlone && !heard) this.#deliver(signal);
  }

  /** A child that only we reap has ended. */
  orphan(pid: number, code: number, status: number): void {
    if (this.#ended) return;
    this.#wake();
    this.#take({ kind: EventKind.ChildExited, pid, code, signal: status });
    if (this.#isAlone) this.#addon.take(pid);
  }

  /** The program ends by itself with a status: returns the one that the process ends with. */
  exited(status: number): number {
    if (this.#core === undefined || this.#ended) return status;
    this.#end(CLD_EXITED, status & 0xff);
    return this.#status ?? status;
  }

  /** Brings the core to where the command runs. */
  #wake(): void {
    if (this.#core !== undefined || this.#isAlone) return;
    try {
      this.#load();
    } catch (error) {
      this.#goOnAlone(error);
    }
    if (this.#boot) this.#take(...this.#boot.start());
  }

  #load(): void {
    const require = createRequire(join(here, "pid1.cjs"));
    const deciding = require("./pid1-deciding.cjs") as typeof import("./decisions.ts");
    this.#actionFailed = deciding.actionFailed;
    this.#core = deciding.Core.of(readFileSync(join(here, "core.wasm")));
    const word = process.argv[1] ?? process.argv0;
    this.#boot = new deciding.Boot({
      // The program alone is signalled: the rest of its group are its children, not ours.
      argv: ["wasm-init", "--single-child", "--", word],
      env: process.env,
      bootFlags: Fact.Guest | Fact.SharedPid,
      pid: process.pid,
      uid: process.geteuid?.() ?? 0,
    });
  }

  /** PID 1 must not die of a trap in the core, nor of a file that can't be read any more. */
  #goOnAlone(error: unknown): void {
    const [why = ""] = String(error).split("\n");
    this.#addon.write(2, Buffer.from(`wasm-init: ${why}: going on without the core\n`));
    this.#isAlone = true;
    this.#core = undefined;
    this.#events.length = 0;
    clearTimeout(this.#timer);
  }

  /** The program is over: none of it runs any more; the remaining processes are looked after. */
  #end(code: number, status: number): void {
    this.#ended = true;
    this.#take({ kind: EventKind.ChildExited, pid: process.pid, code, signal: status });
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const child = new Int32Array(3);
    while (this.#status === undefined && !this.#isAlone) {
      const found = this.#addon.peek(child);
      const [pid = 0, code = 0, signal = 0] = child;
      if (found > 0 && code > CLD_DUMPED) this.#addon.take(pid);
      else if (found > 0) this.#take({ kind: EventKind.ChildExited, pid, code, signal });
      else if (found < 0) this.#take({ kind: EventKind.NoChildrenLeft });
      else if (this.#due !== 0 && this.#now() >= this.#due) this.#deadline();
      else Atomics.wait(pause, 0, 0, POLL_MS);
    }
    this.#status ??= code === CLD_EXITED ? status : SIGNAL_BASE + status;
  }

  #now(): number {
    return this.#addon.now() - this.#started;
  }

  /** One event in, every action out, then the next; what an action leads to comes in turn. */
  #take(...events: PendingEvent[]): void {
    this.#events.push(...events);
    const core = this.#core;
    if (this.#taking || core === undefined) return;
    this.#taking = true;
    try {
      for (let event = this.#events.shift(); event; event = this.#events.shift())
        for (const [index, action] of core.take({ ...event, now: this.#now() }).entries())
          this.#perform(action, index);
    } catch (error) {
      this.#goOnAlone(error);
    }
    this.#taking = false;
    for (let signal = this.#deliveries.shift(); signal; signal = this.#deliveries.shift())
      this.#deliver(signal);
  }

  #perform(action: Action, index: number): void {
    const { done = false, answer } = this.#boot?.perform(action) ?? {};
    if (answer) this.#events.push(answer);
    if (done) {
      if (action.kind === ActionKind.HideVariable) delete process.env[action.name];
      return;
    }
    const failed = (errno: number) => this.#fail(action, index, errno);
    switch (action.kind) {
      case ActionKind.Spawn:
        if (this.#boot) this.#events.push(this.#boot.spawned(process.pid));
        break;
      case ActionKind.SendSignal: {
        const { target, pid, signal } = action;
        if (target !== Target.Everyone && pid === process.pid) {
          if (signal !== this.#heard) this.#deliveries.push(signal);
        } else {
          const result = this.#addon.send(target === Target.Everyone ? -1 : pid, signal);
          if (result < 0) failed(-result);
        }
        break;
      }
      case ActionKind.Reap:
        if (action.pid !== process.pid) this.#addon.take(action.pid);
        break;
      case ActionKind.SetDeadline:
        this.#setTimer(action.due);
        break;
      case ActionKind.ClearDeadline:
        this.#due = 0;
        clearTimeout(this.#timer);
        break;
      case ActionKind.Write:
        this.#addon.write(action.stream, action.bytes);
        break;
      case ActionKind.Exit:
        this.#status = action.status;
        if (!this.#ended) leave(action.status);
        break;
      case ActionKind.SetParentDeathSignal:
      case ActionKind.OpenRecord:
      case ActionKind.ProbeSandbox:
        failed(ENOSYS);
        break;
      default:
        // What the core says to a guest beyond this concerns a command with a process of its own.
        break;
    }
  }

  #fail(action: Action, index: number, errno: number): void {
    const event = this.#actionFailed?.(action, index, errno);
    if (event) this.#events.push(event);
  }

  /** A signal for the program: to its listeners, or it does what it does by default. */
  #deliver(signal: number): void {
    if (this.#ended) return;
    const event = eventOf(signal) as NodeJS.Signals | undefined;
    if (event !== undefined && process.listenerCount(event) > 0) {
      (process as NodeJS.EventEmitter).emit(event, event, signal);
    } else if (signal === SIGKILL || endingSignals.has(signal)) {
      this.#end(CLD_KILLED, signal);
      leave(this.#status ?? STATUS_INIT_FAILED);
    }
  }

  #setTimer(due: number): void {
    this.#due = due;
    clearTimeout(this.#timer);
    const wait = Math.min(Math.max(0, due - this.#now()), TIMER_MS_MAX);
    this.#timer = setTimeout(() => {
      if (this.#now() >= this.#due) this.#deadline();
      else this.#setTimer(this.#due);
    }, Math.ceil(wait)).unref();
  }

  #deadline(): void {
    this.#due = 0;
    this.#take({ kind: EventKind.DeadlineReached });
  }
}

/** Ends the process at once, as a signal does: no more JavaScript; but terminals are put right. */
function leave(status: number): never {
  const { reallyExit } = process as unknown as { reallyExit(status: number): never };
  return reallyExit.call(process, status);
}
