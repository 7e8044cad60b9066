/**
 * Feeds a trace's events to a core, and compares every action that follows with what the trace
 * says. The first difference ends it.
 */
import { ActionKind, EventKind, type Phase } from "../../assembly/abi";
import { type Action, type Fields, typedAction } from "../../host/wasm/actions.ts";
import type { Core } from "../../host/wasm/core.ts";
import { TRACE_ACTION_SIZE } from "../../assembly/trace_layout";
import { type Half, type RecordedEvent, type Entries, type Trace, TraceError } from "./format.ts";
import { eventLine } from "../../host/wasm/vocabulary.ts";

/** What takeOnly would have answered, had the core not trapped. */
const TRAP = -1;

/** What a core did with an event: actions, or none because it trapped. */
export type Answer = Action[] | "trapped";

/** Where core and trace part. */
export interface Difference {
  /** Number of the event, the first after the boot being 0. */
  step: number;
  event: RecordedEvent;
  /** What the trace has, and what the core did. */
  recorded: Answer;
  replayed: Answer;
}

export interface Replayed {
  events: number;
  actions: number;
  /** Whether it began with the boot, and not with a state in the middle of a run. */
  fromBoot: boolean;
  /** Events that the trace has lost between its halves. */
  lost: number;
  /** The event on which the core trapped when it was recorded, and again now. */
  trapped?: { step: number; event: RecordedEvent };
  difference?: Difference;
}

/** Replays a trace on a core, as new afterwards or not. */
export function replay(core: Core, trace: Trace, sameCore = true): Replayed {
  const result: Replayed = { events: 0, actions: 0, fromBoot: false, lost: 0 };
  let wanted: number | undefined;
  for (const half of trace.halves) {
    if (wanted === undefined) result.fromBoot = enter(core, trace, half, sameCore);
    else if (half.sequence !== wanted) {
      if (!sameCore) break;
      result.lost += half.sequence - wanted;
      goTo(core, half);
    }
    const entries = half.entries();
    while (entries.next()) {
      const { event } = entries;
      const count = takeOrTrap(core, event);
      const trapped = count === TRAP;
      result.events++;
      if (!trapped) result.actions += count;
      if (trapped !== entries.trapped || (!trapped && !same(core, count, entries))) {
        result.difference = {
          ...placeOf(entries),
          recorded: entries.trapped ? "trapped" : recordedActions(entries),
          replayed: trapped ? "trapped" : actionsOf(core, count),
        };
        return result;
      }
      if (trapped) {
        result.trapped = placeOf(entries);
        return result;
      }
    }
    wanted = entries.sequence + 1;
    if (entries.sequence < 0) wanted = half.sequence;
  }
  return result;
}

/** What follows from a recorded event. A trap says that no run was like this. */
export function actionsAfter(core: Core, event: RecordedEvent): Action[] {
  const count = takeOrTrap(core, event);
  if (count === TRAP)
    throw new TraceError("the core traps on an event on which it did not trap in the trace");
  return actionsOf(core, count);
}

/** The actions of the last event; a forged state can have made some that point nowhere. */
function actionsOf(core: Core, count: number): Action[] {
  try {
    return Array.from({ length: count }, (_, index) => core.action(index));
  } catch {
    throw new TraceError("the state in the trace is not valid: the core takes impossible actions");
  }
}

/** Brings a core to a recorded state. */
function goTo(core: Core, { state }: Half): void {
  if (state.length !== core.stateLength)
    throw new TraceError("the state in the trace does not fit this core");
  core.restore(state);
}

function placeOf({ sequence, event }: Entries): { step: number; event: RecordedEvent } {
  return { step: sequence, event: { ...event, bytes: event.bytes.slice() } };
}

/** Hands over an event; returns the number of actions, or TRAP. */
function takeOrTrap(core: Core, event: RecordedEvent): number {
  try {
    return core.takeOnly(event);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return TRAP;
    throw error;
  }
}

/** Brings a core to where a half begins; tells whether that is by the boot. */
function enter(core: Core, trace: Trace, half: Half, sameCore: boolean): boolean {
  const fromBoot = half.sequence === 0 && !trace.header.bootCut;
  if (!fromBoot) {
    if (!sameCore)
      throw new TraceError(
        "the trace has no boot events: only the core that recorded it can replay it",
      );
    goTo(core, half);
    return false;
  }
  core.reset();
  for (const event of trace.boot)
    if (takeOrTrap(core, event) === TRAP)
      throw new TraceError(`the core traps while booting, on ${eventLine(event)}`);
  if (sameCore && !sameBytes(core.snapshot(), half.state))
    throw new TraceError("booting leads to a state that is not the recorded one");
  return true;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Compares without making an object: this is what a long trace spends its time on. */
function same(core: Core, count: number, entries: Entries): boolean {
  if (count !== entries.actions) return false;
  const { view, bytes, end } = entries;
  let at = entries.actionsAt;
  for (let index = 0; index < count; index++) {
    if (at + TRACE_ACTION_SIZE > end) return true;
    const kind = view.getInt32(at, true);
    if (core.actionField(index, 0) !== kind) return false;
    const write = kind === ActionKind.Write;
    for (let field = 1; field < 6; field++) {
      // Where the bytes stand in the memory is no part of what is written.
      if (write && field === 2) continue;
      if (core.actionField(index, field) !== view.getInt32(at + field * 4, true)) return false;
    }
    at += TRACE_ACTION_SIZE;
    if (!write) continue;
    const length = view.getInt32(at - 12, true);
    if (length < 0 || length > bytes.length) return false;
    const written = core.memory(core.actionField(index, 2), length);
    const kept = Math.min(length, end - at);
    for (let i = 0; i < kept; i++) if (written[i] !== bytes[at + i]) return false;
    at += (length + 3) & ~3;
  }
  return true;
}

/** The actions of the current record. */
export function recordedActions(entries: Entries): Action[] {
  const { view, bytes, end } = entries;
  const actions: Action[] = [];
  let at = entries.actionsAt;
  while (actions.length < entries.actions && at + TRACE_ACTION_SIZE <= end) {
    const number = (field: number) => view.getInt32(at + field * 4, true);
    const kind: ActionKind = number(0);
    const fields: Fields = { a: number(1), b: number(2), c: number(3), d: number(4), e: number(5) };
    at += TRACE_ACTION_SIZE;
    const start = at;
    actions.push(
      typedAction(
        kind,
        fields,
        (_, length) => bytes.slice(start, Math.min(start + length, end)),
        0,
      ),
    );
    if (kind === ActionKind.Write) at += (Math.min(Math.max(fields.c, 0), end - at) + 3) & ~3;
  }
  return actions;
}

/** One event of a trace, and what it led to. */
export interface TraceStep {
  /** Number of the event; none for those of the boot. */
  sequence?: number;
  event: RecordedEvent;
  /** For the events of the boot, what the core does: the file does not hold it. */
  actions: Action[];
  /** Where the run stands afterwards, if there was a core to tell. */
  phase?: Phase;
  /** Events that are lost before this one. */
  lost?: number;
  /** The core trapped on this event, which is the last of the trace. */
  trapped?: true;
}

/** All events in order. With the trace's own core, also what it did at boot, and the phases. */
export function* steps(trace: Trace, core?: Core): Generator<TraceStep, void> {
  let wanted: number | undefined;
  const first = trace.halves[0];
  const booted = first?.sequence === 0 || first === undefined;
  core?.reset();
  if (booted)
    for (const event of trace.boot) {
      const actions = core === undefined ? [] : actionsAfter(core, event);
      yield { event, actions, ...(core === undefined ? {} : { phase: core.phase }) };
    }
  for (const half of trace.halves) {
    let lost = half.sequence - (wanted ?? (booted ? 0 : half.sequence));
    if (wanted === undefined && !booted) lost = half.sequence;
    if (core !== undefined) goTo(core, half);
    const entries = half.entries();
    while (entries.next()) {
      const { trapped } = entries;
      if (!trapped && core !== undefined) actionsAfter(core, entries.event);
      yield {
        sequence: entries.sequence,
        event: { ...entries.event, bytes: entries.event.bytes.slice() },
        actions: recordedActions(entries),
        ...(core === undefined || trapped ? {} : { phase: core.phase }),
        ...(lost > 0 ? { lost } : {}),
        ...(trapped ? { trapped } : {}),
      };
      lost = 0;
    }
    wanted = entries.sequence < 0 ? half.sequence : entries.sequence + 1;
  }
}

/** The kinds of events that only a boot has. */
export function isBootEvent(kind: EventKind): boolean {
  return kind <= EventKind.WordsEnded;
}
