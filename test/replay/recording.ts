// Recordings of real runs, and what replays of them say.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { bytesSource, openTrace, type Trace } from "../../replay/trace/format.ts";
import { replay, type Replayed } from "../../replay/trace/replay.ts";
import { freshCore } from "../support/cores.ts";
import { root } from "../support/paths.ts";

/** Opens a trace file that is read as a whole. */
export function traceOf(file: string): Trace {
  return openTrace(bytesSource(readFileSync(file)));
}

/** Replays a trace file on the release core. */
export function replayOf(file: string): Replayed {
  return replay(freshCore("release"), traceOf(file));
}

/** Runs wasm-init-trace. */
export function tool(...args: string[]) {
  const program = `${root}build/wasm-init-trace.mjs`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}
