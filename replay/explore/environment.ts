/** Environment actions: everything that can happen next in a world, as numbers, and its effect. */
import { EventKind } from "../../assembly/abi";
import { SI_KERNEL, SI_QUEUE } from "../../assembly/linux";
import { CONT, Kernel, STOP, TSTP, TTIN } from "./kernel.ts";
import {
  bear,
  clear,
  COMMAND,
  COMMANDS,
  DEADLINE,
  exists,
  ENDED,
  foreground,
  FULL,
  GONE,
  groupOf,
  has,
  incidents,
  type Incident,
  INIT,
  KEYED,
  KILLED,
  lives,
  LOST,
  NEIGHBOUR_WAITS,
  NO_TERMINAL,
  OURS,
  OUTLIVED,
  PENDING,
  PROCESSES,
  REFUSES,
  REUSED,
  RUNNING,
  type Configuration,
  set,
  setForeground,
  setParent,
  setState,
  SINCE_FIRST,
  SINCE_LAST,
  SPARED,
  stateOf,
  STOPPED,
  STOPPING,
  STRANGERS,
  STUBBORN,
  SUSPENDED,
  UNBORN,
  USER,
  WAITS,
  ZOMBIE,
} from "./world.ts";

const TRAP_OF_EXEC = 5;
const TRAPPED_FOR = 12;
/** The value of a queued signal. */
export const VALUE = { low: 7, high: 1 };

/** Actions: a process ends (its index), what the clock or a shell does, then the stimuli. */
export const AT_DEADLINE = 64;
const FOREGROUND_AGAIN = 65;
const BACKGROUND = 66;
export const STIMULUS = 128;

const code = Object.fromEntries(incidents.map((name, index) => [name, index])) as Record<
  Incident,
  number
>;
const STOP_IT = code.stop;
const LOSE = code.lose;
const WAIT = code.wait;
const LINGER = code.linger;
const REFUSE = code.refuse;
const FILL = code.full;
const ADOPT = code.adopt;
const FORK = code.fork;
const REUSE = code.reuse;
const TRAP = code.trap;
const DOUBT = code.doubt;
const SUSPEND_KEY = code["suspend-key"];
const COMMAND_READS = code["command-reads"];
const NEIGHBOUR_READS = code["neighbour-reads"];
const NEIGHBOUR_TAKES = code["neighbour-takes"];
const SHELL_TAKES = code["shell-takes"];
const SHELL_GIVES = code["shell-gives"];

/** The environment actions of one configuration. */
export class EnvironmentActions {
  readonly #configuration: Configuration;
  readonly #kernel: Kernel;
  /** By stimulus: the one of the same name before it, which comes first. */
  readonly #twins: number[];
  readonly list = new Int32Array(64);

  constructor(configuration: Configuration, kernel: Kernel) {
    this.#configuration = configuration;
    this.#kernel = kernel;
    this.#twins = configuration.stimuli.map(({ name }, index) =>
      configuration.stimuli.findLastIndex((it, at) => at < index && it.name === name),
    );
  }

  /** Lists the actions that are enabled; returns how many. */
  find(world: Int32Array): number {
    const { list } = this;
    const { pids, stimuli } = this.#configuration;
    let count = 0;
    if (has(world, STUBBORN)) {
      if (world[DEADLINE]! >= 0) list[count++] = AT_DEADLINE;
      return count;
    }
    for (let index = 0; index < pids.length; index++) {
      const word = world[PROCESSES + index]!;
      const state = stateOf(world, index);
      if (state === RUNNING || (state === STOPPED && (word & KILLED) !== 0)) list[count++] = index;
    }
    if (has(world, SUSPENDED)) {
      list[count++] = FOREGROUND_AGAIN;
      if (foreground(world) !== NO_TERMINAL) list[count++] = BACKGROUND;
    } else if (world[DEADLINE]! >= 0) {
      list[count++] = AT_DEADLINE;
    }
    const pending = world[PENDING]!;
    if (pending === 0 || has(world, SUSPENDED)) return count;
    for (let index = 0; index < stimuli.length; index++) {
      if ((pending & (1 << index)) === 0) continue;
      const twin = this.#twins[index]!;
      if (twin >= 0 && (pending & (1 << twin)) !== 0) continue;
      if (this.#possible(world, index)) list[count++] = STIMULUS + index;
    }
    return count;
  }

  #possible(world: Int32Array, index: number): boolean {
    const { incident } = this.#configuration.stimuli[index]!;
    const holder = foreground(world);
    switch (incident) {
      case STOP_IT:
        return this.#commandRuns(world);
      case LOSE:
        return lives(world, 0) && !has(world, REUSED);
      case WAIT:
        return world[DEADLINE]! > 1;
      case LINGER:
        return world[DEADLINE]! > 0;
      case REFUSE:
        return !has(world, REFUSES);
      case FILL:
        return !has(world, FULL);
      case ADOPT:
        return this.#adopts && stateOf(world, this.#last) === UNBORN;
      case FORK:
        return this.#parent(world) >= 0 && stateOf(world, this.#last) === UNBORN;
      case REUSE:
        return this.#adopts && stateOf(world, 0) === GONE && this.#isGroupFree(world);
      case TRAP:
      case DOUBT:
        return this.#commandRuns(world);
      case SUSPEND_KEY:
        return holder === OURS || (holder === COMMANDS && this.#commandRuns(world));
      case COMMAND_READS:
        return (holder === OURS || holder === STRANGERS) && this.#commandRuns(world);
      case NEIGHBOUR_READS:
        return holder === COMMANDS || holder === STRANGERS;
      case NEIGHBOUR_TAKES:
        return holder === COMMANDS;
      case SHELL_TAKES:
        return holder === OURS || holder === COMMANDS;
      case SHELL_GIVES:
        return holder === STRANGERS;
      default:
        return true;
    }
  }

  get #adopts(): boolean {
    return this.#configuration.init === 1 || this.#configuration.specification.subreaper;
  }

  /** A living process of the command's group, -1 for none. */
  #parent(world: Int32Array): number {
    for (let index = 0; index < 2; index++)
      if (lives(world, index) && groupOf(this.#configuration, world, index) === COMMAND)
        return index;
    return -1;
  }

  /** The process that comes later is the last one. */
  get #last(): number {
    return this.#configuration.pids.length - 1;
  }

  #commandRuns(world: Int32Array): boolean {
    return stateOf(world, 0) === RUNNING && !has(world, REUSED);
  }

  /** The kernel does not use a pid again that is a group's. */
  #isGroupFree(world: Int32Array): boolean {
    if (has(world, LOST)) return false;
    for (let index = 0; index < this.#configuration.pids.length; index++)
      if (exists(world, index) && groupOf(this.#configuration, world, index) === COMMAND)
        return false;
    return true;
  }

  /** Performs an action; returns how many ticks it took. The kernel has the events for the init. */
  take(world: Int32Array, action: number): number {
    if (action >= STIMULUS) {
      world[PENDING] = world[PENDING]! & ~(1 << (action - STIMULUS));
      return this.#stimulate(world, action - STIMULUS);
    }
    if (action === AT_DEADLINE) return this.#reachDeadline(world);
    if (action >= FOREGROUND_AGAIN) this.#wake(world, action === FOREGROUND_AGAIN);
    else this.#kernel.end(world, action);
    return 0;
  }

  #reachDeadline(world: Int32Array): number {
    const passed = world[DEADLINE]!;
    world[DEADLINE] = -1;
    letPass(world, passed);
    if (this.#isOutlived(world) && !has(world, STUBBORN)) {
      world[OUTLIVED] = world[OUTLIVED]! + 1;
      if (world[OUTLIVED] > this.#configuration.patience) {
        set(world, STUBBORN);
        world[PENDING] = 0;
      }
    }
    this.#kernel.tell(EventKind.DeadlineReached);
    return passed;
  }

  #isOutlived(world: Int32Array): boolean {
    if (has(world, SPARED)) return true;
    for (let index = 0; index < this.#configuration.pids.length; index++)
      if ((world[PROCESSES + index]! & KILLED) !== 0 && lives(world, index)) return true;
    return false;
  }

  /** The shell continues the job: in the foreground, or (`bg`) keeping that for itself. */
  #wake(world: Int32Array, inForeground: boolean): void {
    const kernel = this.#kernel;
    clear(world, SUSPENDED | NEIGHBOUR_WAITS);
    if (foreground(world) !== NO_TERMINAL) setForeground(world, inForeground ? OURS : STRANGERS);
    // The host sees what woke it before it looks after its children.
    kernel.tell(EventKind.SignalReceived, CONT, 0, USER);
    for (let index = 0; index < this.#configuration.pids.length; index++)
      if (stateOf(world, index) === ZOMBIE) kernel.tellEnd(world, index);
  }

  #stimulate(world: Int32Array, index: number): number {
    const kernel = this.#kernel;
    const { incident, signal, queued, from } = this.#configuration.stimuli[index]!;
    switch (incident) {
      case STOP_IT:
        kernel.deliver(world, 0, STOP);
        break;
      case LOSE:
        kernel.end(world, 0);
        kernel.clearEvents();
        setState(world, 0, GONE);
        set(world, LOST);
        break;
      case WAIT:
      case LINGER: {
        const passed = world[DEADLINE]! >> (incident === WAIT ? 1 : 0);
        world[DEADLINE] = world[DEADLINE]! - passed;
        letPass(world, passed);
        return passed;
      }
      case REFUSE:
        set(world, REFUSES);
        break;
      case FILL:
        set(world, FULL);
        break;
      case ADOPT:
        bear(world, this.#last, INIT);
        break;
      case FORK:
        bear(world, this.#last, this.#parent(world));
        break;
      case REUSE:
        world[PROCESSES] = RUNNING;
        setParent(world, 0, INIT);
        set(world, REUSED);
        break;
      case DOUBT:
        kernel.tell(EventKind.NoChildrenLeft);
        break;
      case TRAP:
        kernel.tell(EventKind.ChildTrapped, TRAP_OF_EXEC, 0, COMMAND);
        kernel.tell(EventKind.ChildTrapped, TRAPPED_FOR, 0, COMMAND);
        break;
      case SUSPEND_KEY:
        if (foreground(world) === OURS) kernel.tell(EventKind.SignalReceived, TSTP, SI_KERNEL);
        else {
          this.#toCommandsGroup(world, TSTP);
          world[PROCESSES] = world[PROCESSES]! | KEYED;
        }
        break;
      case COMMAND_READS:
        this.#toCommandsGroup(world, TTIN);
        world[PROCESSES] = world[PROCESSES]! | WAITS;
        break;
      case NEIGHBOUR_READS:
        set(world, NEIGHBOUR_WAITS);
        kernel.tell(EventKind.SignalReceived, TTIN, SI_KERNEL);
        break;
      case NEIGHBOUR_TAKES:
        setForeground(world, OURS);
        break;
      case SHELL_TAKES:
        setForeground(world, STRANGERS);
        break;
      case SHELL_GIVES:
        setForeground(world, OURS);
        clear(world, NEIGHBOUR_WAITS);
        kernel.tell(EventKind.SignalReceived, CONT, 0, USER);
        break;
      default:
        if (queued) {
          const { low, high } = VALUE;
          kernel.tell(EventKind.SignalReceived, signal, SI_QUEUE, from, 0, low, high);
        } else {
          kernel.tell(EventKind.SignalReceived, signal, 0, from);
        }
    }
    return 0;
  }

  #toCommandsGroup(world: Int32Array, signal: number): void {
    for (let index = 0; index < this.#configuration.pids.length; index++)
      if (lives(world, index) && groupOf(this.#configuration, world, index) === COMMAND)
        this.#kernel.deliver(world, index, signal);
  }
}

/** Time passes. */
export function letPass(world: Int32Array, ticks: number): void {
  if (world[STOPPING]! >= 0) world[STOPPING] = world[STOPPING]! + ticks;
  if (world[ENDED]! >= 0) world[ENDED] = world[ENDED]! + ticks;
  if (world[SINCE_FIRST]! >= 0) world[SINCE_FIRST] = world[SINCE_FIRST]! + ticks;
  if (world[SINCE_LAST]! >= 0) world[SINCE_LAST] = world[SINCE_LAST]! + ticks;
}

/** The names of the stimuli that have not come yet. */
export function pendingNames(configuration: Configuration, world: Int32Array): string[] {
  const isPending = (_: unknown, index: number) => (world[PENDING]! & (1 << index)) !== 0;
  return configuration.stimuli.filter(isPending).map(({ name }) => name);
}
