/** The trace files of this folder. */
import { readdirSync, readFileSync } from "node:fs";
import { root } from "../support/paths.ts";
import { readTraces, type Trace } from "../../replay/trace/prose.ts";

const folder = `${root}test/traces`;

/** All traces, by file and line. */
export function allTraces(): Trace[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".trace"))
    .sort()
    .flatMap((file) => readTraces(file, readFileSync(`${folder}/${file}`, "utf8")));
}
