/**
 * The loop: one event in, drain every action, then the next event. The same as that of the static
 * binary, over the addon; before each wait come children, then a deadline that is due, then one
 * signal.
 */
import { ActionKind, EventKind, SpawnFailure, Target } from "../../../assembly/abi";
import { CLD_CONTINUED, CLD_TRAPPED, ECHILD, ENOSYS, ESRCH } from "../../../assembly/linux";
import type { Addon } from "../addon/addon.ts";
import type { Boot, PendingEvent } from "../../wasm/boot.ts";
import { actionFailed } from "../../wasm/boot.ts";
import type { Action, ActionOf, Core, Event } from "../../wasm/core.ts";
import { Fallback, statusOf } from "./fallback.ts";
import type { Recorder } from "./recorder.ts";
import { signalEvent } from "./arrived.ts";
import { planted } from "./planted_trap.ts";
import type { Child, World } from "./world.ts";

const CHLD = 17;
/** How soon waitid(2) is asked again after an answer that can't be right. */
const WAITID_RETRY_MS = 100;
/** After how many of them in a row the core is told. */
const WAITID_RETRIES_MAX = 20;
/** A storm of ends must not hold up deadlines and signals. */
const CHILDREN_BATCH_MAX = 256;
/** What a full pipe takes as a whole, or not at all. */
const WRITE_BYTES_MAX = 512;

/** Sees what passes. */
export interface Observer {
  onEvent?: (event: Event) => void;
  onAction?: (action: Action) => void;
}

/** What a run is made of. */
export interface Parts {
  addon: Addon;
  core: Core;
  boot: Boot;
  world: World;
  /** The environment that the command gets. */
  environment: () => Uint8Array[];
  recorder?: Recorder;
  observer?: Observer;
}

export class Init {
  readonly #parts: Parts;
  readonly #started: number;
  #now = 0;
  #deadline = 0;
  #command = 0;
  /** It is being reaped: its id, and its group's, can be used again from here on. */
  #commandEnded = false;
  /** What the command ended with, for the fallback. */
  #status: number | undefined;
  #target = 0;
  /** How often in a row waitid(2) failed although the command should live, up to DOUBTS. */
  #doubtful = 0;
  /** There is more to do, once libuv has had its turn. */
  #resumes = false;
  /** Descendants are to be listed once the drain is over: the action's index plus one. */
  #listing = 0;
  #detailed = false;
  #stampAll = false;
  /** Kind of the event that the core handles. */
  #event = 0;
  /** Events that an action led to wait here until the drain is over. */
  readonly #waiting: PendingEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #turning = false;
  #ended = false;
  #fallback: Fallback | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#started = parts.addon.now();
  }

  /** Boots, and spawns the command; `turn` is to be called from then on. */
  start(): void {
    this.#guarded(() => {
      for (const event of this.#parts.boot.start()) this.handle(event);
    });
    this.turn();
  }

  /** Takes in all that has happened. Call it when there may be something new. */
  readonly turn = (): void => {
    // An observer may cause events: they are taken once the drain that it watches is over.
    if (this.#ended || this.#turning) return;
    if (this.#fallback) return this.#fallback.turn();
    this.#guarded(() => {
      let busy = true;
      while (busy && !this.#ended) busy = this.#step();
      if (!this.#ended) this.#sleep();
    });
  };

  /** Hands an event to the core and carries out what follows, its consequences included. */
  handle(event: PendingEvent): void {
    this.#take(event);
    this.#takeWaiting();
    while (this.#listing > 0 && !this.#ended) this.#list();
  }

  /** Whether the core has failed, so that the run goes on, or has ended, without it. */
  get hasFailed(): boolean {
    return this.#fallback !== undefined;
  }

  /** Puts an event behind those that wait already. */
  readonly follow = (event: PendingEvent): void => {
    this.#waiting.push(event);
  };

  /** Reads the clock. */
  readonly tick = (): void => {
    const now = this.#parts.addon.now() - this.#started;
    if (now > this.#now) this.#now = now;
  };

  /** A trap is a bug of the core, any other error one of the host: PID 1 must not die of it. */
  #guarded(what: () => void): void {
    this.#turning = true;
    try {
      what();
    } catch (error) {
      clearTimeout(this.#timer);
      this.#fallback = new Fallback({
        ...this.#parts,
        command: this.#command,
        target: this.#target,
        status: this.#commandEnded ? this.#status : undefined,
        event: this.#event,
        end: this.#end,
      });
      this.#fallback.start(error);
    }
    this.#turning = false;
  }

  /** Returns whether there may be more to do. */
  #step(): boolean {
    const more = this.#lookAfterChildren();
    if (this.#ended) return false;
    if (this.#deadline > 0 && this.#now >= this.#deadline) {
      this.#deadline = 0;
      this.handle({ kind: EventKind.DeadlineReached });
      // The next one may be due already: the loop of libuv, which reaps, has its turn first. Then
      // what was read before, and children beyond those looked at: nothing tells of them again.
      this.#resumes = true;
      return false;
    }
    const signal = this.#parts.world.nextSignal();
    if (signal?.number !== CHLD || this.#deadline > 0) this.tick();
    if (signal !== undefined && signal.number !== CHLD) this.handle(signalEvent(signal));
    return more || signal !== undefined;
  }

  /** Until something happens, or the time has come. */
  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#resumes) {
      this.#resumes = false;
      setImmediate(this.turn);
      return;
    }
    let wait = this.#deadline > 0 ? Math.max(Math.ceil(this.#deadline - this.#now), 0) : -1;
    if (this.#doubtful > 0 && (wait < 0 || wait > WAITID_RETRY_MS)) wait = WAITID_RETRY_MS;
    if (wait < 0) return;
    // A timer that is due at once would go before all else, and there is a longest one.
    this.#timer = setTimeout(() => setImmediate(this.turn), Math.min(wait, 2 ** 31 - 1));
    if (!this.#parts.world.keepsRunning) this.#timer.unref();
  }

  /** One event for each child that ended or stopped. Returns whether there may be more. */
  #lookAfterChildren(): boolean {
    const { world } = this.#parts;
    for (let count = 0; !this.#ended; count++) {
      const child = world.nextChild(this.#command);
      if (typeof child === "number") {
        const isOver = child === -ECHILD && this.#commandEnded;
        if (child === 0 || this.#command === 0 || isOver) this.#doubtful = 0;
        else if (this.#doubtful < WAITID_RETRIES_MAX && ++this.#doubtful === WAITID_RETRIES_MAX) {
          this.handle({ kind: EventKind.ActionFailed, code: -child, uid: ActionKind.Reap });
        }
        if (child === -ECHILD) this.handle({ kind: EventKind.NoChildrenLeft });
        return false;
      }
      if (count === CHILDREN_BATCH_MAX) return true;
      if (child.code >= CLD_TRAPPED) this.#parts.addon.take(child.pid);
      if (child.code === CLD_CONTINUED) continue;
      if (child.pid === this.#command || this.#stampAll) this.tick();
      if (child.pid === this.#command && !this.#commandEnded) this.#status = statusOf(child);
      this.handle(childEvent(child));
    }
    return false;
  }

  #list(): void {
    const { addon, world } = this.#parts;
    const index = this.#listing - 1;
    const fields = { low: index, uid: ActionKind.ListDescendants };
    this.#listing = 0;
    const uptime = this.#detailed ? addon.uptime() : 0;
    // Later than what ages are counted to: no process seems older than it is.
    if (this.#detailed) this.tick();
    const found = world.processes(uptime);
    if (typeof found === "number") {
      this.#take({ kind: EventKind.ActionFailed, code: -found, ...fields });
    } else {
      for (const { pid, group, age, low, high } of found) {
        this.#take({ kind: EventKind.ProcessFound, pid, uid: group, code: age, low, high });
        this.#takeWaiting();
      }
      this.#take({ kind: EventKind.ProcessesListed, code: 0, ...fields });
    }
    this.#takeWaiting();
  }

  #takeWaiting(): void {
    while (!this.#ended) {
      const event = this.#waiting.shift();
      if (event === undefined) return;
      this.#take(event);
    }
  }

  #take(pending: PendingEvent): void {
    if (this.#ended) return;
    const { recorder, observer } = this.#parts;
    this.#event = pending.kind;
    const event = { ...pending, now: this.#now };
    const actions = this.#decide(event);
    // Before the actions: the last of them may end us.
    const failure = recorder?.event(event, actions) ?? 0;
    if (failure < 0)
      this.follow({
        kind: EventKind.ActionFailed,
        code: -failure,
        uid: ActionKind.OpenRecord,
      });
    if (observer?.onEvent) observed(() => observer.onEvent?.(event));
    for (const [index, action] of actions.entries()) {
      if (observer?.onAction) observed(() => observer.onAction?.(action));
      this.#perform(action, index);
    }
  }

  #decide(event: Event): Action[] {
    const { core, recorder } = this.#parts;
    try {
      return core.take({ ...event, kind: planted(event.kind) });
    } catch (error) {
      recorder?.trap(event);
      throw error;
    }
  }

  #perform(action: Action, index: number): void {
    if (action.kind === ActionKind.ListDescendants) {
      this.#listing = index + 1;
      this.#detailed = action.detailed;
      return;
    }
    const { done, answer } = this.#parts.boot.perform(action);
    if (answer !== undefined) this.follow(answer);
    const result = done ? 0 : this.#resultOf(action);
    if (result >= 0) return;
    const failed = actionFailed(action, index, -result);
    const { recordPath } = this.#parts.boot;
    if (action.kind === ActionKind.OpenRecord && recordPath !== undefined)
      failed.bytes = Buffer.concat([recordPath, Buffer.alloc(1)]);
    this.follow(failed);
  }

  /** Carries an action out: 0 or above, or a negated errno. */
  #resultOf(action: Action): number {
    const { addon, world } = this.#parts;
    switch (action.kind) {
      case ActionKind.OpenRecord:
        return this.#openRecord(action);
      case ActionKind.BecomeSubreaper:
        return world.adopt(action.on);
      case ActionKind.SetParentDeathSignal:
        return world.setParentDeathSignal(action.signal);
      case ActionKind.ReleaseTerminal:
        return world.releaseTerminal();
      case ActionKind.Spawn:
        return this.#spawn(action);
      case ActionKind.SendSignal:
        return this.#send(action);
      case ActionKind.QueueSignal:
        if (action.target === Target.Group && this.#isGone(action.pid)) return -ESRCH;
        return action.target === Target.Group
          ? addon.queueGroup(action.pid, action.signal, action.low, action.high)
          : addon.queue(action.pid, action.signal, action.low, action.high);
      case ActionKind.HoldRealTime:
        world.holdRealTime(action.on);
        return 0;
      case ActionKind.StopSelf:
        return world.stopSelf(action.target, action.signal);
      case ActionKind.SetDeadline:
        this.#deadline = action.due;
        return 0;
      case ActionKind.ClearDeadline:
        this.#deadline = 0;
        return 0;
      case ActionKind.GiveForeground:
        return world.giveForeground(action.group);
      case ActionKind.TakeForeground:
        return world.takeForeground(action.group);
      case ActionKind.Write:
        for (let at = 0; at < action.bytes.length; at += WRITE_BYTES_MAX)
          addon.write(action.stream, action.bytes.subarray(at, at + WRITE_BYTES_MAX));
        return 0;
      case ActionKind.Reap:
        this.#commandEnded ||= action.pid === this.#command;
        return world.reap(action.pid);
      case ActionKind.DetachTraced:
        return addon.detach(action.pid, action.signal);
      case ActionKind.LeaveDirectory:
        return world.leaveDirectory();
      case ActionKind.CloseDescriptors:
        return world.closeDescriptors();
      case ActionKind.StampAll:
        this.#stampAll = true;
        return 0;
      case ActionKind.Exit:
        this.#end(action.status);
        return 0;
      // Node's threads need far more system calls than a filter for this loop would allow.
      case ActionKind.ProbeSandbox:
      case ActionKind.EnterSandbox:
        return -ENOSYS;
      // The core never gives the first. The others were carried out before: `boot` does those of the
      // boot protocol.
      case ActionKind.None:
      case ActionKind.ReadVariable:
      case ActionKind.HideVariable:
      case ActionKind.ReadWord:
      case ActionKind.InsertWords:
      case ActionKind.KeepRecordPath:
      case ActionKind.ListDescendants:
        return -ENOSYS;
    }
  }

  #openRecord({ limit, record }: ActionOf<ActionKind.OpenRecord>): number {
    const { recorder, boot, core } = this.#parts;
    if (recorder === undefined) return -ENOSYS;
    const result = recorder.start(core, boot, limit, record);
    if (result >= 0) this.follow({ kind: EventKind.RecordOpened });
    return result;
  }

  #spawn({ how, parentDeath, target }: ActionOf<ActionKind.Spawn>): number {
    const { boot, world, environment } = this.#parts;
    const result = world.spawn({
      argv: boot.command,
      env: environment(),
      how,
      parentDeath,
      terminal: world.terminal,
      descriptors: world.descriptors,
    });
    this.tick();
    if (result.pid === 0) {
      const failure = result.reason as SpawnFailure;
      const { error, missing, machine, ownMachine } = result;
      this.follow(boot.spawnFailed(failure, error, missing, machine, ownMachine));
      return 0;
    }
    this.#command = result.pid;
    this.#target = target;
    this.follow(boot.spawned(result.pid));
    if (result.terminal < 0)
      this.follow({
        kind: EventKind.ActionFailed,
        code: -result.terminal,
        uid: ActionKind.Spawn,
      });
    return 0;
  }

  /** Whether no process is left in the command's group to keep its id. */
  #isGone(group: number): boolean {
    return this.#commandEnded && this.#parts.addon.inGroup(group) < 0;
  }

  #send({ target, pid, signal }: ActionOf<ActionKind.SendSignal>): number {
    const { addon, world } = this.#parts;
    if (target === Target.Group) return this.#isGone(pid) ? -ESRCH : addon.send(-pid, signal);
    if (target === Target.Everyone) return world.sendEveryone(signal);
    if (target === Target.OwnGroup) return addon.send(0, signal);
    if (pid !== this.#command || this.#commandEnded)
      return addon.sendProcess(pid, addon.pid(), signal);
    return world.signalCommand(pid, signal);
  }

  readonly #end = (status: number): void => {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#parts.world.end(status);
    this.#parts.recorder?.end();
  };
}

/** The event of a child's end or stop. */
function childEvent({ pid, code, status }: Child): PendingEvent {
  if (code < CLD_TRAPPED) return { kind: EventKind.ChildExited, signal: status, code, pid };
  // The upper byte of a ptrace stop is its event (ptrace(2)).
  const kind = code === CLD_TRAPPED ? EventKind.ChildTrapped : EventKind.ChildStopped;
  return { kind, signal: status & 0xff, code: status >> 8, pid };
}

/** What an observer throws is the program's affair, and no reason to leave the command alone. */
function observed(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
