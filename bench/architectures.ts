/** How large the binary is for each architecture that has been built. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { architectures, binaryOf } from "../tools/setup/architectures.mjs";
import { say } from "./report.ts";
import type { Candidate, Measure, Row } from "./table.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** A file, or nothing. */
function contents(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** The sizes; what is not built, or around an older core, is said and left out. */
export function sizes(): Measure {
  const core = createHash("sha256")
    .update(readFileSync(`${root}build/core.wasm`))
    .digest();
  const rows = architectures.flatMap((architecture): Row[] => {
    const path = root + binaryOf(architecture);
    const binary = contents(path);
    // Each binary knows its core by that, to name it in traces.
    if (binary?.includes(core) === true) {
      const candidate: Candidate = { name: architecture.name, words: [path], role: "ours" };
      return [{ candidate, values: { bytes: binary.length } }];
    }
    const why = binary ? "out of date" : "not built";
    say(
      `${binaryOf(architecture)} is ${why} (npm run build -- --arch ${architecture.name}): leaving it out`,
    );
    return [];
  });
  return {
    name: "sizes",
    title: "Size of the binary for each architecture",
    how: ["Those that have been built: npm run build -- --arch all builds the others."],
    columns: ["bytes"],
    rows,
    budgets: [],
  };
}
