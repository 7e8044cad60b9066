/** The Node host beside the static binary: how many times more it takes. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { program } from "./programs.ts";
import { sample } from "./sampling.ts";
import { median } from "./statistics.ts";
import type { Candidate, Effort, Measure, Row } from "./table.ts";

const script = fileURLToPath(new URL("../build/wasm-init.mjs", import.meta.url));

/** The Node host as a candidate. */
const host: Candidate = {
  name: "node wasm-init.mjs",
  words: [process.execPath, script, "--"],
  role: "ours",
};

/** Start-up and memory, in numbers and as multiples of the static binary's. */
export function nodeHost(ours: Candidate | undefined, effort: Effort): Measure {
  const both = ours === undefined ? [host] : [ours, host];
  const starts = sample("startup", effort.nodeStarts, [program("exit0")], both, "any");
  const memory = sample("memory", effort.memoryStarts, [program("stamp")], both);
  const values = both.map((_, index) => ({
    micros: median(starts[index]?.[0] ?? []) / 1000,
    kilobytes: median(memory[index]?.[0] ?? []),
  }));
  const first = values[0] ?? { micros: NaN, kilobytes: NaN };
  return {
    name: "node-host",
    title: "The Node host compared with the static binary",
    how: [
      `Start-up of a trivial command, ${effort.nodeStarts} rounds in shuffled order, not pinned;`,
      `memory of the idle init as PID 1, the median of ${effort.memoryStarts} starts.`,
    ],
    columns: ["median µs", "times", "RSS kB", "times the RSS"],
    rows: both.map((candidate, index): Row => {
      const { micros, kilobytes } = values[index] ?? first;
      return {
        candidate,
        values: {
          "median µs": micros,
          times: micros / first.micros,
          "RSS kB": kilobytes,
          "times the RSS": kilobytes / first.kilobytes,
        },
      };
    }),
    budgets: [],
  };
}

/** Signals through the addon, from the kernel's queue to an object of JavaScript. */
export function addonEvents(effort: Effort): Measure {
  const events = fileURLToPath(new URL("addon-events.ts", import.meta.url));
  const words = ["--import", "tsx", events, String(effort.decisionMilliseconds)];
  const perSecond = Number(execFileSync(process.execPath, words, { encoding: "utf8" }));
  return {
    name: "addon-events",
    title: "Signals per second through the addon",
    how: [
      "Sent to itself with values, handled, written to the pipe, read, and turned into objects.",
    ],
    columns: ["signals"],
    rows: [{ candidate: host, values: { signals: perSecond } }],
    budgets: [],
  };
}
