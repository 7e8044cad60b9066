/**
 * Events and actions as lines that a person reads and writes. An event's line has its name, then
 * what it carries, with a word before whatever is not plain:
 *
 *   SignalReceived RTMIN+1 from 900 queued 7:0
 *   ChildExited 100 by TERM
 *
 * An action's line has its name, then what it asks for: `SendSignal Group 100 TERM`.
 */
import {
  ActionKind,
  EventKind,
  BootFlag,
  Record as RecordBit,
  Sandbox,
  SpawnFailure,
  SpawnHow,
  Target,
  Variable,
} from "../../assembly/abi";
import { SI_KERNEL, SI_QUEUE } from "../../assembly/linux";
import { machines, signalNames } from "../../assembly/messages";
import type { Action } from "./core.ts";
import type { Boot, PendingEvent } from "./boot.ts";
import { errnoName, errnoNumber } from "./errno.ts";

const RTMIN = 34;
/** si_code of waitid(2), by the word that stands for it. */
const CLD = { with: 1, by: 2, dumped: 3 };

/** `TERM`, `RTMIN+3`; a number for those that have no name. */
export function signalName(signal: number): string {
  if (signal >= RTMIN) return `RTMIN+${signal - RTMIN}`;
  return signalNames.find(([number]) => number === signal)?.[1] ?? String(signal);
}

/** The number that a name stands for, or that is given as it is. */
export function signalNumber(name: string): number {
  if (/^\d+$/.test(name)) return Number(name);
  if (name.startsWith("RTMIN+")) return RTMIN + Number(name.slice(6));
  const found = signalNames.find(([, known]) => known === name);
  if (found === undefined) throw new Error(`no signal ${name}`);
  return found[0];
}

/** `aarch64`; a number for a machine that has no name. */
function machineName(machine: number): string {
  const found = machines.find(([number]) => (number | 0) === (machine | 0));
  return found?.[1] ?? String(machine);
}

/** The number of a machine by name, or as it is given; 0 for none. */
function machineNumber(name = "0"): number {
  const found = machines.find(([, known]) => known === name);
  return found === undefined ? Number(name) : found[0] | 0;
}

/** The names of the bits that are set, with bars between; `-` for none. */
export function bitNames(bits: number, names: object): string {
  const set = Object.entries(names).filter(
    ([, bit]) => typeof bit === "number" && (bits & bit) !== 0,
  );
  return set.map(([name]) => name).join("|") || "-";
}

/** The bits that names with bars between stand for. */
export function bitsOf(text: string, names: Readonly<Record<string, string | number>>): number {
  if (text === "-") return 0;
  return text.split("|").reduce((bits, name) => {
    const bit = names[name];
    if (typeof bit !== "number") throw new Error(`no ${name} among ${Object.keys(names).join()}`);
    return bits | bit;
  }, 0);
}

/** Signals in two halves, bit n-1 is signal n, as names with bars between. */
function setNames(low: number, high: number): string {
  if (low === -1 && high === -1) return "all";
  const numbers = Array.from({ length: 64 }, (_, index) => index + 1);
  const held = (number: number) => ((number > 32 ? high : low) >> ((number - 1) % 32)) & 1;
  return numbers.filter(held).map(signalName).join("|");
}

/** The two halves that names with bars between stand for. */
function setOf(names: string): { low: number; high: number } {
  const halves = names === "all" ? [-1, -1] : [0, 0];
  for (const number of names === "none" || names === "all"
    ? []
    : names.split("|").map(signalNumber))
    halves[number > 32 ? 1 : 0]! |= 1 << ((number - 1) % 32);
  return { low: halves[0]!, high: halves[1]! };
}

/** One action as a line. */
export function actionLine(action: Action): string {
  const name = ActionKind[action.kind] as string | undefined;
  if (name === undefined) return `action ${action.kind}`;
  return [name, ...actionWords(action)].join(" ");
}

function actionWords(action: Action): (string | number)[] {
  switch (action.kind) {
    case ActionKind.ReadVariable:
    case ActionKind.HideVariable:
      return [action.name];
    case ActionKind.InsertWords:
      return [action.count];
    case ActionKind.KeepRecordPath:
      return [action.offset];
    case ActionKind.OpenRecord:
      return [action.limit, bitNames(action.record, RecordBit)];
    case ActionKind.BecomeSubreaper:
    case ActionKind.HoldRealTime:
      return [action.on ? "on" : "off"];
    case ActionKind.SetParentDeathSignal:
      return [signalName(action.signal)];
    case ActionKind.Spawn: {
      const death = action.parentDeath === 0 ? [] : ["dies", signalName(action.parentDeath)];
      return [bitNames(action.how, SpawnHow), Target[action.target], ...death];
    }
    case ActionKind.SendSignal:
      return signalWords(action);
    case ActionKind.QueueSignal:
      return [...signalWords(action), "value", `${action.low}:${action.high}`];
    case ActionKind.SetDeadline:
      return [action.due];
    case ActionKind.StopSelf:
      return [Target[action.target], signalName(action.signal)];
    case ActionKind.GiveForeground:
    case ActionKind.TakeForeground:
      return [action.group];
    case ActionKind.Write: {
      const stream = action.stream === 1 ? "stdout" : "stderr";
      return [stream, JSON.stringify(action.text.replace(/\n$/, ""))];
    }
    case ActionKind.Reap:
      return [action.pid];
    case ActionKind.DetachTraced:
      return [action.pid, signalName(action.signal)];
    case ActionKind.ListDescendants:
      return action.detailed ? ["detailed"] : [];
    case ActionKind.EnterSandbox:
      return [bitNames(action.needs, Sandbox)];
    case ActionKind.Exit:
      return [action.status];
    case ActionKind.None:
    case ActionKind.ReadWord:
    case ActionKind.ReleaseTerminal:
    case ActionKind.ClearDeadline:
    case ActionKind.LeaveDirectory:
    case ActionKind.CloseDescriptors:
    case ActionKind.ProbeSandbox:
    case ActionKind.StampAll:
      return [];
  }
}

function signalWords(action: { target: Target; pid: number; signal: number }): (string | number)[] {
  const nameless = action.target === Target.Everyone || action.target === Target.OwnGroup;
  const who = nameless ? [] : [action.pid];
  return [Target[action.target], ...who, signalName(action.signal)];
}

/** An event as the line that stands for it; `failed` is the action that an ActionFailed speaks of. */
export function eventLine(event: PendingEvent, failed?: Action): string {
  const name = EventKind[event.kind] as string | undefined;
  // A damaged trace can hold any number.
  if (name === undefined) return `event ${event.kind}`;
  return [name, ...eventWords(event, failed)].join(" ");
}

function eventWords(event: PendingEvent, failed?: Action): (string | number)[] {
  const { signal = 0, code = 0, pid = 0 } = event;
  switch (event.kind) {
    case EventKind.ProcessFound:
      return [
        pid,
        ...(event.uid ? ["in", event.uid] : []),
        ...(code === 0 ? [] : ["aged", code]),
        ...(event.low || event.high ? ["ignores", setNames(event.low ?? 0, event.high ?? 0)] : []),
      ];
    case EventKind.Spawned:
    case EventKind.ForegroundMoved:
      return [pid];
    case EventKind.SpawnFailed: {
      const missing = textOf(event.bytes).split("\0")[1] ?? "";
      return [
        SpawnFailure[signal] ?? signal,
        errnoName(code),
        ...(missing === "" ? [] : [missing]),
        ...(event.low ? ["for", machineName(event.low), "on", machineName(event.high ?? 0)] : []),
      ];
    }
    case EventKind.SignalReceived: {
      const from = pid === 0 ? [] : ["from", pid];
      if (code === SI_QUEUE)
        return [signalName(signal), ...from, "queued", `${event.low ?? 0}:${event.high ?? 0}`];
      if (code === SI_KERNEL) return [signalName(signal), ...from, "kernel"];
      return [signalName(signal), ...from, ...(code === 0 ? [] : ["code", code])];
    }
    case EventKind.ChildExited: {
      const how = Object.entries(CLD).find(([, number]) => number === code)?.[0] ?? code;
      return [pid, how, code === CLD.with ? signal : signalName(signal)];
    }
    case EventKind.ChildStopped:
      return [pid, signalName(signal)];
    case EventKind.ChildTrapped:
      return [pid, signalName(signal), ...(code === 0 ? [] : ["event", code])];
    case EventKind.ActionFailed: {
      const kind = event.uid ?? 0;
      const action = failed === undefined ? ActionKind[kind] : actionLine(failed);
      return [errnoName(code), action ?? kind];
    }
    case EventKind.Booted:
      return ["pid", pid, "facts", bitNames(code, BootFlag), "words", event.low ?? 0];
    case EventKind.Named:
    case EventKind.WordRead:
      return [JSON.stringify(textOf(event.bytes))];
    case EventKind.VariableRead:
      return [
        Variable[signal] ?? signal,
        ...(code < 0 ? [] : [JSON.stringify(textOf(event.bytes))]),
      ];
    case EventKind.None:
    case EventKind.WordsEnded:
    case EventKind.RecordOpened:
    case EventKind.TerminalReleased:
    case EventKind.NoChildrenLeft:
    case EventKind.DeadlineReached:
    case EventKind.ProcessesListed:
    case EventKind.SandboxProbed:
      return [];
  }
}

const decoder = new TextDecoder();

/** Bytes as the text that they are. */
export function textOf(bytes: Uint8Array | string | undefined): string {
  return typeof bytes === "string" ? bytes : decoder.decode(bytes);
}

/** What an event's line can refer to: the boot that it belongs to, and the actions before it. */
export interface Context {
  boot: Boot;
  /** All actions so far, each with its index in its drain. */
  done: readonly { action: Action; index: number }[];
}

/** The event that a line stands for. Throws with a reason where it stands for none. */
export function eventOf(line: string, context: Context): PendingEvent {
  const [name = "", ...words] = line.split(/\s+/);
  const kind: unknown = EventKind[name as keyof typeof EventKind];
  if (typeof kind !== "number") throw new Error(`no event ${name}`);
  const reader = new Words(words);
  const event = read(kind, reader, context);
  reader.end();
  return event;
}

function read(kind: EventKind, words: Words, context: Context): PendingEvent {
  switch (kind) {
    case EventKind.Spawned:
      return context.boot.spawned(words.number());
    case EventKind.SpawnFailed: {
      const failure = words.next() as keyof typeof SpawnFailure;
      const errno = errnoNumber(words.next());
      const [built, own] = [machineNumber(words.after("for")), machineNumber(words.after("on"))];
      const missing = words.optional() ?? "";
      return context.boot.spawnFailed(SpawnFailure[failure], errno, missing, built, own);
    }
    case EventKind.SignalReceived:
      return signalReceived(words);
    case EventKind.ChildExited: {
      const pid = words.number();
      const how = words.next() as keyof typeof CLD;
      const signal = how === "with" ? words.number() : signalNumber(words.next());
      return { kind, pid, code: CLD[how], signal };
    }
    case EventKind.ChildStopped:
      return { kind, pid: words.number(), signal: signalNumber(words.next()) };
    case EventKind.ChildTrapped: {
      const pid = words.number();
      const signal = signalNumber(words.next());
      return { kind, pid, signal, code: Number(words.after("event") ?? 0) };
    }
    case EventKind.ProcessFound: {
      const pid = words.number();
      const uid = Number(words.after("in") ?? 0);
      const code = Number(words.after("aged") ?? 0);
      return { kind, pid, uid, code, ...setOf(words.after("ignores") ?? "none") };
    }
    case EventKind.ForegroundMoved:
      return { kind, pid: words.number() };
    case EventKind.ActionFailed:
      return failed(words, context);
    case EventKind.None:
    case EventKind.Booted:
    case EventKind.Named:
    case EventKind.VariableRead:
    case EventKind.WordRead:
    case EventKind.WordsEnded:
    case EventKind.RecordOpened:
    case EventKind.TerminalReleased:
    case EventKind.NoChildrenLeft:
    case EventKind.DeadlineReached:
    case EventKind.ProcessesListed:
    case EventKind.SandboxProbed:
      return { kind };
  }
}

function signalReceived(words: Words): PendingEvent {
  const signal = signalNumber(words.next());
  const pid = Number(words.after("from") ?? 0);
  const value = words.after("queued")?.split(":").map(Number);
  const code = value !== undefined ? SI_QUEUE : words.flag("kernel") ? SI_KERNEL : 0;
  const other = words.after("code");
  const [low = 0, high = 0] = value ?? [];
  return { kind: EventKind.SignalReceived, signal, code: Number(other ?? code), pid, low, high };
}

/**
 * `ActionFailed ERRNO NAME`: the newest action of that name, or the newest that says all that. A Reap
 * of no process is none of the core's: the host has looked for children in vain.
 */
function failed(words: Words, { done }: Context): PendingEvent {
  const errno = errnoNumber(words.next());
  const wanted = words.rest();
  if (wanted === ActionKind[ActionKind.Reap])
    return { kind: EventKind.ActionFailed, code: errno, uid: ActionKind.Reap };
  const found = done.findLast(({ action }) => `${actionLine(action)} `.startsWith(`${wanted} `));
  if (found === undefined) throw new Error(`no action has been: ${wanted}`);
  const { kind, b, c } = found.action;
  const low = found.index;
  return { kind: EventKind.ActionFailed, code: errno, uid: kind, low, pid: b, signal: c };
}

/** The words of a line, read from the left. */
class Words {
  readonly #words: string[];

  constructor(words: string[]) {
    this.#words = words;
  }

  next(): string {
    const word = this.#words.shift();
    if (word === undefined) throw new Error("the line ends too early");
    return word;
  }

  optional(): string | undefined {
    return this.#words.shift();
  }

  number(): number {
    return Number(this.next());
  }

  /** The word after this one, wherever it stands. */
  after(name: string): string | undefined {
    const at = this.#words.indexOf(name);
    return at < 0 ? undefined : this.#words.splice(at, 2)[1];
  }

  flag(name: string): boolean {
    const at = this.#words.indexOf(name);
    if (at >= 0) this.#words.splice(at, 1);
    return at >= 0;
  }

  rest(): string {
    return this.#words.splice(0).join(" ");
  }

  end(): void {
    if (this.#words.length > 0) throw new Error(`what is ${this.#words.join(" ")}?`);
  }
}

/** An errno by name. */
export { errnoName } from "./errno.ts";
