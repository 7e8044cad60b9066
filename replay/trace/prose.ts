/**
 * Reads trace files. A trace is a sentence, a boot, and events with what each leads to:
 *
 *   # Rewrites TERM to QUIT before it forwards it.
 *   Boot wasm-init -r TERM:QUIT -- server
 *     with pid 7
 *     with facts Terminal|SessionLeader
 *     with WASM_INIT_OPTIONS=-v
 *       Spawn NewSession Group
 *   Spawned 100
 *       LeaveDirectory
 *       CloseDescriptors
 *   @12 SignalReceived TERM from 900
 *       SendSignal Group 100 QUIT
 *
 * `@12` sets the clock to 12 ms, where it stays until the next one. What the boot protocol itself
 * asks for (words and variables) is answered, and not shown. A file holds any number of traces.
 */
import { BootFlag } from "../../assembly/abi";
import type { BootInput } from "../../host/wasm/boot.ts";
import { bitsOf } from "../../host/wasm/vocabulary.ts";

/** One event, and the actions that it has to lead to. */
export interface Step {
  line: number;
  /** The event's line, without its time; "Boot" for the first. */
  event: string;
  now: number;
  actions: string[];
}

export interface Trace {
  file: string;
  line: number;
  sentence: string;
  input: BootInput;
  steps: Step[];
}

/** The traces of one file. */
export function readTraces(file: string, text: string): Trace[] {
  const traces: Trace[] = [];
  let now = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const words = raw.trim();
    const trace = traces.at(-1);
    try {
      if (words === "") continue;
      if (raw.startsWith("# ")) {
        if (trace !== undefined && trace.steps.length === 0) {
          trace.sentence += ` ${words.slice(2)}`;
          continue;
        }
        now = 0;
        traces.push({
          file,
          line,
          sentence: words.slice(2),
          input: { argv: [], pid: 1 },
          steps: [],
        });
      } else if (trace === undefined) {
        throw new Error("a trace begins with its sentence, after '# '");
      } else if (raw.startsWith("      ")) {
        const step = trace.steps.at(-1);
        if (step === undefined) throw new Error("an action before the first event");
        step.actions.push(words);
      } else if (raw.startsWith("  with ")) {
        trace.input = withSetting(trace.input, words.slice(5));
      } else if (words.startsWith("Boot ")) {
        trace.input = { ...trace.input, argv: argvOf(words.slice(5)) };
        trace.steps.push({ line, event: "Boot", now, actions: [] });
      } else {
        const [, time, event = ""] = /^(?:@(\S+)\s+)?(.*)$/.exec(words) ?? [];
        if (time !== undefined) now = Number(time);
        trace.steps.push({ line, event, now, actions: [] });
      }
    } catch (error) {
      throw new Error(`${file}:${line}: ${String(error)}`, { cause: error });
    }
  }
  return traces;
}

function withSetting(input: BootInput, setting: string): BootInput {
  const [name = "", value = ""] = setting.split(/ (.*)/);
  if (name === "pid") return { ...input, pid: Number(value) };
  if (name === "uid") return { ...input, uid: Number(value) };
  if (name === "facts") return { ...input, bootFlags: bitsOf(value, BootFlag) };
  const [variable = "", content] = setting.split(/=(.*)/s);
  if (content === undefined) throw new Error(`what is ${setting}?`);
  return { ...input, env: { ...input.env, [variable]: content } };
}

/** Words with blanks between, quoted as for a shell: by single quotes and backslashes. */
export function argvOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s'\\]|\\.|'[^']*')+/g)].map(([word]) =>
    word.replace(
      /\\(.)|'([^']*)'/g,
      (_, escaped?: string, quoted?: string) => escaped ?? quoted ?? "",
    ),
  );
}

/** A word as `argvOf` reads it. */
export function quotedWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
