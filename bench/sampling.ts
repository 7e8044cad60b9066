/** Runs the driver, and gives its samples to the candidates that they belong to. */
import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import { readFileSync } from "node:fs";
import { inCpuGroup } from "./cgroup.ts";
import { program } from "./programs.ts";
import type { Candidate } from "./table.ts";

/**
 * Takes samples of one measure of the driver: for each candidate, and for each number on a line,
 * the list of samples. Throws where the driver could not measure.
 */
export function sample(
  measure: "startup" | "latency" | "orphans" | "memory" | "idle",
  count: number,
  command: string[],
  candidates: readonly Candidate[],
  where: number | "any" = processor(),
): number[][][] {
  const lists = [command, ...candidates.map((candidate) => candidate.words)];
  const args = [measure, `${count}`, `${where}`, ...lists.flatMap((list) => [...list, ","])];
  const result = inCpuGroup((folder) => {
    const options: SpawnSyncOptionsWithStringEncoding = {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "inherit"],
    };
    if (folder === undefined) return spawnSync(program("driver"), args, options);
    const enter = 'echo $$ >"$0"/cgroup.procs && exec "$@"';
    return spawnSync("sh", ["-c", enter, folder, program("driver"), ...args], options);
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`the driver ended with ${result.signal ?? "status 1"}`);

  const samples: number[][][] = candidates.map(() => []);
  for (const line of result.stdout.split("\n").filter((line) => line !== "")) {
    const [index = -1, ...numbers] = line.split(" ").map(Number);
    numbers.forEach((number, column) => ((samples[index] ??= [])[column] ??= []).push(number));
  }
  return samples;
}

/** The last processor that we may use: the first ones have most of the interrupts. */
export function processor(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? "0";
  return Number(/\d+$/.exec(list)?.[0] ?? 0);
}
