/**
 * A fake kernel with a seed: processes that fork, end and leave orphans, process ids that are used
 * again soon, signals that coalesce while they are pending. It runs one init after the other, as a
 * host would, and checks each of its actions.
 */
import { ActionKind, EventKind, Fact as FactBit, Phase, Target } from "../../assembly/abi";
import { actionFailed, bootCore, type PendingEvent } from "../../host/wasm/boot.ts";
import type { Action, Core } from "../../host/wasm/core.ts";

const PIDS = 60;
const CONT = 18;
const KILL = 9;
const TERM = 15;
const STOP = 19;
const ESRCH = 3;
/** Events within which a life ends after it was told to. */
const LAST_EVENTS = 100_000;

interface Process {
  pid: number;
  parent: number;
  group: number;
  zombie: boolean;
  stopped: boolean;
  status: { code: number; signal: number };
}

/** What comes to a life. */
export interface Load {
  signals: number[];
  /** One in so many of its chances the command takes to end; 0: it never does. */
  ends: number;
  /** Most milliseconds between two happenings. */
  pace: number;
  /** One in so many happenings, weeks pass at once; 0: never. */
  leaps: number;
}

/** Everything at once: lives are short. */
const storm: Load = {
  signals: [1, 2, 10, 12, 15, 28, 40, CONT],
  ends: 10,
  pace: 20,
  leaps: 0,
};
/** A server's life, on a machine that is suspended now and then. */
export const service: Load = {
  signals: [1, 10, 12, 28, 40, CONT],
  ends: 0,
  pace: 200,
  leaps: 10_000,
};

const WEEK = 7 * 24 * 3_600_000;

export const policies = [
  [],
  ["-c"],
  ["-g"],
  ["-k", "TERM:100ms,INT:50ms,KILL"],
  ["-k", "TERM:100ms,INT:50ms,KILL", "--drain=80ms"],
  ["--drain=80ms"],
  ["-c", "--drain=80ms", "-k", "=:30ms,KILL"],
];
/** Longer than any of these plans, its last second, and a drain with its own. */
const BOUND = 150 + 1000 + 80 + 1100;

/** A generator of numbers below a bound: mulberry32. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** One init's life in the fake kernel. */
export class Life {
  readonly #core: Core;
  readonly #random: (below: number) => number;
  readonly #init: number;
  readonly #drains: boolean;
  readonly #groupTarget: boolean;
  readonly #processes = new Map<number, Process>();
  readonly #pending = new Set<number>();
  #command = 0;
  #nextPid = 2;
  #now = 1;
  #deadline = 0;
  #suspended = false;
  #stopping = -1;
  #exit = -1;
  #expected = -1;
  events = 0;
  /** Milliseconds that it has lived, leaps left out; and the leaps. */
  lived = 0;
  leaps = 0;
  readonly #load: Load;

  constructor(
    core: Core,
    random: (below: number) => number,
    load = storm,
    options = policies[random(policies.length)]!,
  ) {
    this.#core = core;
    this.#random = random;
    this.#load = load;
    this.#init = random(2) === 0 ? 1 : 70;
    this.#drains = options.includes("--drain=80ms");
    this.#groupTarget = !options.includes("-c");
    core.reset();
    const bootFlags =
      this.#init !== 1 && random(2) === 0 ? FactBit.Terminal | FactBit.Foreground : 0;
    const argv = ["wasm-init", "-q", ...options, "server"];
    const { boot } = bootCore(core, { argv, pid: this.#init, bootFlags });
    const command = this.#fork(this.#init);
    command.group = command.pid;
    this.#command = command.pid;
    this.#take(boot.spawned(command.pid));
  }

  /** Lives for so many milliseconds; then it is told to stop, and has to end. */
  serve(milliseconds: number): void {
    while (this.lived < milliseconds) {
      this.#check(this.#exit < 0, "it ended by itself");
      this.#turn();
    }
    this.#pending.add(TERM);
    this.#turn();
    const command = this.#processes.get(this.#command);
    if (command?.zombie === false) this.#end(command, 1, 0);
    this.live(this.events + LAST_EVENTS);
    this.#check(this.#exit >= 0, "it never ended");
  }

  #turn(): void {
    if (!this.#suspended) this.#loop();
    if (this.#exit < 0) this.#happen();
  }

  /** Lives to its end, or for this many events. */
  live(most: number): void {
    while (this.#exit < 0 && this.events < most) this.#turn();
    this.#check(this.#exit < 0 || this.#core.deadline === 0, "a deadline is left");
    if (this.#exit >= 0 && this.#expected >= 0 && this.#stopping < 0)
      this.#check(this.#exit === this.#expected, `status ${this.#exit}, not ${this.#expected}`);
  }

  #check(holds: boolean, wrong: string): void {
    if (!holds) throw new Error(`after ${this.events} events: ${wrong}`);
  }

  #children(): Process[] {
    return [...this.#processes.values()].filter((it) => it.parent === this.#init);
  }

  #fork(parent: number): Process {
    while (this.#processes.has(this.#nextPid) || this.#usedAsGroup(this.#nextPid))
      this.#nextPid = this.#nextPid >= PIDS ? 2 : this.#nextPid + 1;
    const pid = this.#nextPid;
    this.#nextPid = pid >= PIDS ? 2 : pid + 1;
    const group = this.#processes.get(parent)?.group ?? pid;
    const status = { code: 1, signal: 0 };
    const process = { pid, parent, group, zombie: false, stopped: false, status };
    this.#processes.set(pid, process);
    return process;
  }

  #usedAsGroup(pid: number): boolean {
    return [...this.#processes.values()].some(({ group }) => group === pid);
  }

  /** What a host does between two waits: reap, then a due deadline, then one signal. */
  #loop(): void {
    for (const child of this.#children().filter(({ zombie }) => zombie)) {
      if (this.#exit >= 0 || this.#suspended) return;
      this.#take({ kind: EventKind.ChildExited, pid: child.pid, ...child.status });
      this.#check(this.#exit >= 0 || !this.#processes.has(child.pid), `${child.pid} is a zombie`);
    }
    if (this.#exit >= 0 || this.#suspended) return;
    if (this.#children().length === 0) this.#take({ kind: EventKind.NoChildrenLeft });
    if (this.#exit < 0 && this.#deadline > 0 && this.#now >= this.#deadline) {
      this.#deadline = 0;
      this.#take({ kind: EventKind.DeadlineReached });
    }
    const [signal] = [...this.#pending].sort((a, b) => a - b);
    if (this.#exit >= 0 || this.#suspended || signal === undefined) return;
    this.#pending.delete(signal);
    this.#take({ kind: EventKind.SignalReceived, signal, pid: 999 });
  }

  /** Something in the world. */
  #happen(): void {
    const living = [...this.#processes.values()].filter(({ zombie }) => !zombie);
    const one = living[this.#random(Math.max(living.length, 1))];
    const dice = this.#random(100);
    if (this.#suspended && dice < 50) {
      this.#suspended = false;
      this.#pending.add(CONT);
    } else if (dice < 45 && one !== undefined && this.#processes.size < 30) {
      const child = this.#fork(one.pid);
      if (this.#random(4) === 0) child.group = child.pid;
    } else if (dice < 80 && one !== undefined && !one.stopped) {
      if (one.pid !== this.#command || this.#wants(this.#load.ends))
        this.#end(one, 1, this.#random(256));
    } else if (dice < 95) {
      const { signals } = this.#load;
      this.#pending.add(signals[this.#random(signals.length)]!);
    } else if (dice < 97 && one !== undefined) {
      this.#stop(one);
    }
    // Time passes, but a host wakes at its deadline.
    const step = this.#random(this.#load.pace);
    const due = this.#deadline > 0 ? this.#deadline - this.#now : step;
    const passed = Math.max(0, Math.min(step, due));
    this.lived += passed;
    this.#now += passed;
    if (this.#wants(this.#load.leaps)) this.#leap();
  }

  #wants(oneIn: number): boolean {
    return oneIn > 0 && this.#random(oneIn) === 0;
  }

  /** The machine was asleep: the clock is weeks later, and a deadline long over. */
  #leap(): void {
    const passed = (1 + this.#random(4)) * WEEK;
    this.leaps++;
    this.#now += passed;
    if (this.#stopping >= 0) this.#stopping += passed;
  }

  #stop(process: Process): void {
    process.stopped = true;
    const { pid } = process;
    if (process.parent !== this.#init || this.#suspended) return;
    this.#take({ kind: EventKind.ChildStopped, pid, signal: STOP });
  }

  #end(process: Process, code: number, signal: number): void {
    for (const child of this.#processes.values())
      if (child.parent === process.pid) child.parent = this.#init;
    process.status = { code, signal };
    if (process.pid === this.#command && this.#expected < 0)
      this.#expected = code === 1 ? signal : 128 + signal;
    if (process.parent === this.#init) process.zombie = true;
    else this.#processes.delete(process.pid);
  }

  #take(first: PendingEvent): void {
    const queue = [first];
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      if (this.#exit >= 0) return;
      this.events++;
      const phase = this.#core.phase;
      const actions = this.#core.take({ ...event, now: this.#now });
      this.#checkForwarding(event, phase, actions);
      for (const [index, action] of actions.entries()) {
        this.#check(this.#exit < 0, "it acts after its exit");
        queue.push(...this.#perform(action, index));
      }
      if (phase === Phase.Running && this.#core.phase === Phase.Stopping)
        this.#stopping = this.#now;
      const lasts = this.#stopping < 0 ? 0 : this.#now - this.#stopping;
      this.#check(lasts <= BOUND, `it has been stopping for ${lasts} ms`);
    }
  }

  #checkForwarding(event: PendingEvent, phase: Phase, actions: Action[]): void {
    if (event.kind !== EventKind.SignalReceived || this.#core.phase !== phase) return;
    const sent = actions.filter(
      (it) => it.kind === ActionKind.SendSignal && it.signal === event.signal,
    );
    const expected = phase === Phase.Draining && !this.#groupTarget ? 0 : 1;
    this.#check(sent.length === expected, `${event.signal} was sent ${sent.length} times`);
  }

  #perform(action: Action, index: number): PendingEvent[] {
    switch (action.kind) {
      case ActionKind.SendSignal:
        return this.#send(action, index);
      case ActionKind.Reap: {
        const child = this.#processes.get(action.pid);
        const right = child?.zombie === true && child.parent === this.#init;
        this.#check(right, `${action.pid} is no zombie of the init's`);
        this.#processes.delete(action.pid);
        return [];
      }
      case ActionKind.SetDeadline:
        this.#check(action.due > this.#now, "the deadline is over as it is set");
        this.#deadline = action.due;
        return [];
      case ActionKind.ClearDeadline:
        this.#deadline = 0;
        return [];
      case ActionKind.StopSelf:
        this.#check(this.#init !== 1, "PID 1 stops itself");
        this.#suspended = true;
        return [];
      case ActionKind.ListDescendants: {
        const living = [...this.#processes.values()].filter(({ zombie }) => !zombie);
        const found = living.map(({ pid, group }): PendingEvent => {
          return { kind: EventKind.ProcessFound, pid, low: group };
        });
        return [...found, { kind: EventKind.ProcessesListed }];
      }
      case ActionKind.Exit:
        this.#exit = action.status;
        return [];
      default:
        return [];
    }
  }

  #send(action: Extract<Action, { kind: ActionKind.SendSignal }>, index: number): PendingEvent[] {
    const { target, pid, signal } = action;
    const draining = this.#core.phase === Phase.Draining;
    if (target === Target.Everyone)
      this.#check(this.#drains && draining && this.#init === 1, "it signals everyone");
    else if (target === Target.Group || !draining)
      this.#check(pid === this.#command, `it signals ${pid}, not the command ${this.#command}`);
    else this.#check(this.#processes.has(pid), `it signals ${pid}, who is gone`);
    const reached = [...this.#processes.values()].filter((it) => {
      if (target === Target.Everyone) return true;
      return target === Target.Group ? it.group === pid : it.pid === pid;
    });
    for (const process of reached) {
      if (process.zombie) continue;
      if (signal === CONT) process.stopped = false;
      if (signal === KILL && this.#random(20) > 0) this.#end(process, 2, KILL);
    }
    return reached.length > 0 ? [] : [actionFailed(action, index, ESRCH)];
  }
}
