/** Replaying a trace, and turning it into a test. */
import { TraceError } from "../format.ts";
import { replay, steps } from "../replay.ts";
import { actionLine, eventLine } from "../vocabulary.ts";
import { bootInputOf, proseOf } from "../writing.ts";
import type { Job } from "./main.ts";
import { print } from "./show.ts";

export function replayCommand({ trace, core, sameCore, options, file }: Job): number {
  const chosen = typeof options.core === "string";
  if (!sameCore && !chosen)
    throw new TraceError(
      `${file}: made by another core (${trace.header.core.slice(0, 12)}): give it, or one to compare, by --core`,
    );
  if (trace.halves.length === 0)
    throw new TraceError(`${file}: the trace ends before its first event`);
  const result = replay(core, trace, sameCore);
  const { difference } = result;
  if (difference === undefined) {
    const from = result.fromBoot ? "from the boot on" : "from the oldest state that is left";
    const lost = result.lost === 0 ? "" : `, ${result.lost} events are lost between its halves`;
    print(`${result.events} events and ${result.actions} actions, ${from}: no difference${lost}`);
    return 0;
  }
  print(`the first difference is at step ${difference.step}: ${eventLine(difference.event)}`);
  for (const action of difference.recorded) print(`  recorded  ${actionLine(action)}`);
  if (difference.recorded.length === 0) print("  recorded  nothing");
  for (const action of difference.replayed) print(`  replayed  ${actionLine(action)}`);
  if (difference.replayed.length === 0) print("  replayed  nothing");
  return 1;
}

export function toTest({ trace, core, options, file }: Job): number {
  if (trace.halves[0]?.sequence !== 0 || trace.header.bootCut)
    throw new TraceError(
      `${file}: the beginning of the run is gone: record with a higher --record-limit`,
    );
  const events = [...steps(trace)].filter(({ sequence }) => sequence !== undefined);
  const sentence =
    typeof options.name === "string"
      ? options.name
      : `Does what it did at ${trace.header.started.toISOString()}.`;
  const timed = events.map(({ event }) => ({ fact: event, now: event.now }));
  process.stdout.write(proseOf(core, sentence, bootInputOf(trace, core), timed));
  return 0;
}
