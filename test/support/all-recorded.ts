// Set-up of the tests in which every init records: makes the folder for it, and in the end says how
// many recordings replayed.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { TALLY } from "./recordings.ts";

export default function setup(project: TestProject): () => void {
  const folder = project.config.env.RECORD_ALL;
  if (folder === undefined) throw new Error("RECORD_ALL names no folder");
  mkdirSync(folder, { recursive: true });
  // Some inits are started as another user.
  chmodSync(folder, 0o755);
  return () => {
    const tally = join(folder, TALLY);
    const lines = existsSync(tally) ? readFileSync(tally, "utf8").trim().split("\n") : [];
    const numbers = lines.map((line) => line.split(" ").map(Number));
    const sum = (which: number) => numbers.reduce((all, line) => all + (line[which] ?? 0), 0);
    process.stdout.write(`${sum(0)} recordings of real runs replayed, ${sum(1)} events\n`);
    rmSync(folder, { recursive: true });
  };
}
