/**
 * The benchmark: the init beside Debian's inits and the bare spawn, in one run.
 *
 *     npm run bench -- [--quick] [--record] [--json FILE]
 *
 *   --quick      fewer rounds: a look, not numbers to publish
 *   --record     start-up and latency also with a recording
 *   --json FILE  the numbers as JSON too
 *
 * All that is measured in time is sampled by a C driver (driver.c) that visits the candidates
 * round by round in shuffled order and keeps everything on one processor, in a cpu cgroup as in a
 * container (cgroup.ts). All but start-up run each init as a real PID 1, which needs root or user
 * namespaces.
 *
 * Budgets stand beside the numbers, as ok or OVER. They fail nothing. The exit status is 1 only
 * when something could not be measured; a peer that is not installed is left out, and said so.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sizes } from "./architectures.ts";
import { floor, initUnderTest, peers, recordingInit } from "./candidates.ts";
import * as measures from "./measures.ts";
import { addonEvents, nodeHost } from "./node-host.ts";
import { buildPrograms } from "./programs.ts";
import { circumstances, say, sayIfBusy, table, verdicts } from "./report.ts";
import { processor } from "./sampling.ts";
import type { Measure } from "./table.ts";

interface Options {
  quick: boolean;
  record: boolean;
  json?: string | undefined;
}

/** Measures, and tells whether all of it could be measured. */
function bench(options: Options): boolean {
  buildPrograms();
  sayIfBusy();
  const effort = options.quick ? measures.quick : measures.full;
  const ours = initUnderTest();
  const inits = [...(ours ? [ours] : []), ...peers()];
  const recordings = mkdtempSync(join(tmpdir(), "bench-"));
  const recording = options.record && ours ? [recordingInit(join(recordings, "trace"))] : [];
  const starters = [floor(), ...inits.slice(0, 1), ...recording, ...inits.slice(1)];

  const facts = circumstances();
  const heading = Object.entries(facts).map(([name, text]) => `${name} ${text}`);
  if (options.quick) heading.push("--quick: not for publishing");
  heading.push(`pinned to processor ${processor()}`, "* is the best peer");
  process.stdout.write(`${heading.join("\n")}\n\n`);

  const plan: [string, () => Measure][] = [
    ["start-up", () => measures.startup(starters, effort, "any")],
    ["start-up on one processor", () => measures.startup(starters, effort, "one")],
    [
      "latency",
      () => measures.latency([...inits.slice(0, 1), ...recording, ...inits.slice(1)], effort),
    ],
    ["orphans in a storm", () => measures.storm(inits, effort)],
    ["orphans one at a time", () => measures.singles(inits, effort)],
    ["memory", () => measures.memory(inits, effort)],
    ["idle syscalls", () => measures.idle(inits, effort)],
    ["size", () => measures.size(inits)],
    ["sizes", () => sizes()],
    ["decisions", () => measures.decisions(effort)],
    ["replays", () => measures.replays(effort)],
    ["the Node host", () => nodeHost(ours, effort)],
    ["events through the addon", () => addonEvents(effort)],
    ["Node as PID 1", () => measures.pid1Start(effort)],
    ["package size", () => measures.packageSize()],
    ["explorations", () => measures.explorations(effort)],
  ];
  const done: Measure[] = [];
  for (const [name, measure] of plan) {
    try {
      const result = measure();
      done.push(result);
      process.stdout.write(table(result) + "\n");
    } catch (error) {
      say(`${name} could not be measured: ${error instanceof Error ? error.message : error}`);
    }
  }
  rmSync(recordings, { recursive: true });
  if (options.json !== undefined)
    writeFileSync(options.json, json({ ...facts, quick: options.quick }, done));
  return ours !== undefined && done.length === plan.length;
}

function json(facts: Record<string, unknown>, done: Measure[]): string {
  const results = done.map((measure) => ({
    name: measure.name,
    title: measure.title,
    rows: measure.rows.map((row) => ({
      candidate: row.candidate.name,
      role: row.candidate.role,
      ...row.values,
    })),
    budgets: verdicts(measure),
  }));
  return JSON.stringify({ ...facts, measures: results }, null, 2) + "\n";
}

try {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  process.exitCode = bench(values) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
