/** The story of a run in a few lines: what stopped it, how long each step took, and how it ended. */
import { ActionKind, EventKind, Target } from "../../assembly/abi";
import { CLD_EXITED } from "../../assembly/linux";
import { steps, type TraceStep } from "../trace/replay.ts";
import { errnoName, eventLine, signalName, textOf } from "../../host/wasm/vocabulary.ts";
import { print } from "./output.ts";
import type { Job } from "./job.ts";

const KILL = 9;

export function why({ trace, core, sameCore }: Job): number {
  const story = new Story();
  for (const step of steps(trace, sameCore ? core : undefined))
    if (step.sequence !== undefined) story.take(step);
  for (const line of story.lines()) print(line);
  return 0;
}

/** A time span, as a person says it. */
export function span(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds * 10) / 10} ms`;
  return `${(milliseconds / 1000).toFixed(3)} s`;
}

/** Most lines of a story at its beginning, and at its end. */
const LINES_MAX = 40;

class Story {
  readonly #beginning: string[] = [];
  #end: string[] = [];
  #omitted = 0;
  #command = 0;
  #word = "";
  /** By signal: how often it came, and from where, as long as that was one place. */
  readonly #came = new Map<string, { times: number; from: string | undefined }>();
  #lastSent: { now: number; text: string } | undefined;
  #firstStop: { now: number; text: string } | undefined;
  #ended: { now: number; text: string } | undefined;
  #hadToBeKilled = false;
  #reaped = 0;
  #over = false;
  #last = 0;

  take(step: TraceStep): void {
    const { event, actions } = step;
    this.#last = event.now;
    if (step.lost !== undefined)
      this.#say(event.now, `${step.lost} earlier events were overwritten`);
    if (step.trapped) {
      this.#over = true;
      const what = `${eventLine(event)} (event ${step.sequence})`;
      this.#say(
        event.now,
        `the core trapped on ${what}: a bug in the init, which went on without the core`,
      );
      return;
    }
    const tell: Partial<Record<EventKind, () => void>> = {
      [EventKind.Spawned]: () => {
        this.#command = event.pid;
        this.#word = textOf(event.bytes);
        this.#say(event.now, `the command '${this.#word}' was started as ${event.pid}`);
      },
      [EventKind.SpawnFailed]: () => {
        this.#say(event.now, `the command could not be started: ${errnoName(event.code)}`);
      },
      [EventKind.ChildExited]: () => this.#child(step),
      [EventKind.DeadlineReached]: () => this.#deadline(step),
      [EventKind.SignalReceived]: () => this.#signal(step),
      [EventKind.ActionFailed]: () => {
        const action = ActionKind[event.uid] ?? String(event.uid);
        this.#say(event.now, `${action} failed: ${errnoName(event.code)}`);
      },
    };
    tell[event.kind]?.();
    for (const action of actions) {
      if (action.kind === ActionKind.SendSignal && action.signal === KILL)
        this.#hadToBeKilled ||= action.pid === this.#command;
      if (action.kind === ActionKind.Exit) this.#exit(event.now, action.status);
    }
  }

  /** A signal that sets a deadline starts the stop plan; every other one is counted. */
  #signal({ event, actions }: TraceStep): void {
    const name = signalName(event.signal);
    const from = event.pid === 0 ? "outside" : `pid ${event.pid}`;
    const plan = actions.some(({ kind }) => kind === ActionKind.SetDeadline);
    const sent = this.#sent({ actions });
    const text =
      sent === "" ? `${name} from ${from} was not forwarded` : `${name} came from ${from}: ${sent}`;
    const came = this.#came.get(name) ?? { times: 0, from };
    const times = ++came.times;
    if (came.from !== from) came.from = undefined;
    this.#came.set(name, came);
    if (plan || ["TERM", "INT", "QUIT", "HUP"].includes(name))
      this.#firstStop ??= { now: event.now, text: name };
    if (sent !== "") this.#lastSent = { now: event.now, text: sent };
    if (times <= 3 || plan) this.#say(event.now, text);
    const due = actions.find(({ kind }) => kind === ActionKind.SetDeadline);
    if (due?.kind === ActionKind.SetDeadline)
      this.#say(event.now, `the stop plan waits up to ${span(due.due - event.now)}`);
  }

  #deadline({ event, actions }: TraceStep): void {
    // The end of the first moment, in which the init keeps its privileges: no part of a stop.
    if (actions.some(({ kind }) => kind === ActionKind.EnterSandbox)) return;
    const since = this.#lastSent ?? this.#ended;
    const waited = since === undefined ? "" : ` after ${span(event.now - since.now)}`;
    const sent = this.#sent({ actions });
    this.#say(
      event.now,
      `the time was up${waited}: ${sent === "" ? "nothing more was sent" : sent}`,
    );
    if (sent !== "") this.#lastSent = { now: event.now, text: sent };
  }

  #child({ event, actions }: TraceStep): void {
    // The spawn may be among what is gone: then the command is whose end ends the init.
    if (this.#command === 0 && actions.some(({ kind }) => kind === ActionKind.Exit))
      this.#command = event.pid;
    if (event.pid !== this.#command) {
      this.#reaped++;
      return;
    }
    const how =
      event.code === CLD_EXITED
        ? `ended with status ${event.signal}`
        : `was killed by ${signalName(event.signal)}`;
    const since = this.#lastSent;
    const after = since === undefined ? "" : `, ${span(event.now - since.now)} after that`;
    this.#ended = { now: event.now, text: how };
    this.#say(event.now, `the command ${how}${after}`);
    const sent = this.#sent({ actions });
    if (sent !== "") this.#say(event.now, `${sent}, for the processes that remain`);
  }

  #sent({ actions }: Pick<TraceStep, "actions">): string {
    const texts = actions.flatMap((action) => {
      if (action.kind !== ActionKind.SendSignal && action.kind !== ActionKind.QueueSignal)
        return [];
      if (action.signal === 0) return [];
      const to =
        action.target === Target.Everyone
          ? "everyone"
          : action.target === Target.Group
            ? `the group of ${action.pid}`
            : `${action.pid}`;
      return [`${signalName(action.signal)} to ${to}`];
    });
    return texts.length === 0 ? "" : `sent ${texts.join(" and ")}`;
  }

  #exit(now: number, status: number): void {
    this.#over = true;
    const stop = this.#firstStop;
    const took = stop === undefined ? "" : `, ${span(now - stop.now)} after ${stop.text}`;
    const reason = this.#ended === undefined ? "" : `: the command ${this.#ended.text}`;
    this.#say(now, `the init exited with status ${status}${took}${reason}`);
    if (this.#hadToBeKilled && this.#ended?.text === "was killed by KILL")
      this.#add(`'${this.#word}' had to be killed: it did not end in time`);
  }

  lines(): string[] {
    const lines = [...this.#beginning];
    if (this.#omitted > 0) lines.push(`(${this.#omitted} lines are omitted)`);
    lines.push(...this.#end);
    for (const [name, { times, from = "several" }] of this.#came)
      if (times > 3) lines.push(`${name} from ${from}: ${times} times in all`);
    if (this.#reaped > 0)
      lines.push(
        `${this.#reaped} other ${this.#reaped === 1 ? "process was" : "processes were"} reaped`,
      );
    if (!this.#over) lines.push(`the trace ends at ${span(this.#last)}, before the init exited`);
    return lines;
  }

  #say(now: number, text: string): void {
    this.#add(`${span(now).padStart(12)}  ${text}`);
  }

  #add(line: string): void {
    if (this.#beginning.length < LINES_MAX) {
      this.#beginning.push(line);
      return;
    }
    this.#end.push(line);
    if (this.#end.length <= 2 * LINES_MAX) return;
    this.#omitted += LINES_MAX;
    this.#end = this.#end.slice(LINES_MAX);
  }
}
