/**
 * The same runs through two cores.
 *
 * Recordings of real runs have pids and times of their own, so the runs are the traces in prose of
 * this checkout: their events, as the present core asks for them, go to both cores. What is compared
 * is each action's numbers and the bytes that it points at, not where in the memory these are.
 */
import { readdirSync, readFileSync } from "node:fs";
import { ActionKind } from "../../../assembly/abi";
import type { Action, Core } from "../../../host/wasm/core.ts";
import { drive } from "../../../replay/trace/drive.ts";
import { readTraces } from "../../../replay/trace/prose.ts";
import { IDENTICAL } from "./differences.ts";

/** Actions of which `b` is an address. */
const POINTING: readonly ActionKind[] = [
  ActionKind.ReadVariable,
  ActionKind.HideVariable,
  ActionKind.Write,
];

/** An action without its field names, which another checkout may have changed. */
function textOf(action: Action): string {
  const { kind, a, b, c, d, e } = action;
  const bytes = Object.values(action).filter((value) => typeof value !== "number");
  return JSON.stringify([kind, a, POINTING.includes(kind) ? 0 : b, c, d, e, ...bytes]);
}

/** Says how many runs two cores do alike, or which event is the first that they do not. */
export function runsDifference(before: Core, after: Core, folder = "test/traces"): string {
  const traces = readdirSync(folder)
    .filter((file) => file.endsWith(".trace"))
    .sort()
    .flatMap((file) => readTraces(file, readFileSync(`${folder}/${file}`, "utf8")));
  let events = 0;
  for (const trace of traces) {
    const { handled } = drive(after, trace);
    before.reset();
    after.reset();
    for (const [index, { event, now }] of handled.entries()) {
      events++;
      const [one, other] = [before, after].map((core) => core.take({ ...event, now }).map(textOf));
      if (one?.join("\n") !== other?.join("\n"))
        return `differs in event ${index} of ${trace.file}:${trace.line}: ${trace.sentence}`;
    }
  }
  return `${traces.length} runs of ${events} events, ${IDENTICAL}`;
}
