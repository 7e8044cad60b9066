// Surroundings that a test makes up: time passes, signals come and children end as it says.
import type { Addon } from "../../host/node/addon/addon.ts";
import { Boot } from "../../host/wasm/boot.ts";
import type { Core } from "../../host/wasm/core.ts";
import { Init } from "../../host/node/loop/init.ts";
import type { ArrivedSignal } from "../../host/node/loop/arrived.ts";
import type { World } from "../../host/node/loop/world.ts";

const COMMAND = 100;
const PID = 1;

const spawned = {
  error: 0,
  reason: 0,
  terminal: 0,
  machine: 0,
  ownMachine: 0,
  missing: new Uint8Array(),
};

/** The rest of what is asked does nothing, and succeeds. */
function filled<T extends object>(own: Partial<T>): T {
  const get = (_: object, name: PropertyKey) =>
    (own as Record<PropertyKey, unknown>)[name] ?? (() => 0);
  return new Proxy(own, { get }) as T;
}

/** An init in them, as PID 1, and what it did. */
export class Surroundings {
  now = 0;
  /** The command has ended with 0. */
  exited = false;
  /** The errno of looking for children, 0 while it succeeds. */
  blindness = 0;
  /** What the init said. */
  said = "";
  /** Signals that were sent. */
  readonly sent: number[] = [];
  /** The init's own end. */
  ended: number | undefined;
  readonly init: Init;
  readonly #waiting: ArrivedSignal[] = [];

  /** `onTaken` is told of each signal that the init takes. */
  constructor(
    options: readonly string[],
    core: Core,
    bootFlags = 0,
    onTaken: (signal: number) => void = () => undefined,
  ) {
    const send = (_: number, signal: number) => (signal === 0 ? 0 : this.sent.push(signal) && 0);
    const addon = filled<Addon>({
      now: () => this.now,
      send,
      queue: send,
      write: (_, bytes) => void (this.said += Buffer.from(bytes).toString()),
      sendProcess: (pid, _, signal) => send(pid, signal),
    });
    const world = filled<World>({
      pid: PID,
      terminal: -1,
      descriptors: [],
      keepsRunning: true,
      spawn: () => ({ ...spawned, pid: COMMAND }),
      signalCommand: send,
      bootFlags: () => bootFlags,
      nextChild: () => {
        if (this.blindness !== 0) return -this.blindness;
        return this.exited ? { pid: COMMAND, code: 1, status: 0 } : 0;
      },
      nextSignal: () => {
        const signal = this.#waiting.shift();
        if (signal) onTaken(signal.number);
        return signal;
      },
      end: (status) => {
        this.ended = status;
      },
    });
    const argv = ["wasm-init", "-c", "--sandbox=off", ...options, "--", "server"];
    const boot = new Boot({ argv, env: {}, bootFlags, pid: PID, uid: 0 });
    this.init = new Init({ addon, core, boot, world, environment: () => [] });
  }

  /** A signal of another process, or of our own, comes; `init.turn` takes it. */
  comes(number: number, pid = 7): void {
    this.#waiting.push({ number, code: 0, pid, uid: 0, low: 0, high: 0 });
  }

  /** Signals of our own. */
  comesFromUs(number: number): void {
    this.comes(number, PID);
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }
}
