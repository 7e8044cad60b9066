/** The trace files of this folder. */
import { readdirSync, readFileSync } from "node:fs";
import { root } from "../support/paths.ts";
import type { Core } from "../../host/node/core.ts";
import { drive } from "../../host/replay/drive.ts";
import { readTraces, type Trace } from "../../host/replay/prose.ts";

const folder = `${root}test/traces`;

/** All traces, by file and line. */
export function allTraces(): Trace[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".trace"))
    .sort()
    .flatMap((file) => readTraces(file, readFileSync(`${folder}/${file}`, "utf8")));
}

/** The first of the traces that a core does not follow. */
export function firstBroken(core: Core, traces: readonly Trace[]): Trace | undefined {
  return traces.find((trace) => {
    try {
      const { outcomes } = drive(core, trace);
      return outcomes.some(({ step, actions }) => step.actions.join("\n") !== actions.join("\n"));
    } catch {
      return true;
    }
  });
}
