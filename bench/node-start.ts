/**
 * What `node --import wasm-init/pid1` adds to Node's start: as a real PID 1, with and without, by
 * turns.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { find } from "./candidates.ts";
import { sample } from "./sampling.ts";
import { median } from "./statistics.ts";

const asPid1 = ["--pid", "--fork", "--mount-proc", "--kill-child"];

/** A way to start Node. */
export interface Way {
  name: string;
  /** Nanoseconds from fork to the end of a program that does nothing. */
  took: number;
  /** What is more than without, in nanoseconds: the median of the rounds' differences. */
  added: number;
}

/** Measures all ways to start an ES module and a script; the first of each is the one without. */
export function nodeStarts(rounds: number): Way[] {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = (name: string) => {
    writeFileSync(join(folder, name), "");
    return join(folder, name);
  };
  const built = (name: string) => fileURLToPath(new URL(`../build/${name}`, import.meta.url));
  const imports = ["--import", built("pid1.mjs")];
  try {
    return [
      ...compare(rounds, file("module.mjs"), {
        "an ES module": [],
        "an ES module, --import wasm-init/pid1": imports,
      }),
      ...compare(rounds, file("script.cjs"), {
        "a script": [],
        "a script, --require wasm-init/pid1": ["--require", built("pid1.cjs")],
        "a script, --import wasm-init/pid1": imports,
        "a script, --import of an empty file": ["--import", file("empty.mjs")],
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(rounds: number, program: string, ways: Record<string, string[]>): Way[] {
  const unshare = find("unshare");
  if (unshare === undefined) throw new Error("unshare is missing: apt-get install util-linux");
  const candidates = Object.entries(ways).map(([name, options]) => ({
    name,
    words: [unshare, ...asPid1, process.execPath, ...options] as [string, ...string[]],
    role: "ours" as const,
  }));
  const samples = sample("startup", rounds, [program], candidates, "any");
  const [without = []] = samples[0] ?? [];
  return candidates.map(({ name }, index) => {
    const [took = []] = samples[index] ?? [];
    const added = median(took.map((ns, round) => ns - (without[round] ?? 0)));
    return { name, took: median(took), added };
  });
}
