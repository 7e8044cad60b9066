/** Explores every order of events under some options, in each of the worlds. */
import type { Core } from "../../host/wasm/core.ts";
import { explore, type NamedWorld, worlds } from "../explore/explore.ts";
import { UsageError } from "./job.ts";
import { print, write } from "./output.ts";
import { span } from "./why.ts";

const COMMAND_LINE = "wasm-init";
const SIGNALS = "TERM,INT,USR1";
const bounding = ["signals", "children", "depth", "pid"];

/** `load` gives the core of a file, or our own. */
export function check(load: (path: string | undefined) => Core, args: string[]): number {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const words = end < 0 ? [] : args.slice(end + 1);
  const given: Record<string, string> = {};
  for (let word = own.shift(); word !== undefined; word = own.shift()) {
    const [name = "", value = own.shift()] = word.replace(/^--/, "").split(/=(.*)/s);
    if (![...bounding, "core"].includes(name) || value === undefined)
      throw new UsageError(`unknown option '${word}' of check`);
    given[name] = value;
  }
  const command = words.includes("--") ? words : [...words, "--", "command"];
  return exploreAll(load(given.core), [COMMAND_LINE, ...command], given);
}

function exploreAll(core: Core, argv: string[], given: Record<string, string>): number {
  const total = { states: 0, transitions: 0, longestStop: 0, exhausted: true };
  const start = performance.now();
  for (const world of chosen(given.pid)) {
    const { broken, ...found } = exploreOne(core, argv, world, given);
    if (broken !== undefined) {
      const wrong = broken.all[broken.invariant];
      print(`broken (${world.name}): ${broken.invariant}: ${wrong}; the shortest way there:\n`);
      write(broken.prose);
      return 1;
    }
    total.states += found.states;
    total.transitions += found.transitions;
    total.longestStop = Math.max(total.longestStop, found.longestStop);
    total.exhausted &&= found.exhausted;
    print(`${world.name}: ${countsOf(found)}, longest stop ${span(found.longestStop)}`);
  }
  const seconds = (performance.now() - start) / 1000;
  const rate = Math.round(total.transitions / seconds);
  const all = total.exhausted ? "all of them" : "cut at the depth";
  print(`in all: ${countsOf(total)}, ${all}; ${rate} transitions a second`);
  print(`the longest stop takes ${span(total.longestStop)}; no invariant is broken`);
  return 0;
}

function countsOf({ states, transitions }: { states: number; transitions: number }): string {
  return `${states} states, ${transitions} transitions`;
}

/** All worlds, or those where the init is PID 1, or is not. */
function chosen(pid: string | undefined): NamedWorld[] {
  if (pid === undefined) return [...worlds];
  const number = natural("pid", pid);
  return worlds
    .filter((world) => (world.pid === 1) === (number === 1))
    .map((world) => ({ ...world, pid: number }));
}

function exploreOne(core: Core, argv: string[], world: NamedWorld, given: Record<string, string>) {
  const { pid, bootFlags, more = [], bounds } = world;
  const { signals = SIGNALS, children, depth } = given;
  try {
    return explore(
      core,
      { argv, pid, bootFlags },
      {
        ...bounds,
        signals: [...signals.split(",").filter((name) => name !== ""), ...more],
        ...(children === undefined ? {} : { children: natural("children", children) }),
        ...(depth === undefined ? {} : { depth: natural("depth", depth) }),
      },
    );
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function natural(name: string, value: string): number {
  if (!/^\d+$/.test(value))
    throw new UsageError(`'${value}' is not a value for --${name}: expected a number`);
  return Number(value);
}
