/** Writes runs as prose: the sentence, the boot, and events with what each leads to. */
import { ActionKind, EventKind, BootFlag, Variable } from "../../assembly/abi";
import { words } from "../../assembly/messages";
import { Boot, type BootInput, type PendingEvent } from "../../host/wasm/boot.ts";
import type { Action, Core } from "../../host/wasm/core.ts";
import type { Trace } from "./format.ts";
import { actionsAfter } from "./replay.ts";
import { quotedWord } from "./prose.ts";
import { steps } from "./replay.ts";
import { actionLine, bitNames, eventLine, textOf } from "../../host/wasm/vocabulary.ts";

/** An event at its time. */
export interface Timed {
  event: PendingEvent;
  now: number;
}

const variableNames: Partial<Record<Variable, string>> = {
  [Variable.Options]: words.optionsVariable,
  [Variable.Record]: words.recordVariable,
  [Variable.ListenPid]: words.listenPid,
  [Variable.WatchdogPid]: words.watchdogPid,
  [Variable.DumbInitDebug]: words.dumbInitDebug,
  [Variable.DumbInitSetsid]: words.dumbInitSetsid,
  [Variable.TiniSubreaper]: words.tiniSubreaper,
  [Variable.TiniKillProcessGroup]: words.tiniKillProcessGroup,
  [Variable.TiniVerbosity]: words.tiniVerbosity,
  [Variable.CatatonitDebug]: words.catatonitDebug,
};

/**
 * What a recorded run started from, by its boot events. The core tells which words came from a
 * string that it split, and which were read twice: neither stood on the command line.
 */
export function bootInputOf(trace: Trace, core: Core): BootInput {
  const input = {
    argv: [] as string[],
    env: {} as Record<string, string>,
    bootFlags: 0,
    pid: 1,
    uid: 0,
  };
  let skip = 0;
  core.reset();
  for (const event of trace.boot) {
    const text = textOf(event.bytes);
    if (event.kind === EventKind.Booted) {
      input.bootFlags = event.code;
      input.pid = event.pid;
      input.uid = event.uid;
    } else if (event.kind === EventKind.Named) {
      input.argv.push(text);
    } else if (event.kind === EventKind.VariableRead) {
      const name = variableNames[event.signal as Variable];
      if (event.code >= 0 && name !== undefined) input.env[name] = text;
    } else if (event.kind === EventKind.WordRead) {
      if (skip > 0) skip--;
      else input.argv.push(text);
    }
    for (const action of actionsAfter(core, event)) {
      if (action.kind === ActionKind.InsertWords) skip += action.count;
    }
  }
  input.argv.push(...trace.arguments.map((word) => textOf(word)));
  return input;
}

/** Runs events on a core, as new, and tells the run as a trace that the prose runner reads. */
export function proseOf(...run: Parameters<typeof proseLines>): string {
  return `${[...proseLines(...run)].join("\n")}\n`;
}

/** The events of a trace after its boot, as `proseLines` takes them. */
export function* timedEvents(trace: Trace): Generator<Timed, void> {
  for (const { sequence, event } of steps(trace))
    if (sequence !== undefined) yield { event, now: event.now };
}

/** Among how many of the last actions one that failed is looked for. */
const ACTIONS_KEPT = 1000;

/** The same as proseOf, line by line: a long run never stands in memory. */
export function* proseLines(
  core: Core,
  sentence: string,
  input: BootInput,
  events: Iterable<Timed>,
): Generator<string, void> {
  yield `# ${sentence}`;
  yield `Boot ${input.argv.map((word) => quotedWord(textOf(word))).join(" ")}`;
  if (input.pid !== 1) yield `  with pid ${input.pid}`;
  if ((input.uid ?? 0) !== 0) yield `  with uid ${input.uid}`;
  if ((input.bootFlags ?? 0) !== 0)
    yield `  with facts ${bitNames(input.bootFlags ?? 0, BootFlag)}`;
  for (const [name, value] of Object.entries(input.env ?? {}))
    if (value !== undefined) yield `  with ${name}=${value}`;
  core.reset();
  const boot = new Boot(input);
  let done: Action[] = [];
  let answers = boot.start();
  const tell = function* (event: PendingEvent, now: number) {
    if (done.length > 2 * ACTIONS_KEPT) done = done.slice(-ACTIONS_KEPT);
    for (const action of core.take({ ...event, now })) {
      done.push(action);
      const { done: hidden, answer } = boot.perform(action);
      if (answer !== undefined) answers.push(answer);
      if (!hidden) yield `      ${actionLine(action)}`;
    }
  };
  while (answers.length > 0) yield* tell(answers.shift() as PendingEvent, 0);
  let clock = 0;
  for (const { event, now } of events) {
    const failed = done.findLast(
      (action) =>
        event.kind === EventKind.ActionFailed &&
        action.kind === event.uid &&
        (action.kind === ActionKind.OpenRecord ||
          (action.b === (event.pid ?? 0) && action.c === (event.signal ?? 0))),
    );
    const time = now === clock ? "" : `@${now} `;
    clock = now;
    yield time + eventLine(event, failed);
    yield* tell(event, now);
    answers = [];
  }
}
