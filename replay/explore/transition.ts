/** One event in the core: the world on each side, what it led to, and what it should have. */
import { ActionKind, EventKind, Phase, Target } from "../../assembly/abi";
import { SI_KERNEL } from "./environment.ts";
import { ACTION_FIELDS, CONT, EVENT_FIELDS, KILL, TTIN, TTOU } from "./kernel.ts";
import { SAME, TERM } from "./specification.ts";
import {
  CLAIMED,
  clear,
  COMMAND,
  COMMANDS,
  DRAIN_OVER,
  foreground,
  has,
  RETRACTED,
  REUSED,
  type Configuration,
  set,
  STEP,
  SUSPENDED,
} from "./world.ts";

const CHLD = 17;
const ESRCH = 3;
/** Numbers of a signal that is sent: target, pid, signal. */
const SENT = 3;

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
    const { as, starts, plan, target } = this.configuration.specification;
    if (signal === CHLD || (code === 0 && this.pid === this.configuration.init)) return false;
    if (phase === Phase.Running && starts[signal] !== 0 && plan.length > 0) {
      this.wantStep(0, as[signal]!);
      return true;
    }
    if (phase === Phase.Draining && target !== Target.Group) return false;
    // Only a neighbour's need of the foreground keeps it from being sent on.
    if (this.isNeed && this.find(ActionKind.TakeForeground) >= 0) return false;
    if (as[signal] !== 0) this.#want(target, COMMAND, as[signal]!);
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
    const { groupTerm, as } = this.configuration.specification;
    if (!groupTerm) return;
    const rewritten = this.sentCount > 0 && this.sent[2] === as[TERM];
    this.#want(Target.Group, COMMAND, rewritten ? as[TERM]! : TERM);
  }

  /** What the remaining processes get, or one of them. */
  wantDrain(target: Target, pid: number): void {
    if (has(this.after, DRAIN_OVER)) {
      this.#want(target, pid, KILL);
    } else {
      this.#want(target, pid, TERM);
      this.#want(target, pid, CONT);
    }
  }

  wantOne(target: Target, pid: number, signal: number): void {
    this.#want(target, pid, signal);
  }

  /** A signal with a value that the kernel did not take, for a process that is there. */
  get lacksRoom(): boolean {
    return this.failed === ActionKind.QueueSignal && this.code !== ESRCH;
  }
}
