/** One event in the core: the world on each side, what it led to, and what it should have. */
import { ActionKind, EventKind, Phase, Target } from "../../assembly/abi";
import { ESRCH, SI_KERNEL } from "../../assembly/linux";
import { ACTION_FIELDS, CONT, EVENT_FIELDS, KILL, STOP, TTIN, TTOU } from "./kernel.ts";
import { type PlanStep, SAME, TERM } from "./specification.ts";
import {
  BETWEEN,
  CLAIMED,
  clear,
  COMMAND,
  COMMANDS,
  DRAIN_TOLD,
  foreground,
  GROUP_TOLD,
  groupOf,
  has,
  indexOf,
  LAST_TOLD,
  LATE,
  PROCESSES,
  RETRACTED,
  REUSED,
  type Configuration,
  set,
  SINCE_FIRST,
  SINCE_LAST,
  STOP_SENT,
  STEP,
  SUSPENDED,
} from "./world.ts";

const CHLD = 17;
/** Signals that end a process unless it says otherwise. */
const ENDINGS = [1, 2, 3, TERM];
/** Numbers of a signal that is sent: target, pid, signal. */
const SENT = 3;

/** A signal that is to end the command went to its group. */
function markSent(world: Int32Array, signal: number): void {
  if (world[GROUP_TOLD] === 0) world[SINCE_FIRST] = 0;
  world[GROUP_TOLD] = world[GROUP_TOLD]! | (1 << signal);
  world[LAST_TOLD] = signal;
  world[SINCE_LAST] = 0;
  for (let at = PROCESSES; at < world.length; at++)
    if ((world[at]! & LATE) !== 0) world[at] = (world[at]! & ~LATE) | BETWEEN;
}

export class Transition {
  readonly configuration: Configuration;
  /** Its numbers: kind, signal, code, pid, uid, low, high. */
  readonly event = new Int32Array(EVENT_FIELDS);
  readonly before: Int32Array;
  after: Int32Array;
  phase: Phase = Phase.Running;
  phaseAfter: Phase = Phase.Running;
  /** Numbers of the actions: kind, a to e. */
  readonly actions = new Int32Array(64 * ACTION_FIELDS);
  count = 0;
  /** How far the time is from where the step began, and the core's own deadline from there. */
  due = -1;
  /** No other event follows before the init waits. */
  settled = false;
  /** Signals that came before the command was there, to be sent on now. */
  held: readonly number[] = [];
  /** What was sent, and what should have been. */
  readonly sent = new Int32Array(64 * SENT);
  sentCount = 0;
  readonly #wanted = new Int32Array(64 * SENT);
  #wantedCount = 0;

  constructor(configuration: Configuration, world: Int32Array) {
    this.configuration = configuration;
    this.before = world.slice();
    this.after = world;
  }

  get kind(): EventKind {
    return this.event[0]!;
  }

  get signal(): number {
    return this.event[1]!;
  }

  get code(): number {
    return this.event[2]!;
  }

  get pid(): number {
    return this.event[3]!;
  }

  /** ActionFailed: the kind of the action. */
  get failed(): ActionKind {
    return this.event[4]!;
  }

  /** Whether the event is the end of the command itself. */
  get isCommandsEnd(): boolean {
    const { kind, pid } = this;
    return kind === EventKind.ChildExited && pid === COMMAND && !has(this.before, REUSED);
  }

  /** How many actions of a kind there are. */
  many(kind: ActionKind): number {
    let many = 0;
    for (let index = 0; index < this.count; index++)
      if (this.actions[index * ACTION_FIELDS] === kind) many++;
    return many;
  }

  /** Index of the first action of a kind, -1 for none. */
  find(kind: ActionKind): number {
    for (let index = 0; index < this.count; index++)
      if (this.actions[index * ACTION_FIELDS] === kind) return index;
    return -1;
  }

  /** A number of an action: 0 is the kind, 1 to 5 are a to e. */
  field(index: number, field: number): number {
    return this.actions[index * ACTION_FIELDS + field]!;
  }

  /** Lists what was sent. */
  listSent(): void {
    let at = 0;
    for (let index = 0; index < this.count; index++) {
      const kind = this.field(index, 0);
      if (kind !== ActionKind.SendSignal && kind !== ActionKind.QueueSignal) continue;
      this.sent[at++] = this.field(index, 1);
      this.sent[at++] = this.field(index, 2);
      this.sent[at++] = this.field(index, 3);
    }
    this.sentCount = at / SENT;
  }

  hasSent(signal: number): boolean {
    for (let index = 0; index < this.sentCount; index++)
      if (this.sent[index * SENT + 2] === signal) return true;
    return false;
  }

  /** Whether what was sent is what should have been, and in order; if not, says both. */
  compare(): string | undefined {
    const numbers = this.#wantedCount * SENT;
    let same = this.sentCount === this.#wantedCount;
    for (let at = 0; same && at < numbers; at++) same = this.sent[at] === this.#wanted[at];
    if (same) return undefined;
    const show = (list: Int32Array, count: number) =>
      Array.from({ length: count }, (_, index) => list.slice(index * SENT, (index + 1) * SENT))
        .map((numbers) => numbers.join(" "))
        .join(", ") || "nothing";
    const sent = show(this.sent, this.sentCount);
    return `sent ${sent}; expected ${show(this.#wanted, this.#wantedCount)}`;
  }

  #want(target: Target, pid: number, signal: number): void {
    const at = this.#wantedCount++ * SENT;
    this.#wanted[at] = target;
    this.#wanted[at + 1] = pid;
    this.#wanted[at + 2] = signal;
  }

  /** Nothing should have been sent, so far. */
  wantNothing(): void {
    this.#wantedCount = 0;
  }

  /** Keeps in the world what the foreground was moved for, until that has come about or failed. */
  markForeground(): void {
    const { kind, before, after } = this;
    const takes = this.find(ActionKind.TakeForeground) >= 0;
    const answered =
      kind === EventKind.ForegroundMoved || this.hasFailed(ActionKind.TakeForeground);
    if (answered) clear(after, CLAIMED);
    if (takes && this.isNeed) set(after, CLAIMED);
    if (this.hasFailed(ActionKind.StopSelf)) clear(after, RETRACTED);
    const stops = this.find(ActionKind.StopSelf) >= 0 && !has(after, SUSPENDED);
    if (takes && stops && foreground(before) === COMMANDS) set(after, RETRACTED);
  }

  /** Whether the event is that an action of this kind has failed. */
  hasFailed(action: ActionKind): boolean {
    return this.kind === EventKind.ActionFailed && this.failed === action;
  }

  /** Whether the event is that a process in our own group lacks the foreground. */
  get isNeed(): boolean {
    const { signal } = this;
    const isTerminalAccess = signal === TTIN || signal === TTOU;
    return this.kind === EventKind.SignalReceived && this.code === SI_KERNEL && isTerminalAccess;
  }

  /** What is specified for a signal that arrives; returns whether it starts the plan. */
  wantForward(phase: Phase, signal: number, code: number): boolean {
    const { as, starts, stopOn, plan, target } = this.configuration.specification;
    if (signal === CHLD || (code === 0 && this.pid === this.configuration.init)) return false;
    if (phase === Phase.Running && starts[signal] !== 0 && plan.length > 0) {
      this.wantStep(0, as[signal]!);
      return true;
    }
    if (phase === Phase.Draining && target !== Target.Group) return false;
    // Only a neighbour's need of the foreground keeps it from being sent on.
    if (this.isNeed && this.find(ActionKind.TakeForeground) >= 0) return false;
    const to = as[signal]!;
    if (to === 0) return false;
    this.#want(target, COMMAND, to);
    // A command that a signal of ours stopped could not act on it.
    const ends = stopOn[signal] !== 0 || ENDINGS.includes(to);
    if (ends && (has(this.before, STOP_SENT) || to === STOP)) this.#want(target, COMMAND, CONT);
    return false;
  }

  /** A step of the plan. */
  wantStep(index: number, started: number): void {
    const { plan, target } = this.configuration.specification;
    const step = plan[index];
    if (step === undefined || step.signal === 0) return;
    const signal = step.signal === SAME ? started : step.signal;
    this.#want(target, COMMAND, signal);
    if (signal !== KILL && signal !== CONT) this.#want(target, COMMAND, CONT);
  }

  /** The step of the plan that follows, if one does. */
  wantNextStep(): void {
    const { plan } = this.configuration.specification;
    const next = this.before[STEP]! + 1;
    // Which signal started the plan is not known any more: `=` stands for what was sent.
    const same = this.sentCount > 0 ? this.sent[2]! : 0;
    if (next < plan.length) this.wantStep(next, same);
  }

  /** TERM for the rest of the group. */
  wantGroupTerm(): void {
    const { specification, suspendsWithCommand } = this.configuration;
    const { as, drainPlan, groupTerm } = specification;
    if (!groupTerm) return;
    // Nobody gets TERM twice, except from dumb-init.
    const repeats = !suspendsWithCommand && drainPlan.length === 0;
    if (!repeats && (this.before[GROUP_TOLD]! & (1 << TERM)) !== 0) return;
    const rewritten = this.sentCount > 0 && this.sent[2] === as[TERM];
    this.#want(Target.Group, COMMAND, rewritten ? as[TERM]! : TERM);
  }

  /** The step of the drain that runs after the event: its last one, KILL, is taken again and again. */
  get drainStep(): PlanStep | undefined {
    const { drainPlan } = this.configuration.specification;
    const step = this.isCommandsEnd ? 0 : this.after[STEP]!;
    return drainPlan[Math.min(step, drainPlan.length - 1)];
  }

  /** Whether the running step of the drain passes over the command's group, which was told before. */
  get passesOver(): boolean {
    const { before } = this;
    return this.drainStep?.signal !== KILL && before[GROUP_TOLD] !== 0 && !has(before, DRAIN_TOLD);
  }

  /** Whether a process that was found had a signal that was to end it, and that it does not ignore. */
  get wasTold(): boolean {
    const { before, configuration, pid } = this;
    const index = indexOf(configuration, pid);
    if (!this.passesOver || groupOf(configuration, before, index) !== COMMAND) return false;
    const word = before[PROCESSES + index]!;
    const ignored = index === 0 ? 0 : configuration.ignored;
    if ((word & LATE) !== 0) return false;
    if ((word & BETWEEN) === 0) return (before[GROUP_TOLD]! & ~ignored) !== 0;
    // One whose age can't tell when it came is told again.
    return this.code > 0 && (ignored & (1 << before[LAST_TOLD]!)) === 0;
  }

  /** What the remaining processes get, or one of them. */
  wantDrain(target: Target, pid: number): void {
    const signal = this.drainStep?.signal ?? 0;
    if (signal === 0) return;
    this.#want(target, pid, signal);
    if (signal !== KILL && signal !== CONT) this.#want(target, pid, CONT);
  }

  /** Keeps in the world whether the command was stopped by us, and who was told to end. */
  markTold(): void {
    const { kind, signal, after } = this;
    const { target } = this.configuration.specification;
    if (kind === EventKind.SignalReceived && signal === CONT) clear(after, STOP_SENT);
    for (let index = 0; index < this.count; index++) {
      const action = this.field(index, 0);
      if (action !== ActionKind.SendSignal && action !== ActionKind.QueueSignal) continue;
      if (this.field(index, 1) !== target || this.field(index, 2) !== COMMAND) continue;
      const sent = this.field(index, 3);
      if (sent >= STOP && sent <= TTOU) set(after, STOP_SENT);
      if (sent === CONT) clear(after, STOP_SENT);
    }
    if (target === Target.Group && this.phase !== Phase.Draining)
      for (const to of this.#tellings()) markSent(after, to);
    const began =
      this.isCommandsEnd || (kind === EventKind.DeadlineReached && this.phase === Phase.Draining);
    const listed = kind === EventKind.ProcessesListed || this.hasFailed(ActionKind.ListDescendants);
    const told = began ? this.find(ActionKind.ListDescendants) < 0 : listed;
    if (told && (began || this.phase === Phase.Draining) && this.drainStep?.signal !== 0)
      this.#markDrained();
  }

  /** Signals of this transition that are to end the command, and went to its group. */
  #tellings(): number[] {
    const { kind, phase, signal } = this;
    const { as, plan, stopOn } = this.configuration.specification;
    if (kind === EventKind.Spawned)
      return this.held.flatMap((it) => (stopOn[it] !== 0 && as[it] !== 0 ? [as[it]!] : []));
    const starts = phase === Phase.Running && this.phaseAfter === Phase.Stopping;
    const steps = phase === Phase.Stopping && kind === EventKind.DeadlineReached;
    if (starts || steps) {
      if ((plan[starts ? 0 : this.after[STEP]!]?.signal ?? 0) === 0) return [];
      return [this.field(this.find(ActionKind.SendSignal), 3)];
    }
    const isStop = kind === EventKind.SignalReceived && stopOn[signal] !== 0;
    return isStop && this.code !== SI_KERNEL && as[signal] !== 0 ? [as[signal]!] : [];
  }

  /** The drain has told those who are left: what they were told before is of no account. */
  #markDrained(): void {
    const { after, configuration } = this;
    set(after, DRAIN_TOLD);
    after[GROUP_TOLD] = after[LAST_TOLD] = 0;
    after[SINCE_FIRST] = after[SINCE_LAST] = -1;
    for (let index = 0; index < configuration.pids.length; index++)
      after[PROCESSES + index] = after[PROCESSES + index]! & ~(LATE | BETWEEN);
  }

  wantOne(target: Target, pid: number, signal: number): void {
    this.#want(target, pid, signal);
  }

  /** A signal with a value that the kernel did not take, for a process that is there. */
  get lacksRoom(): boolean {
    return this.failed === ActionKind.QueueSignal && this.code !== ESRCH;
  }
}
