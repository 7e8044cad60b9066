/** Replaying a trace, and turning it into a test. */
import { TraceError } from "../trace/format.ts";
import { type Answer, replay } from "../trace/replay.ts";
import { actionLine, eventLine } from "../../host/wasm/vocabulary.ts";
import { bootInputOf, proseLines, timedEvents } from "../trace/writing.ts";
import type { Job } from "./job.ts";
import { print } from "./output.ts";

export function replayCommand({ trace, core, sameCore, options, file }: Job): number {
  const chosen = typeof options.core === "string";
  if (!sameCore && !chosen)
    throw new TraceError(
      `${file}: recorded by another core (${trace.header.core.slice(0, 12)}): name it, or one to compare with it, by --core`,
    );
  if (trace.halves.length === 0)
    throw new TraceError(`${file}: the trace ends before its first event`);
  const result = replay(core, trace, sameCore);
  const { difference } = result;
  if (difference === undefined) {
    const after = trace.halves[0]?.sequence === 0 ? "after the boot" : "that remains";
    const from = result.fromBoot ? "from boot" : `from the first state ${after}`;
    const lost = result.lost === 0 ? "" : `, ${result.lost} events are lost between its halves`;
    print(`${result.events} events and ${result.actions} actions, ${from}: no difference${lost}`);
    const { trapped } = result;
    if (trapped !== undefined)
      print(`the core trapped at step ${trapped.step}, as recorded: ${eventLine(trapped.event)}`);
    return 0;
  }
  print(`the first difference is at step ${difference.step}: ${eventLine(difference.event)}`);
  for (const line of answerLines(difference.recorded)) print(`  recorded  ${line}`);
  for (const line of answerLines(difference.replayed)) print(`  replayed  ${line}`);
  return 1;
}

function answerLines(answer: Answer): string[] {
  if (answer === "trapped") return ["the core trapped"];
  return answer.length === 0 ? ["nothing"] : answer.map(actionLine);
}

export function toTest({ trace, core, options, file }: Job): number {
  if (trace.header.bootCut)
    throw new TraceError(`${file}: part of the boot input is missing: cannot make a test`);
  if (trace.halves[0]?.sequence !== 0)
    throw new TraceError(
      `${file}: the beginning of the run was overwritten: record with a larger --record-limit`,
    );
  const sentence =
    typeof options.name === "string"
      ? options.name
      : `Does what it did at ${trace.header.started.toISOString()}.`;
  const input = bootInputOf(trace, core);
  try {
    for (const line of proseLines(core, sentence, input, timedEvents(trace))) print(line);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new TraceError(`${file}: the core traps in this run: name one that does not by --core`);
  }
  return 0;
}
