/**
 * The host's part of the boot protocol: hands out the option words one by one, and the variables
 * that the core asks for. Makes no system call; hosts, tests and replays share it.
 */
import { ActionKind, COMMAND_CAPACITY, EventKind } from "../../assembly/abi";
import type { Action, Core, Event } from "./core";

/** A word as the kernel has it; a string stands for its UTF-8. */
export type Word = Uint8Array | string;

/** What a run starts from. */
export interface BootInput {
  /** argv[0] first. */
  argv: readonly Word[];
  env?: Readonly<Record<string, Word | undefined>>;
  /** BootFlag bits. */
  bootFlags?: number;
  pid: number;
  uid?: number;
}

/** An event that still lacks its time. */
export type PendingEvent = Omit<Event, "now">;

const encoder = new TextEncoder();

/** Answers what the core asks while booting. */
export class Boot {
  readonly #input: BootInput;
  #rest: Uint8Array[];
  #last: Uint8Array = new Uint8Array();
  readonly #hidden = new Set<string>();
  /** Where to record, as given, if the core wants a recording. */
  recordPath: Uint8Array | undefined;

  constructor(input: BootInput) {
    this.#input = input;
    this.#rest = input.argv.slice(1).map(bytesOf);
  }

  /** The two events that every run begins with. */
  start(): PendingEvent[] {
    const { argv, bootFlags = 0, pid, uid = 0 } = this.#input;
    const name = bytesOf(argv[0] ?? "");
    return [
      { kind: EventKind.Booted, code: bootFlags, pid, uid, low: Math.max(argv.length - 1, 0) },
      { kind: EventKind.Named, code: name.length, bytes: name, ...beginning(this.#rest[0]) },
    ];
  }

  /** Carries out an action of the boot protocol; tells whether it was one, and its answer. */
  perform(action: Action): { done: boolean; answer?: PendingEvent } {
    switch (action.kind) {
      case ActionKind.ReadVariable: {
        const value = this.#input.env?.[action.name];
        const unset: PendingEvent = {
          kind: EventKind.VariableRead,
          signal: action.variable,
          code: -1,
        };
        if (value === undefined) return { done: true, answer: unset };
        this.#last = bytesOf(value);
        return { done: true, answer: { ...unset, code: this.#last.length, bytes: this.#last } };
      }
      case ActionKind.HideVariable:
        this.#hidden.add(action.name);
        return { done: true };
      case ActionKind.ReadWord: {
        const word = this.#rest.shift();
        if (word === undefined) return { done: true, answer: { kind: EventKind.WordsEnded } };
        this.#last = word;
        const answer = { kind: EventKind.WordRead, code: word.length, bytes: word };
        return { done: true, answer };
      }
      case ActionKind.InsertWords:
        this.#rest.unshift(...splitWords(action.bytes, action.count));
        return { done: true };
      case ActionKind.KeepRecordPath:
        this.recordPath = this.#last.slice(action.offset);
        return { done: true };
      default:
        return { done: false };
    }
  }

  /** The command and its arguments: the word last read, and all that follow. */
  get command(): Uint8Array[] {
    return [this.#last, ...this.#rest];
  }

  /** Whether a variable was meant for this init only. */
  hides(name: string): boolean {
    return this.#hidden.has(name);
  }

  /** The command's environment: without what was meant for this init only. */
  get environment(): Record<string, Word> {
    const shown = Object.entries(this.#input.env ?? {}).flatMap(([name, value]) =>
      value === undefined || this.hides(name) ? [] : [[name, value] as const],
    );
    return Object.fromEntries(shown);
  }

  /** The event that the command has been started. */
  spawned(pid: number): PendingEvent {
    const word = this.#last;
    const bytes = word.slice(0, COMMAND_CAPACITY);
    return { kind: EventKind.Spawned, pid, code: word.length, bytes };
  }

  /**
   * The event that the command could not be started. `machine` is what the file is for, and `own`
   * what this is (AUDIT_ARCH_*), where they differ; else both are 0.
   */
  spawnFailed(
    failure: number,
    errno: number,
    missing: Word = "",
    machine = 0,
    own = 0,
  ): PendingEvent {
    const word = this.#last.subarray(0, COMMAND_CAPACITY);
    const bytes = new Uint8Array([...word, 0, ...bytesOf(missing), 0]);
    const machines = machine === 0 ? {} : { low: machine, high: own };
    return { kind: EventKind.SpawnFailed, signal: failure, code: errno, bytes, ...machines };
  }
}

/** A preparation that the kernel refuses, with its errno. */
export type Refusals = Partial<Record<ActionKind, number>>;

/** What a boot led to. */
export interface Booted {
  boot: Boot;
  /** All actions in order, those of the boot protocol included. Spawn or Exit is the last. */
  actions: Action[];
  /** The events that followed preparations. */
  prepared: PendingEvent[];
}

/**
 * Brings a core that was just loaded to its Spawn or Exit: every preparation succeeds but those
 * that are refused. Signals can come while the terminal is released.
 */
export function bootCore(
  core: Core,
  input: BootInput,
  refusals: Refusals = {},
  now = 0,
  released: readonly PendingEvent[] = [],
): Booted {
  const boot = new Boot(input);
  const actions: Action[] = [];
  const prepared: PendingEvent[] = [];
  const events = boot.start();
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    for (const [index, action] of core.take({ ...event, now }).entries()) {
      actions.push(action);
      const { done, answer } = boot.perform(action);
      if (done) {
        if (answer !== undefined) events.push(answer);
        continue;
      }
      const outcome = outcomeOf(action, index, refusals[action.kind]);
      if (outcome === undefined) continue;
      if (outcome.kind === EventKind.ActionFailed && action.kind === ActionKind.OpenRecord)
        outcome.bytes = new Uint8Array([...(boot.recordPath ?? []), 0]);
      const outcomes =
        action.kind === ActionKind.ReleaseTerminal ? [...released, outcome] : [outcome];
      prepared.push(...outcomes);
      events.push(...outcomes);
    }
  }
  return { boot, actions, prepared };
}

/** The event that follows a preparation, if any. */
function outcomeOf(
  action: Action,
  index: number,
  errno: number | undefined,
): PendingEvent | undefined {
  if (errno !== undefined) return actionFailed(action, index, errno);
  switch (action.kind) {
    case ActionKind.OpenRecord:
      return { kind: EventKind.RecordOpened };
    case ActionKind.ProbeSandbox:
      return { kind: EventKind.SandboxProbed };
    case ActionKind.ReleaseTerminal:
      return { kind: EventKind.TerminalReleased };
    default:
      return undefined;
  }
}

/** The event that an action could not be carried out. */
export function actionFailed(action: Action, index: number, errno: number): PendingEvent {
  const { kind, b, c } = action;
  return { kind: EventKind.ActionFailed, code: errno, uid: kind, low: index, pid: b, signal: c };
}

/** The first eight bytes of the word after argv[0]: see EventKind.Named. */
function beginning(word: Uint8Array = new Uint8Array()): { low: number; high: number } {
  const bytes = new DataView(new ArrayBuffer(8));
  for (const [index, byte] of word.subarray(0, 8).entries()) bytes.setUint8(index, byte);
  return { low: bytes.getInt32(0, true), high: bytes.getInt32(4, true) };
}

function bytesOf(word: Word): Uint8Array {
  return typeof word === "string" ? encoder.encode(word) : word;
}

/** The NUL-ended words that stand one after the other; the last may end with the bytes. */
function splitWords(bytes: Uint8Array, count: number): Uint8Array[] {
  const words: Uint8Array[] = [];
  for (let start = 0; words.length < count;) {
    const nul = bytes.indexOf(0, start);
    const end = nul < 0 ? bytes.length : nul;
    words.push(bytes.slice(start, end));
    start = end + 1;
  }
  return words;
}
