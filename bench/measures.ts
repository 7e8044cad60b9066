/**
 * The measures: what is run how often, what is shown of it, and what we hold ourselves to.
 *
 * A budget that is exceeded is shown, and fails nothing: time on a busy machine is no defect.
 */
import { statSync } from "node:fs";
import { decisionsInNode, mixed, nativeDecisions, type Decisions } from "./decisions.ts";
import { nodeStarts } from "./node-start.ts";
import { packageSizes } from "./package.ts";
import { explorationsInNode } from "./exploring.ts";
import { replaysInNode } from "./replay.ts";
import { buildDecisions, program } from "./programs.ts";
import { sample } from "./sampling.ts";
import { median, quantile } from "./statistics.ts";
import type { Budget, Candidate, Effort, Measure, Row } from "./table.ts";

/** For the numbers that are published. */
export const full: Effort = {
  starts: 1500,
  batches: 6,
  signalsPerBatch: 500,
  storms: 5,
  orphans: 10_000,
  singles: 2000,
  memoryStarts: 5,
  idleSeconds: 3,
  decisionMilliseconds: 2000,
  nodeStarts: 100,
};

/** For a look at whether something got worse. */
export const quick: Effort = {
  starts: 200,
  batches: 2,
  signalsPerBatch: 200,
  storms: 3,
  orphans: 2000,
  singles: 500,
  memoryStarts: 3,
  idleSeconds: 2,
  decisionMilliseconds: 300,
  nodeStarts: 20,
};

const microseconds = (ns: number) => ns / 1000;

/**
 * Start-up of the trivial command, under each candidate and the floor: on every processor, as
 * users run it, or with all on one, where the init's own work can't overlap with the command's.
 */
export function startup(candidates: Candidate[], effort: Effort, where: "any" | "one"): Measure {
  const command = [program("exit0")];
  const samples =
    where === "any"
      ? sample("startup", effort.starts, command, candidates, "any")
      : sample("startup", effort.starts, command, candidates);
  return {
    name: where === "any" ? "startup" : "startup-one-processor",
    title:
      where === "any"
        ? "Start-up of a trivial static command"
        : "Start-up of a trivial static command, all on one processor",
    how: [
      `From vfork of the init to its end, not as PID 1; ${effort.starts} rounds in shuffled order.`,
      where === "any"
        ? "Not pinned. bare is a static program that only calls vfork, exec and wait."
        : "Pinned to one processor, so that nothing runs in parallel: the sum of all work.",
    ],
    columns: ["median µs", "p95 µs"],
    rows: rows(candidates, samples, ([ns = []]) => ({
      "median µs": microseconds(median(ns)),
      "p95 µs": microseconds(quantile(ns, 0.95)),
    })),
    budgets: [
      budget("median µs", 1, "best peer", { strictly: true }),
      budget("median µs", 1.1, "bare"),
      budget("median µs", 1.2, "bare", { candidate: "wasm-init --record" }),
    ],
  };
}

/** From kill of the init to the handler of its command. */
export function latency(candidates: Candidate[], effort: Effort): Measure {
  const samples: number[][] = candidates.map(() => []);
  for (let batch = 0; batch < effort.batches; batch++)
    sample("latency", effort.signalsPerBatch, [program("stamp")], candidates).forEach(
      ([ns = []], index) => samples[index]?.push(...ns),
    );
  const count = effort.batches * effort.signalsPerBatch;
  return {
    name: "latency",
    title: "Latency from kill of the init to the command's handler",
    how: [
      `As PID 1; ${count} signals each, in turns, each sent when the init sleeps;`,
      `each init is started ${effort.batches} times.`,
    ],
    columns: ["median µs", "p95 µs"],
    rows: rows(
      candidates,
      samples.map((ns) => [ns]),
      ([ns = []]) => ({
        "median µs": microseconds(median(ns)),
        "p95 µs": microseconds(quantile(ns, 0.95)),
      }),
    ),
    budgets: [budget("median µs", 1.05, "best peer")],
  };
}

/** Processor time of the init for each orphan that it reaps, when they come in a storm. */
export function storm(candidates: Candidate[], effort: Effort): Measure {
  return orphans(candidates, effort.storms, "storm", effort.orphans, {
    name: "orphan-storm",
    title: "Processor time of the init per reaped orphan, in a storm",
    how: `${effort.orphans} orphans as fast as one process can make them`,
  });
}

/** The same when each orphan comes alone. */
export function singles(candidates: Candidate[], effort: Effort): Measure {
  return orphans(candidates, effort.storms, "single", effort.singles, {
    name: "orphan-single",
    title: "Processor time of the init per reaped orphan, one at a time",
    how: `${effort.singles} orphans, each made when the one before is reaped`,
  });
}

function orphans(
  candidates: Candidate[],
  repetitions: number,
  mode: "storm" | "single",
  count: number,
  text: { name: string; title: string; how: string },
): Measure {
  const command = [program("orphans"), mode, `${count}`];
  const samples = sample("orphans", repetitions, command, candidates);
  return {
    name: text.name,
    title: text.title,
    how: [
      `As PID 1; ${text.how};`,
      `user and system time of the init alone; ${repetitions} repetitions in shuffled order.`,
    ],
    columns: ["median ns", "least ns", "most ns"],
    rows: rows(candidates, samples, ([ns = []]) => ({
      "median ns": median(ns) / count,
      "least ns": Math.min(...ns) / count,
      "most ns": Math.max(...ns) / count,
    })),
    budgets: [budget("median ns", 1.05, "best peer")],
  };
}

/** Memory of the init while its command runs and nothing happens. */
export function memory(candidates: Candidate[], effort: Effort): Measure {
  const samples = sample("memory", effort.memoryStarts, [program("stamp")], candidates);
  return {
    name: "memory",
    title: "Memory of the idle init",
    how: [`As PID 1, from smaps_rollup; the median of ${effort.memoryStarts} starts.`],
    columns: ["RSS kB", "private dirty kB"],
    rows: rows(candidates, samples, ([resident = [], dirty = []]) => ({
      "RSS kB": median(resident),
      "private dirty kB": median(dirty),
    })),
    budgets: [
      budget("RSS kB", 64, "value"),
      budget("RSS kB", 1, "best peer", { strictly: true }),
      budget("private dirty kB", 1, "best peer", { strictly: true }),
    ],
  };
}

/** Syscalls of the init while nothing happens. */
export function idle(candidates: Candidate[], effort: Effort): Measure {
  const samples = sample("idle", effort.idleSeconds, [program("stamp")], candidates);
  return {
    name: "idle",
    title: "System calls of the idle init",
    how: [`As PID 1, counted with ptrace for ${effort.idleSeconds} seconds.`],
    columns: ["syscalls"],
    rows: rows(candidates, samples, ([calls = []]) => ({ syscalls: median(calls) })),
    budgets: [budget("syscalls", 0, "value")],
  };
}

/** Size of the program's file; what a dynamic one needs besides is not in it. */
export function size(candidates: Candidate[]): Measure {
  return {
    name: "size",
    title: "Size of the binary",
    how: ["Only the file: dumb-init and tini also need the dynamic loader and the C library."],
    columns: ["bytes"],
    rows: candidates.map((candidate) => ({
      candidate,
      values: { bytes: statSync(candidate.words[0]).size },
    })),
    budgets: [budget("bytes", 64_000, "value")],
  };
}

/** What the native core decides; measured once. */
function nativeCore(effort: Effort): Decisions {
  if (native === undefined) {
    buildDecisions();
    native = nativeDecisions(program("decisions"), effort.decisionMilliseconds);
  }
  return native;
}
let native: Decisions | undefined;

/** Size of the npm package. */
export function packageSize(): Measure {
  return {
    name: "package",
    title: "Size of the npm package",
    how: ["The tarball and its contents, with the architectures that have been built."],
    columns: ["bytes", "unpacked bytes"],
    rows: packageSizes().map(({ name, packed, unpacked }) => ({
      candidate: { name, words: [name], role: "ours" },
      values: { bytes: packed, "unpacked bytes": unpacked },
    })),
    budgets: [],
  };
}

/** What it costs Node's start to be a good PID 1. */
export function pid1Start(effort: Effort): Measure {
  const ways = nodeStarts(effort.nodeStarts);
  const added = (candidate: string) => budget("added µs", 5000, "value", { candidate });
  return {
    name: "pid1-start",
    title: "Time that Node as PID 1 takes for a program that does nothing",
    how: [
      `${effort.nodeStarts} rounds in shuffled order. "added" is the median, over all rounds, of the`,
      "difference to a start without it. An empty file shows what --import itself takes in Node.",
    ],
    columns: ["median µs", "added µs"],
    rows: ways.map(({ name, took, added }) => ({
      candidate: { name, words: [process.execPath], role: "ours" },
      values: { "median µs": microseconds(took), "added µs": microseconds(added) },
    })),
    budgets: ways.filter(({ name }) => name.includes("wasm-init")).map(({ name }) => added(name)),
  };
}

/** Decisions of the core alone. */
export function decisions(effort: Effort): Measure {
  const row = (name: string, path: string, { forward, reap }: Decisions): Row => ({
    candidate: { name, words: [path], role: "ours" },
    values: { "signals forwarded": forward, "orphans reaped": reap },
  });
  const node = decisionsInNode(effort.decisionMilliseconds);
  return {
    name: "decisions",
    title: "Decisions of the core per second",
    how: ["Each event is handed in, every field of every action is read; no system call is made."],
    columns: ["signals forwarded", "orphans reaped"],
    rows: [
      row("native", program("decisions"), nativeCore(effort)),
      row("in Node", process.execPath, node),
    ],
    budgets: [],
  };
}

/** Recorded events replayed per second, every action compared, beside the native core's decisions. */
export function replays(effort: Effort): Measure {
  const events = effort.decisionMilliseconds * 1000;
  const decided = mixed(nativeCore(effort));
  const row = (name: string, path: string, rate: number): Row => ({
    candidate: { name, words: [path], role: "ours" },
    values: { "ns per event": 1e9 / rate, "events per second": rate, "of native": rate / decided },
  });
  return {
    name: "replays",
    title: "Recorded events replayed per second",
    how: [
      `A trace of ${events} events, half signals and half orphans; every action compared.`,
      "The native core takes as many events of both kinds, and nothing is compared.",
    ],
    columns: ["ns per event", "events per second", "of native"],
    rows: [
      row("in Node", process.execPath, replaysInNode(events)),
      row("native core", program("decisions"), decided),
    ],
    // Two million a second.
    budgets: [budget("ns per event", 500, "value", { candidate: "in Node" })],
  };
}

/** Transitions a minute, as every order of events is explored. */
export function explorations(effort: Effort): Measure {
  const { one, all } = explorationsInNode(effort.decisionMilliseconds);
  const row = (name: string, transitions: number): Row => ({
    candidate: { name, words: [process.execPath], role: "ours" },
    values: { transitions },
  });
  return {
    name: "explorations",
    title: "Transitions explored per minute",
    how: ["A stop plan and a drain, in every environment of check, with all invariants checked."],
    columns: ["transitions"],
    rows: [row("one thread", one), row("a thread for each processor", all)],
    budgets: [],
  };
}

function rows(
  candidates: readonly Candidate[],
  samples: readonly number[][][],
  values: (samples: number[][]) => Record<string, number>,
): Row[] {
  return candidates.map((candidate, index) => ({
    candidate,
    values: values(samples[index] ?? []),
  }));
}

function budget(
  column: string,
  limit: number,
  of: Budget["of"],
  more: Partial<Budget> = {},
): Budget {
  return { candidate: "wasm-init", column, limit, of, ...more };
}
