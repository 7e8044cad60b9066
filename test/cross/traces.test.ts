// Every trace through the core as each architecture's binary has it: translated to C, compiled with
// the same options, run by the machine's own kernel or under an emulator.
import { describe } from "vitest";
import { architectures, ownArchitecture } from "../../tools/setup/architectures.mjs";
import { drive } from "../../replay/trace/drive.ts";
import { coreDriverProgram } from "../support/core-driver.ts";
import { freshCore } from "../support/cores.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { allTraces } from "../traces/files.ts";
import { expectedLines, nativeLines } from "../traces/native.ts";
import { always, launcherOf, whyNot } from "./machines.ts";

const others = architectures.filter(({ name }) => name !== ownArchitecture);

const traces = allTraces();
const core = freshCore("release");

describe.each(others)("the core of $name", (architecture) => {
  test("does for every trace what it does here", { timeout: 180_000 }, ({ skip, task }) => {
    const absent = whyNot(architecture, always);
    if (absent) return skipLoudly({ skip, task }, absent);
    const runs = traces.map((trace) => drive(core, trace).handled);
    const words = [...launcherOf(architecture), coreDriverProgram(architecture)];
    const lines = nativeLines(runs, words);
    for (const [index, trace] of traces.entries()) {
      const told = `${trace.file}:${trace.line} ${trace.sentence}`;
      expect(lines[index], told).toEqual(expectedLines(runs[index] ?? []));
    }
    expect(lines.flat().length).toBeGreaterThan(traces.length);
  });
});
