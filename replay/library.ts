/**
 * Replays and explores runs of the init, in Node and in browsers: no addon, no file system.
 *
 *   import { boot, signal, parseTrace, replay, explore } from "wasm-init/replay";
 *
 * The core stands inside the bundle; every function takes another one as its last argument.
 */
import wasm from "../build/core.wasm";
import type { BootInput } from "../host/wasm/boot.ts";
import { Core } from "../host/wasm/core.ts";
import { explore as exploreOn, type Bounds, type Explored } from "./explore/explore.ts";
import { bytesSource, openTrace, type Trace } from "./trace/format.ts";
import { argvOf, readTraces } from "./trace/prose.ts";
import { replay as replayOn, type Replayed } from "./trace/replay.ts";
import { type RunInput, bootWith, type Run } from "./trace/run.ts";
import { drive } from "./trace/drive.ts";
import { bootInputOf, proseOf, timedEvents } from "./trace/writing.ts";

export { ActionKind, EventKind, BootFlag, Phase, SpawnHow, Target } from "../assembly/abi";
export type { Action, Event, Snapshot } from "../host/wasm/core.ts";
export { Core } from "../host/wasm/core.ts";
export {
  type Bounds,
  type Broken,
  type Explored,
  type Incident,
  incidents,
  invariants,
  type Invariants,
  type Observation,
  type NamedWorld,
  type Specification,
  type Refusals,
  worlds,
} from "./explore/explore.ts";
export { openTrace, TraceError, type Source, type Trace } from "./trace/format.ts";
export { steps, type Difference, type Replayed, type TraceStep } from "./trace/replay.ts";
export {
  type RunInput,
  childExited,
  childStopped,
  type NamedAction,
  noChildrenLeft,
  processesFound,
  refused,
  Run,
  signal,
} from "./trace/run.ts";
export { actionLine, eventLine, signalName } from "../host/wasm/vocabulary.ts";

/** A core of the build that this bundle belongs to. On a browser's main thread: `Core.load`. */
export function freshCore(): Core {
  return Core.of(wasm);
}

/** The bytes of that core. */
export const coreBytes: Uint8Array<ArrayBuffer> = wasm;

/** Boots a core with a command line, `wasm-init --stop=TERM:10s,KILL -- server`. */
export function boot(
  commandLine: string | readonly string[],
  input?: RunInput,
  core = freshCore(),
): Run {
  return bootWith(core, commandLine, input);
}

/** Reads a trace file that is in memory. Throws a TraceError for what is none. */
export function parseTrace(bytes: Uint8Array): Trace {
  return openTrace(bytesSource(bytes));
}

/** Replays a trace, and compares every action. */
export function replay(trace: Trace, core = freshCore(), sameCore = true): Replayed {
  return replayOn(core, trace, sameCore);
}

/** Explores every order of events in a small world under a command line. */
export function explore(
  commandLine: string | readonly string[],
  bounds?: Bounds,
  input: Partial<BootInput> = {},
  core = freshCore(),
): Explored {
  const argv = typeof commandLine === "string" ? argvOf(commandLine) : commandLine;
  return exploreOn(core, { pid: 1, ...input, argv }, bounds);
}

/** A trace as a test in prose. */
export function toTest(trace: Trace, sentence: string, core = freshCore()): string {
  return proseOf(core, sentence, bootInputOf(trace, core), timedEvents(trace));
}

/** Tests in prose that go wrong, each with what was expected and what came; none if all is well. */
export function runProse(text: string, file = "trace", core = freshCore()) {
  return readTraces(file, text).flatMap((trace) =>
    drive(core, trace).outcomes.flatMap(({ step, actions }) =>
      actions.join("\n") === step.actions.join("\n")
        ? []
        : [{ sentence: trace.sentence, line: step.line, expected: step.actions, actual: actions }],
    ),
  );
}
