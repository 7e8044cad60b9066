// Every trace, one test each, through the core in Node (release and debug) and in the static binary.
import { expect, test } from "vitest";
import { counted, flavours, freshCore } from "../support/cores.ts";
import { drive, type Outcome } from "../../replay/trace/drive.ts";
import { allTraces } from "./files.ts";
import { expectedLines, nativeLines } from "./native.ts";

const traces = allTraces();

const cores = flavours.map((flavour) => ({ flavour, core: freshCore(flavour) }));
const release = cores[0]!.core;

/** A trace as it should be, and as it was. */
function texts(outcomes: Outcome[]) {
  const block = (event: string, actions: string[]) =>
    [event, ...actions.map((it) => `      ${it}`)].join("\n");
  return {
    expected: outcomes.map(({ step }) => block(step.event, step.actions)).join("\n"),
    actual: outcomes.map(({ step, actions }) => block(step.event, actions)).join("\n"),
  };
}

let native: string[][] | undefined;

/** What the static binary's core did; all traces in one go, the first time that one is asked for. */
function nativeRun(index: number): string[] {
  native ??= nativeLines(traces.map((trace) => drive(release, trace).handled));
  return native[index]!;
}

for (const [index, trace] of traces.entries()) {
  test(`${trace.file}:${trace.line} ${trace.sentence}`, () => {
    for (const { flavour, core } of cores) {
      const { outcomes } = drive(core, trace);
      const { expected, actual } = texts(outcomes);
      expect(actual, `the ${flavour} core`).toBe(expected);
    }
    // Its texts lie elsewhere than those of a core with counters.
    if (counted !== undefined) return;
    expect(nativeRun(index), "the static binary's core").toEqual(
      expectedLines(drive(release, trace).handled),
    );
  });
}

test("there are traces", () => {
  expect(traces.length).toBeGreaterThanOrEqual(40);
});
