/**
 * When the core traps, which is a bug: PID 1 must not die of it, since the kernel would kill the
 * whole container. From here signals are forwarded as they are, children are reaped, and the
 * command's end is ours. The only policy outside the core.
 */
import { BootFlag, Target } from "../../../assembly/abi";
import { CLD_EXITED, CLD_TRAPPED, ESRCH } from "../../../assembly/linux";
import type { Addon } from "../addon/addon.ts";
import type { ArrivedSignal } from "./arrived.ts";
import type { Child, World } from "./world.ts";

const TERM = 15;
const CHLD = 17;
const SIGNAL_BASE = 128;
const STATUS_INIT_FAILED = 125;
const WAITID_RETRY_MS = 100;

/** How the static binary numbers traps, by the words of V8. */
const traps: [words: RegExp, number: number][] = [
  [/out of bounds/, 1],
  [/result unrepresentable|integer overflow/, 2],
  [/divide by zero|remainder by zero/, 3],
  [/float unrepresentable/, 4],
  [/unreachable/, 5],
  [/stack/, 7],
];

/** Exit status of a child's end, as a shell has it. */
export function statusOf({ code, status }: Child): number {
  return code === CLD_EXITED ? status & 0xff : SIGNAL_BASE + status;
}

export interface Situation {
  addon: Addon;
  world: World;
  /** The command's pid, 0 before it runs, and what is signalled. */
  command: number;
  target: number;
  /** What the command ended with, if it was reaped before: its id can be another process's by now. */
  status: number | undefined;
  /** Kind of the event that the core could not handle. */
  event: number;
  end: (status: number) => void;
}

export class Fallback {
  readonly #situation: Situation;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(situation: Situation) {
    this.#situation = situation;
  }

  /** Says what has happened, and goes on without the core. */
  start(error: unknown): void {
    const { addon, command, event } = this.#situation;
    const text = String(error);
    const trap = traps.find(([words]) => words.test(text))?.[1] ?? 0;
    const [which, when] = [trap, event].map((number) => String(number).padStart(2, "0"));
    const line = `the core trapped (${which}) at event ${when}: forwarding and reaping without it`;
    addon.write(2, Buffer.from(`wasm-init: ${line}\n`));
    if (command === 0) this.#end(STATUS_INIT_FAILED);
    else this.turn();
  }

  readonly turn = (): void => {
    const { addon, world, command, target, status } = this.#situation;
    clearTimeout(this.#timer);
    for (;;) {
      this.#reap();
      if (this.#ended) return;
      const signal = world.nextSignal();
      if (signal === undefined) return;
      if (signal.number === CHLD || status !== undefined || this.#isOurs(signal)) continue;
      if (target === Target.Group) addon.send(-command, signal.number);
      else world.signalCommand(command, signal.number);
    }
  };

  /** Where the process is shared, what it sends to itself is the program's, or an abort. */
  #isOurs({ code, pid }: ArrivedSignal): boolean {
    const { world } = this.#situation;
    return code === 0 && pid === world.pid && (world.bootFlags() & BootFlag.SharedPid) === 0;
  }

  #reap(): void {
    const { addon, world, command, target } = this.#situation;
    for (;;) {
      const child = world.nextChild(command);
      if (typeof child === "number") {
        if (child < 0) this.#doubt();
        return;
      }
      const { pid, code } = child;
      if (code >= CLD_TRAPPED) {
        addon.detach(pid, 0);
        addon.take(pid);
        continue;
      }
      const ended = pid === command && this.#situation.status === undefined;
      if (ended && target === Target.Group) addon.send(-command, TERM);
      world.reap(pid);
      if (ended) return this.#end(statusOf(child));
    }
  }

  /** The command was reaped before, or is lost; anything else passes. */
  #doubt(): void {
    const { addon, command, status } = this.#situation;
    if (status !== undefined) this.#end(status);
    else if (addon.send(command, 0) === -ESRCH) this.#end(STATUS_INIT_FAILED);
    else this.#timer = setTimeout(this.turn, WAITID_RETRY_MS);
  }

  #end(status: number): void {
    this.#ended = true;
    this.#situation.end(status);
  }
}
