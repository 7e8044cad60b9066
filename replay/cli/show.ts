/** The run as a readable timeline, or as one JSON object a line. */
import { isatty } from "node:tty";
import { ActionKind, EventKind, Phase } from "../../assembly/abi";
import type { Action } from "../../host/wasm/core.ts";
import { isBootEvent, steps, type TraceStep } from "../trace/replay.ts";
import { quotedWord } from "../trace/prose.ts";
import {
  actionLine,
  errnoName,
  eventLine,
  signalName,
  textOf,
} from "../../host/wasm/vocabulary.ts";
import { bootInputOf } from "../trace/writing.ts";
import type { Job } from "./job.ts";
import { print } from "./output.ts";

const INDENT = " ".repeat(16);

export function show(job: Job): number {
  if (job.options.json === true) return showJson(job);
  const { trace, core, sameCore } = job;
  const paint = painter();
  const { argv, pid } = bootInputOf(trace, core);
  const line = argv.map((word) => quotedWord(textOf(word))).join(" ");
  print(`${paint("bold", line)}\npid ${pid}, recorded ${trace.header.started.toISOString()}`);
  print(`core ${trace.header.core.slice(0, 12)}${sameCore ? "" : " (not that of this tool)"}`);
  print(trace.header.bootCut ? "(part of the boot input is missing: it did not fit)\n" : "");
  let phase: Phase | undefined;
  let last: TraceStep | undefined;
  for (const step of steps(trace, sameCore ? core : undefined)) {
    if (step.sequence === undefined) continue;
    if (step.lost !== undefined)
      print(`${INDENT}${paint("dim", `(${step.lost} earlier events were overwritten)`)}`);
    const time = (step.event.now / 1000).toFixed(6).padStart(14);
    const at = step.phase === undefined || step.phase === phase ? "" : `  [${Phase[step.phase]}]`;
    phase = step.phase;
    const event = eventLine(step.event, failedAction(step, last));
    print(`${paint("dim", time)}  ${paint("event", event)}${paint("dim", at)}`);
    if (step.trapped) print(`${INDENT}  ${paint("loud", "the core trapped")}`);
    for (const action of step.actions)
      print(`${INDENT}  ${paint(loud(action) ? "loud" : "plain", actionLine(action))}`);
    last = step;
  }
  if (last === undefined) print(`${INDENT}(no event follows the boot)`);
  return 0;
}

/** The action that an ActionFailed speaks of, if it stands in the drain before. */
function failedAction(step: TraceStep, last: TraceStep | undefined): Action | undefined {
  if (step.event.kind !== EventKind.ActionFailed) return undefined;
  const action = last?.actions[step.event.low];
  return action?.kind === step.event.uid ? action : undefined;
}

function loud({ kind }: Action): boolean {
  return (
    kind === ActionKind.SendSignal || kind === ActionKind.QueueSignal || kind === ActionKind.Exit
  );
}

function showJson({ trace, core, sameCore }: Job): number {
  for (const step of steps(trace, sameCore ? core : undefined)) {
    const { sequence, event, actions, phase, lost, trapped } = step;
    const { kind, now, signal, code, pid, uid, low, high, bytes } = event;
    const named = kind === EventKind.SignalReceived || kind === EventKind.ChildStopped;
    print(
      JSON.stringify({
        ...(sequence === undefined ? { boot: true } : { step: sequence }),
        ...(lost === undefined ? {} : { lost }),
        ms: now,
        event: EventKind[kind],
        ...(named ? { signal: signalName(signal) } : {}),
        ...(kind === EventKind.ActionFailed ? { errno: errnoName(code) } : {}),
        fields: { signal, code, pid, uid, low, high },
        ...(bytes.length > 0 ? { text: textOf(bytes) } : {}),
        actions: actions.map((action) => ({
          action: ActionKind[action.kind],
          line: actionLine(action),
          fields: [action.a, action.b, action.c, action.d, action.e],
        })),
        ...(phase === undefined || isBootEvent(kind) ? {} : { phase: Phase[phase] }),
        ...(trapped ? { trapped } : {}),
      }),
    );
  }
  return 0;
}

/** Colours only on a terminal, and not where NO_COLOR is set (no-color.org). */
function painter(): (how: keyof typeof codes, text: string) => string {
  const colours = isatty(1) && !process.env.NO_COLOR;
  return (how, text) => (colours && text !== "" ? `\x1b[${codes[how]}m${text}\x1b[0m` : text);
}
const codes = { bold: "1", dim: "2", event: "36", loud: "33", plain: "0" };
