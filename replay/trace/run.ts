/**
 * One run of the init without a kernel: boot it with a command line, hand it events by name, and
 * read what it would do.
 *
 *   const run = boot(core, "wasm-init --stop=TERM:10s,KILL -- server");
 *   run.take(signal("TERM"));
 *   run.advance("10s"); // ... and KILL is sent
 */
import { ActionKind, EventKind, Phase } from "../../assembly/abi";
import { CLD_DUMPED, CLD_EXITED, CLD_KILLED, SI_KERNEL, SI_QUEUE } from "../../assembly/linux";
import {
  actionFailed,
  type Boot,
  bootCore,
  type BootInput,
  type PendingEvent,
} from "../../host/wasm/boot.ts";
import type { Action, Core, Snapshot } from "../../host/wasm/core.ts";
import { errnoNumber } from "../../host/wasm/errno.ts";
import { argvOf } from "./prose.ts";
import { actionLine, signalNumber } from "../../host/wasm/vocabulary.ts";

/** An action with its name, and as the line that traces show. */
export type NamedAction = Action & { name: string; line: string };

/** What a run starts from, beside its command line. */
export interface RunInput extends Partial<Omit<BootInput, "argv">> {
  /** The pid that the command gets; 0: it is not started, and the first event is the caller's. */
  command?: number;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, "": 1000, m: 60_000, h: 3_600_000 };

/** A signal arrives. */
export function signal(
  name: string,
  how: { from?: number; value?: number; terminal?: boolean } = {},
): PendingEvent {
  const code = how.value !== undefined ? SI_QUEUE : how.terminal === true ? SI_KERNEL : 0;
  return {
    kind: EventKind.SignalReceived,
    signal: signalNumber(name),
    code,
    pid: how.from ?? 0,
    low: how.value ?? 0,
  };
}

/** A child ends: by itself with a code, or by a signal. */
export function childExited(
  pid: number,
  how: { code?: number; signal?: string; dumped?: boolean } = {},
): PendingEvent {
  const kind = EventKind.ChildExited;
  if (how.signal === undefined) return { kind, pid, code: CLD_EXITED, signal: how.code ?? 0 };
  const code = how.dumped === true ? CLD_DUMPED : CLD_KILLED;
  return { kind, pid, code, signal: signalNumber(how.signal) };
}

/** Job control stops a child. */
export function childStopped(pid: number, name: string): PendingEvent {
  return { kind: EventKind.ChildStopped, pid, signal: signalNumber(name) };
}

/** The kernel says that there are no children. */
export function noChildrenLeft(): PendingEvent {
  return { kind: EventKind.NoChildrenLeft };
}

/** A descendant is found, in answer to ListDescendants; then the list is complete. */
export function processesFound(...pids: number[]): PendingEvent[] {
  return [
    ...pids.map((pid): PendingEvent => ({ kind: EventKind.ProcessFound, pid })),
    { kind: EventKind.ProcessesListed },
  ];
}

/** The kernel refuses an action, with an errno by name. */
export function refused(action: Action, errno: string): PendingEvent {
  return actionFailed(action, 0, errnoNumber(errno));
}

/** `500ms`, `10s`, `2m`, `1h`, or a number of milliseconds, as milliseconds. */
function milliseconds(duration: string | number): number {
  if (typeof duration === "number") return duration;
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(duration) ?? [];
  if (number === "") throw new Error(`'${duration}' is not a duration`);
  return Number(number) * (UNITS[unit] ?? 0);
}

/** Where a run stands, to go back to. */
export interface Mark {
  state: Snapshot;
  now: number;
  status: number | undefined;
}

/** A core that runs. */
export class Run {
  readonly core: Core;
  readonly boot: Boot;
  /** What the boot led to, the boot protocol left out. */
  readonly bootActions: NamedAction[];
  /** Milliseconds since boot. */
  now = 0;
  /** The exit status, once the init has ended. */
  status: number | undefined;

  constructor(core: Core, input: BootInput, command: number) {
    this.core = core;
    core.reset();
    const { boot: booted, actions } = bootCore(core, input);
    this.boot = booted;
    const own = actions.filter(({ kind }) => kind > ActionKind.KeepRecordPath);
    this.bootActions = own.map((action) => this.#note(action));
    if (command !== 0 && own.at(-1)?.kind === ActionKind.Spawn)
      this.bootActions.push(...this.take(booted.spawned(command)));
  }

  /** Hands over events at the present time, one by one; returns all that follows. */
  take(...events: PendingEvent[]): NamedAction[] {
    return events.flatMap((event) =>
      this.core.take({ ...event, now: this.now }).map((action) => this.#note(action)),
    );
  }

  /** Lets time pass: deadlines that come due are reached on the way. */
  advance(duration: string | number): NamedAction[] {
    const end = this.now + milliseconds(duration);
    const actions: NamedAction[] = [];
    while (this.status === undefined) {
      const due = this.core.deadline;
      if (due === 0 || due > end) break;
      this.now = Math.max(due, this.now);
      actions.push(...this.take({ kind: EventKind.DeadlineReached }));
    }
    this.now = end;
    return actions;
  }

  /** Where the run stands: `Running`, `Stopping`, `Draining`, `Finished`. */
  get phase(): string {
    return Phase[this.core.phase];
  }

  /** Remembers where the run stands. */
  snapshot(): Mark {
    return { state: this.core.snapshot(), now: this.now, status: this.status };
  }

  /** Goes back to where the run stood. */
  restore(mark: Mark): void {
    this.core.restore(mark.state);
    this.now = mark.now;
    this.status = mark.status;
  }

  #note(action: Action): NamedAction {
    if (action.kind === ActionKind.Exit) this.status = action.status;
    return { ...action, name: ActionKind[action.kind], line: actionLine(action) };
  }
}

/** Boots a core, as new afterwards, with a command line: one text as for a shell, or its words. */
export function bootWith(
  core: Core,
  commandLine: string | readonly string[],
  given: RunInput = {},
): Run {
  const argv = typeof commandLine === "string" ? argvOf(commandLine) : commandLine;
  const { command = 100, ...input } = given;
  return new Run(core, { pid: 1, ...input, argv }, command);
}
