// Recordings of real runs, and what replays of them say.
import { readFileSync } from "node:fs";
import { bytesSource, openTrace, type Trace } from "../../host/replay/format.ts";
import { replay, type Replayed } from "../../host/replay/replay.ts";
import { freshCore } from "../support/cores.ts";

/** Opens a trace file that is read as a whole. */
export function traceOf(file: string): Trace {
  return openTrace(bytesSource(readFileSync(file)));
}

/** Replays a trace file on the release core. */
export function replayOf(file: string): Replayed {
  return replay(freshCore("release"), traceOf(file));
}
