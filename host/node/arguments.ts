/**
 * What run() is given, checked before anything begins: a mistake must neither reach the addon nor
 * leave the process claimed. The errors are those of node:child_process.
 */
import type { Action, Event } from "../wasm/core.ts";

export interface RunOptions {
  /** The command's environment, in which the init's own variables are looked up, too. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Sees each event as the core has taken it. What it throws is an uncaught exception. */
  onEvent?: (event: Event) => void;
  /** Sees each action before it is carried out. */
  onAction?: (action: Action) => void;
  /** Its abort is a TERM to the init, with all that the command line says of it. */
  signal?: AbortSignal;
}

/** The same, known to be right. */
export interface Checked extends RunOptions {
  words: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** Throws a TypeError that names what is wrong. */
export function checked(args: unknown, options: unknown): Checked {
  if (!Array.isArray(args)) throw wrongType("args", "an array", args);
  // By index, so that holes are seen, too.
  const words = Array.from(args as unknown[], (word, index) => {
    const name = `args[${index}]`;
    if (typeof word !== "string") throw wrongType(name, "a string", word);
    return withoutNul(name, word);
  });
  if (!isObject(options)) throw wrongType("options", "an object", options);
  const { env = process.env, onEvent, onAction, signal } = options;
  if (!isObject(env)) throw wrongType("options.env", "an object", env);
  for (const [name, observer] of Object.entries({ onEvent, onAction }))
    if (observer !== undefined && typeof observer !== "function")
      throw wrongType(`options.${name}`, "a function", observer);
  if (signal !== undefined && !isAbortSignal(signal))
    throw wrongType("options.signal", "an AbortSignal", signal);
  return { ...(options as RunOptions), words, env: environment(env) };
}

/** Values that are no strings are made some, as child_process does; those undefined are left out. */
function environment(env: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const where = `options.env[${JSON.stringify(name)}]`;
      return [withoutNul(where, name), withoutNul(where, `${value as string}`)];
    }),
  );
}

/** For the kernel a NUL is where a word ends: the rest of it would be lost in silence. */
function withoutNul(name: string, text: string): string {
  if (!text.includes("\0")) return text;
  throw failure("ERR_INVALID_ARG_VALUE", `${name} has a NUL byte in it: ${JSON.stringify(text)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Not by its class: there may be another one in a realm of its own. */
function isAbortSignal(value: unknown): value is AbortSignal {
  return isObject(value) && "aborted" in value && typeof value.addEventListener === "function";
}

function wrongType(name: string, what: string, value: unknown): TypeError {
  const is = value === null ? "null" : typeof value;
  return failure("ERR_INVALID_ARG_TYPE", `${name} must be ${what}, and is of type ${is}`);
}

function failure(code: string, message: string): TypeError {
  return Object.assign(new TypeError(message), { code });
}
