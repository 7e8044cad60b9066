/**
 * Target: trace files. Whatever a file holds, the reader and the tool either understand it or say
 * in one line, as a TraceError, why they don't. Bundled and instrumented by tools/check/fuzz/traces.ts.
 */
import { createHash } from "node:crypto";
import wasm from "../../build/core.wasm";
import { Core } from "../../host/wasm/core.ts";
import { bytesSource, openTrace, TraceError } from "../../replay/trace/format.ts";
import { replay } from "../../replay/trace/replay.ts";
import type { Job } from "../../replay/cli/job.ts";
import { perfetto } from "../../replay/cli/perfetto.ts";
import { replayCommand, toTest } from "../../replay/cli/replay.ts";
import { show } from "../../replay/cli/show.ts";
import { svg } from "../../replay/cli/svg.ts";
import { why } from "../../replay/cli/why.ts";

const core = Core.of(wasm);
const digest = createHash("sha256").update(wasm).digest("hex");

const commands: ((job: Job) => number)[] = [
  show,
  (job) => show({ ...job, options: { json: true } }),
  why,
  replayCommand,
  toTest,
  (job) => perfetto({ ...job, options: { format: "perfetto" } }),
  svg,
];

/** The core that this is for, in hexadecimal: for the repair of mutated headers. */
export const coreDigest = digest;

/**
 * Replays a file, and reads it by one command, which its bytes choose. Throws what is no TraceError,
 * and what is no single line.
 */
export function readAll(bytes: Uint8Array): void {
  const trace = tolerant(() => openTrace(bytesSource(bytes)));
  if (trace === undefined) return;
  const sameCore = trace.header.core === digest;
  tolerant(() => replay(core, trace, sameCore));
  const choice = bytes.reduce((sum, byte) => (sum + byte) % commands.length, bytes.length);
  const command = commands[choice % commands.length]!;
  tolerant(() => command({ trace, core, sameCore, options: {}, file: "trace" }));
}

function tolerant<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    if (error.message === "" || /[\n\r]/.test(error.message))
      throw new Error(`not one line: ${JSON.stringify(error.message)}`, { cause: error });
    return undefined;
  }
}
