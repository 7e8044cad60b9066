/** How fast every order of events is explored in Node: on one processor, and on all. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { execFileSync } from "node:child_process";

/** Transitions a minute, by how many processes explore at once. */
export interface Explorations {
  one: number;
  all: number;
}

/** Measures for about the given number of milliseconds each. */
export function explorationsInNode(milliseconds: number): Explorations {
  return {
    one: rate(1, milliseconds),
    all: rate(availableParallelism(), milliseconds),
  };
}

function rate(processes: number, milliseconds: number): number {
  const program = fileURLToPath(new URL("exploring.mjs", import.meta.url));
  const args = [program, `${processes}`, `${milliseconds}`];
  const told = execFileSync(process.execPath, args, { encoding: "utf8" });
  return Number(told);
}
