/** Explores every order of events under some options. */
import type { Core } from "../../node/core.ts";
import { explore } from "../explore.ts";
import { UsageError } from "./main.ts";
import { print, write } from "./output.ts";
import { span } from "./why.ts";

export function check(core: Core, args: string[]): number {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const words = end < 0 ? [] : args.slice(end + 1);
  const given: Record<string, string> = {};
  for (let word = own.shift(); word !== undefined; word = own.shift()) {
    const [name = "", value = own.shift()] = word.replace(/^--/, "").split(/=(.*)/s);
    if (!["signals", "children", "depth", "pid"].includes(name) || value === undefined)
      throw new UsageError(`check does not know '${word}'`);
    given[name] = value;
  }
  const command = words.includes("--") ? words : [...words, "--", "command"];
  let found;
  try {
    found = explore(
      core,
      { argv: ["wasm-init", "--sandbox=off", ...command], pid: Number(given.pid ?? 1) },
      {
        ...(given.signals === undefined ? {} : { signals: given.signals.split(",") }),
        ...(given.children === undefined ? {} : { children: Number(given.children) }),
        ...(given.depth === undefined ? {} : { depth: Number(given.depth) }),
      },
    );
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (found.broken !== undefined) {
    print(`broken: ${found.broken.invariant}; the shortest way there:\n`);
    write(found.broken.prose);
    return 1;
  }
  const all = found.exhausted ? "all of them" : "cut at the depth";
  print(`${found.states} states, ${found.transitions} transitions, ${all}`);
  print(`the longest stop takes ${span(found.longestStop)}; no invariant is broken`);
  return 0;
}
