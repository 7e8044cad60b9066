/**
 * The program that Node runs as the command of an init inside the same process: what happens to it
 * is told to the init, and what the init does to it is done here. Decides nothing.
 *
 * The init is loaded when the first event comes: most programs have no options to be checked, and
 * start as fast without it.
 */
import { CLD_EXITED, CLD_KILLED } from "../../../assembly/linux";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Addon } from "../addon/addon.ts";
import { here } from "../here.ts";
import type { initOf } from "./decisions.ts";
import { endingSignals, eventOf, SIGKILL } from "./dispositions.ts";

const SIGNAL_BASE = 128;

/** How often descendants are looked after once the program has ended, in milliseconds. */
const POLL_MS = 5;
/** The status of an init that fails. */
const STATUS_INIT_FAILED = 125;

export class Program {
  readonly #addon: Addon;
  #run: ReturnType<typeof initOf> | undefined;
  #ended = false;
  #status: number | undefined;
  /** There are options, which must be right before the program begins. */
  #hasOptions = false;
  #isLoading = false;
  /** There is no init, for want of its files or by a bug: signals and children do without it. */
  #isAlone = false;

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  /** Options come first, and must be right: wrong ones end the program before it begins. */
  start(): void {
    const { env } = process;
    this.#hasOptions = env.WASM_INIT_OPTIONS !== undefined || env.WASM_INIT_RECORD !== undefined;
    if (!this.#hasOptions) return;
    this.#wake();
    if (this.#isAlone) leave(STATUS_INIT_FAILED);
  }

  /** A signal came; the program has heard it, or nobody has. */
  signal(signal: number, heard: boolean): void {
    if (this.#ended) return;
    this.#wake();
    const init = this.#run?.init;
    const failedBefore = init?.hasFailed;
    if (!this.#isAlone) this.#run?.world.arrive(signal, heard);
    init?.turn();
    // The signal at which the init failed is the program's all the same.
    const isLost = this.#isAlone || (init?.hasFailed && !failedBefore);
    if (isLost && !heard) this.#deliver(signal);
  }

  /** A child that only we reap has ended. */
  orphan(pid: number): void {
    if (this.#ended) return;
    this.#wake();
    if (this.#isAlone) this.#addon.take(pid);
    this.#run?.world.adoptOrphan(pid);
    this.#run?.init.turn();
  }

  /** The program ends by itself with a status: returns the one that the process ends with. */
  exited(status: number): number {
    if (this.#run === undefined || this.#ended) return status;
    return this.#end(CLD_EXITED, status & 0xff);
  }

  /** Brings the init to where the command runs. */
  #wake(): void {
    if (this.#run !== undefined || this.#isAlone) return;
    this.#isLoading = true;
    try {
      const require = createRequire(join(here, "pid1.cjs"));
      const { Core, initOf } = require("./pid1-deciding.cjs") as typeof import("./decisions.ts");
      const core = Core.of(readFileSync(join(here, "core.wasm")));
      this.#run = initOf(this.#addon, core, this.#hooks);
    } catch (error) {
      // PID 1 must not die of a file that can't be read any more.
      const [why = ""] = String(error).split("\n");
      this.#addon.write(2, Buffer.from(`wasm-init: ${why}: going on without the core\n`));
      this.#isAlone = true;
    }
    this.#run?.init.start();
    if (this.#isAlone) this.#run = undefined;
    const { env } = process;
    for (const name of Object.keys(env)) if (this.#run?.boot.hides(name)) delete env[name];
    this.#isLoading = false;
  }

  readonly #hooks = {
    deliver: (signal: number) => this.#deliver(signal),
    end: (status: number) => {
      // Without options no boot ends but by a bug of the core: a program that runs goes on.
      if (this.#isLoading && !this.#hasOptions) {
        this.#isAlone = true;
        return;
      }
      this.#status = status;
      if (!this.#ended) leave(status);
    },
  };

  /** The program is over: none of it runs any more; the remaining processes are looked after. */
  #end(code: number, status: number): number {
    this.#ended = true;
    const own = code === CLD_EXITED ? status : SIGNAL_BASE + status;
    if (this.#run === undefined) return own;
    const { init, world } = this.#run;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    world.endProgram(code, status);
    for (init.turn(); this.#status === undefined; init.turn()) Atomics.wait(pause, 0, 0, POLL_MS);
    return this.#status;
  }

  /** A signal for the program: to its listeners, or it does what it does by default. */
  #deliver(signal: number): void {
    if (this.#ended) return;
    const event = eventOf(signal) as NodeJS.Signals | undefined;
    if (event !== undefined && process.listenerCount(event) > 0) {
      (process as NodeJS.EventEmitter).emit(event, event, signal);
    } else if (signal === SIGKILL || endingSignals.has(signal)) {
      leave(this.#end(CLD_KILLED, signal));
    }
  }
}

/** Ends the process at once, as a signal does: no more JavaScript; but terminals are put right. */
function leave(status: number): never {
  const { reallyExit } = process as unknown as { reallyExit(status: number): never };
  return reallyExit.call(process, status);
}
