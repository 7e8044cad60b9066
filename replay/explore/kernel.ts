/** What the kernel makes of an action, and of what happens to a process. */
import { ActionKind, EventKind, Target } from "../../assembly/abi";
import { EAGAIN, EALREADY, EBUSY, EPERM, ESRCH } from "../../assembly/linux";
import { KILLED_END, OWN_END } from "./specification.ts";
import {
  BETWEEN,
  clear,
  COMMAND,
  COMMANDS,
  DEADLINE,
  ELSEWHERE,
  exists,
  foreground,
  FULL,
  GONE,
  groupOf,
  has,
  indexOf,
  INIT,
  KEYED,
  KILLED,
  LATE,
  lives,
  NEIGHBOUR_WAITS,
  NO_TERMINAL,
  OURS,
  PARENT,
  PROCESSES,
  parentOf,
  REFUSES,
  RUNNING,
  SANDBOXED,
  type Configuration,
  set,
  setForeground,
  setParent,
  setState,
  SINCE_FIRST,
  SINCE_LAST,
  SPARED,
  stateOf,
  STATE,
  STATUS,
  STOPPED,
  STRANGERS,
  SUSPENDED,
  TICKS_PER_MS,
  ZOMBIE,
} from "./world.ts";

export const KILL = 9;
export const CONT = 18;
export const STOP = 19;
export const TSTP = 20;
export const TTIN = 21;
export const TTOU = 22;

/** Numbers of an event: kind, signal, code, pid, uid, low, high. */
export const EVENT_FIELDS = 7;
/** Numbers of an action: kind, a to e. */
export const ACTION_FIELDS = 6;
const EVENTS_MAX = 128;
const AGE_MAX = 0x7fffffff;

/** Events that wait to be taken, and what makes them. */
export class Kernel {
  readonly configuration: Configuration;
  readonly events = new Int32Array(EVENTS_MAX * EVENT_FIELDS);
  first = 0;
  count = 0;
  now = 0;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  /** An event is to be taken. */
  tell(kind: EventKind, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0): void {
    if (this.count === EVENTS_MAX) throw new Error("one event leads to too many others");
    const at = this.count++ * EVENT_FIELDS;
    const events = this.events;
    events[at] = kind;
    events[at + 1] = signal;
    events[at + 2] = code;
    events[at + 3] = pid;
    events[at + 4] = uid;
    events[at + 5] = low;
    events[at + 6] = high;
  }

  clearEvents(): void {
    this.first = 0;
    this.count = 0;
  }

  /** Ends a process; its children get another parent. */
  end(world: Int32Array, index: number): void {
    const { configuration } = this;
    const heir =
      configuration.init === 1 || configuration.specification.subreaper ? INIT : ELSEWHERE;
    for (let child = 0; child < configuration.pids.length; child++)
      if (exists(world, child) && parentOf(world, child) === index) setParent(world, child, heir);
    if (parentOf(world, index) !== INIT) {
      setState(world, index, GONE);
      return;
    }
    setState(world, index, ZOMBIE);
    if (!has(world, SUSPENDED)) this.tellEnd(world, index);
  }

  /** The init learns of the end of a child. */
  tellEnd(world: Int32Array, index: number): void {
    const killed = (world[PROCESSES + index]! & KILLED) !== 0;
    const { code, signal } = killed ? KILLED_END : OWN_END;
    this.tell(EventKind.ChildExited, signal, code, this.configuration.pids[index]);
  }

  /** Whether the init has a child, dead or alive. */
  hasChildren(world: Int32Array): boolean {
    for (let index = 0; index < this.configuration.pids.length; index++)
      if (exists(world, index) && parentOf(world, index) === INIT) return true;
    return false;
  }

  /** Carries out an action: its numbers stand at this place, its index in the drain is the last. */
  perform(world: Int32Array, actions: Int32Array, at: number, index: number): void {
    const { configuration } = this;
    const kind = actions[at]!;
    const a = actions[at + 1]!;
    const b = actions[at + 2]!;
    const c = actions[at + 3]!;
    let errno = 0;
    switch (kind) {
      case ActionKind.SendSignal:
        errno = this.#send(world, a, b, c);
        break;
      case ActionKind.QueueSignal:
        errno = this.#send(world, a, b, has(world, FULL) ? 0 : c);
        if (errno === 0 && has(world, FULL)) errno = EAGAIN;
        break;
      case ActionKind.StopSelf:
        // The kernel never stops PID 1 (pid_namespaces(7)).
        errno = configuration.init === 1 ? EPERM : (configuration.refusals.stop ?? 0);
        if (errno === 0) set(world, SUSPENDED);
        break;
      case ActionKind.SetDeadline:
        world[DEADLINE] = ((a >>> 0) + b * 2 ** 32 - this.now) * TICKS_PER_MS;
        break;
      case ActionKind.ClearDeadline:
        world[DEADLINE] = -1;
        break;
      case ActionKind.GiveForeground:
        errno = this.#giveForeground(world, b);
        break;
      case ActionKind.TakeForeground:
        errno = this.#takeForeground(world);
        break;
      case ActionKind.Reap: {
        const child = indexOf(configuration, b);
        if (child >= 0 && stateOf(world, child) === ZOMBIE) setState(world, child, GONE);
        break;
      }
      case ActionKind.ListDescendants:
        errno = configuration.refusals.list ?? 0;
        if (errno === 0) this.#list(world, a !== 0);
        break;
      case ActionKind.EnterSandbox:
        errno = configuration.refusals.sandbox ?? 0;
        if (errno === 0) set(world, SANDBOXED);
        break;
      case ActionKind.Exit:
        world[STATUS] = a;
        break;
    }
    if (errno !== 0) this.tell(EventKind.ActionFailed, c, errno, b, kind, index);
  }

  #send(world: Int32Array, target: Target, pid: number, signal: number): number {
    const { configuration } = this;
    if (target === Target.OwnGroup) {
      if (signal === CONT) clear(world, NEIGHBOUR_WAITS);
      return 0;
    }
    let reached = 0;
    for (let index = 0; index < configuration.pids.length; index++) {
      if (!exists(world, index) || !this.#isMeant(world, target, pid, index)) continue;
      reached++;
      if (!lives(world, index)) continue;
      if (has(world, REFUSES) && target !== Target.Everyone) {
        if (signal === KILL) set(world, SPARED);
        continue;
      }
      this.deliver(world, index, signal);
      // A process that was told to stop may stay stopped.
      if (signal >= STOP && signal <= TTOU)
        world[PROCESSES + index] = world[PROCESSES + index]! & ~KEYED;
    }
    if (reached === 0) return ESRCH;
    return has(world, REFUSES) && target !== Target.Everyone ? EPERM : 0;
  }

  #isMeant(world: Int32Array, target: Target, pid: number, index: number): boolean {
    if (target === Target.Everyone) return true;
    if (target === Target.Group) return groupOf(this.configuration, world, index) === pid;
    return this.configuration.pids[index] === pid;
  }

  /** A process gets a signal. */
  deliver(world: Int32Array, index: number, signal: number): void {
    if (signal === KILL) {
      world[PROCESSES + index] = world[PROCESSES + index]! | KILLED;
    } else if (signal === CONT) {
      setState(world, index, RUNNING);
    } else if (signal >= STOP && signal <= TTOU && stateOf(world, index) === RUNNING) {
      setState(world, index, STOPPED);
      if (index === 0 && !has(world, SUSPENDED))
        this.tell(EventKind.ChildStopped, signal, 0, COMMAND);
    }
  }

  #giveForeground(world: Int32Array, group: number): number {
    const holder = foreground(world);
    if (holder === NO_TERMINAL) return EPERM;
    if (holder === STRANGERS) return EBUSY;
    if (holder === COMMANDS) return EALREADY;
    if (!this.#groupExists(world, group)) return ESRCH;
    setForeground(world, COMMANDS);
    this.tell(EventKind.ForegroundMoved, 0, 0, group);
    return 0;
  }

  #takeForeground(world: Int32Array): number {
    const holder = foreground(world);
    if (holder === NO_TERMINAL) return EPERM;
    if (holder === STRANGERS) return EBUSY;
    setForeground(world, OURS);
    this.tell(EventKind.ForegroundMoved, 0, 0, this.configuration.init);
    return 0;
  }

  #groupExists(world: Int32Array, group: number): boolean {
    for (let index = 0; index < this.configuration.pids.length; index++)
      if (exists(world, index) && groupOf(this.configuration, world, index) === group) return true;
    return false;
  }

  /** Living descendants, as PID 1 all that live, one by one. */
  #list(world: Int32Array, detailed: boolean): void {
    const { ignored, init, pids } = this.configuration;
    for (let index = 0; index < pids.length; index++) {
      const word = world[PROCESSES + index]!;
      const state = word & STATE;
      const listed = state === RUNNING || state === STOPPED;
      if (!listed || (init !== 1 && word >> PARENT === ELSEWHERE)) continue;
      const group = groupOf(this.configuration, world, index);
      const age = detailed ? this.#ageOf(world, index) : 0;
      const ignores = detailed && index > 0 && group === COMMAND ? ignored >>> 1 : 0;
      this.tell(EventKind.ProcessFound, 0, age, pids[index], group, ignores);
    }
    this.tell(EventKind.ProcessesListed);
  }

  /** Milliseconds that a process has been there, rounded down: one that is not late is old. */
  #ageOf(world: Int32Array, index: number): number {
    const word = world[PROCESSES + index]!;
    if ((word & LATE) !== 0) return 0;
    if ((word & BETWEEN) === 0) return AGE_MAX;
    // Just before the last signal, but never before the first.
    const age = Math.floor(world[SINCE_LAST]! / TICKS_PER_MS) + 1;
    return age * TICKS_PER_MS > world[SINCE_FIRST]! ? 0 : age;
  }
}
