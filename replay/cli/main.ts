/**
 * wasm-init-trace: reads what `wasm-init --record` wrote. It prints one line and exits with 2
 * for a wrong file or command line; 1 stands for a difference or a broken invariant.
 */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import wasm from "../../build/core.wasm";
import { Core } from "../../host/wasm/core.ts";
import { openTrace, type Source, type Trace, TraceError } from "../trace/format.ts";
import { check } from "./check.ts";
import { type Job, UsageError } from "./job.ts";
import { flush, ReaderGone, write } from "./output.ts";
import { perfetto } from "./perfetto.ts";
import { replayCommand, toTest } from "./replay.ts";
import { show } from "./show.ts";
import { svg } from "./svg.ts";
import { why } from "./why.ts";

const usage = `usage: wasm-init-trace COMMAND [OPTION...] FILE

  show [--json] FILE                every event, and the actions that followed
  why FILE                          what stopped the run, how long it took, why it ended
  replay [--core CORE.wasm] FILE    feed the events to the core, compare every action
  to-test [--name SENTENCE] FILE    the run as a test, in prose
  export --format perfetto FILE     Chrome trace-event JSON, for ui.perfetto.dev
  svg FILE                          the run as a picture
  check [--signals LIST] [--children N] [--depth N] [--pid N] [--core CORE.wasm] -- OPTION...
                                    try every order of events, with these options

wasm-init --record FILE makes a trace. Exit status: 0 on success; 1 for a difference or a broken
invariant; 2 for a wrong command line, or a file that is not a trace.
`;

const commands: Record<string, { run: (job: Job) => number; options: Record<string, boolean> }> = {
  show: { run: show, options: { json: false } },
  why: { run: why, options: {} },
  replay: { run: replayCommand, options: { core: true } },
  "to-test": { run: toTest, options: { name: true, core: true } },
  export: { run: perfetto, options: { format: true } },
  svg: { run: svg, options: {} },
};

/** A file, read where it is asked for: 100 MB never stand in memory. */
function fileSource(path: string): Source {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new TraceError(reason(error));
  }
  const stat = fstatSync(file);
  if (stat.isDirectory()) throw new TraceError("Is a directory");
  if (!stat.isFile()) throw new TraceError("not a regular file");
  process.once("exit", () => closeSync(file));
  return {
    size: stat.size,
    read(at, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, stat.size - at)));
      let got = 0;
      while (got < bytes.length) {
        const more = readSync(file, bytes, got, bytes.length - got, at + got);
        if (more === 0) break;
        got += more;
      }
      return bytes.subarray(0, got);
    },
  };
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]*)/.exec(message)?.[1] ?? message.split("\n")[0] ?? "";
}

function run(args: string[]): number {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") {
    write(usage);
    return 0;
  }
  if (name === "check") return check(coreOf, rest);
  const command = commands[name ?? ""];
  if (command === undefined)
    throw new UsageError(name === undefined ? "no command given" : `unknown command '${name}'`);
  const options: Record<string, string | true> = {};
  const files: string[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) {
      files.push(word);
      continue;
    }
    const [option = "", value] = word.slice(2).split(/=(.*)/s);
    const takes = command.options[option];
    if (takes === undefined) throw new UsageError(`unknown option '${word}' of ${name}`);
    const given = takes ? (value ?? rest.shift()) : true;
    if (given === undefined) throw new UsageError(`option '${word}' requires a value`);
    options[option] = given;
  }
  const [file] = files;
  if (file === undefined || files.length > 1) throw new UsageError(`${name} expects one file`);
  let trace: Trace;
  try {
    trace = openTrace(fileSource(file));
  } catch (error) {
    if (error instanceof TraceError) throw new TraceError(`${file}: ${error.message}`);
    throw error;
  }
  const path = typeof options.core === "string" ? options.core : undefined;
  const bytes = path === undefined ? wasm : coreFile(path);
  const sameCore = createHash("sha256").update(bytes).digest("hex") === trace.header.core;
  return command.run({ trace, core: coreOf(path, bytes), sameCore, options, file });
}

/** The core in a file, or the tool's own. */
function coreOf(path: string | undefined, bytes = path === undefined ? wasm : coreFile(path)) {
  try {
    return Core.of(bytes);
  } catch {
    throw new TraceError(`${path}: not a core of wasm-init`);
  }
}

function coreFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TraceError(`${path}: ${reason(error)}`);
  }
}

/** The same, and everything is printed. */
function runWhole(args: string[]): number {
  try {
    const status = run(args);
    flush();
    return status;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    throw error;
  }
}

try {
  process.exitCode = runWhole(process.argv.slice(2));
} catch (error) {
  const hint = error instanceof UsageError ? " (see --help)" : "";
  process.stderr.write(`wasm-init-trace: ${(error as Error).message}${hint}\n`);
  process.exitCode = 2;
}
