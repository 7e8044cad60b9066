/**
 * Finds files that import each other in a circle, types included, and prints a line for each group
 * of such files. Exit status 1 if there are any.
 *
 *   tsx tools/check/circles.ts
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import knip from "../../knip.config.js";

/** A file of the tree and the files that it imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The groups of files of which each leads to each other one (Tarjan's components). */
export function circlesOf(imports: Imports): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const stack: string[] = [];
  /** Returns the earliest file on the stack that this one leads to, as its number. */
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    stack.push(file);
    let earliest = own;
    for (const next of imports.get(file) ?? []) {
      const seen = order.get(next);
      if (seen === undefined) earliest = Math.min(earliest, visit(next));
      else if (stack.includes(next)) earliest = Math.min(earliest, seen);
    }
    if (earliest === own) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1 || (imports.get(file) ?? []).includes(file)) circles.push(group.sort());
    }
    return earliest;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/** What the files of some folders import, by relative paths and by the core's bare names. */
export function importsOf(folders: readonly string[]): Imports {
  const bare: Record<string, string[]> = knip.paths;
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const sources = files.filter((file) => /\.(ts|mjs)$/.test(file) && !/\bbuild\/bin\b/.test(file));
  const resolved = (from: string, name: string): string[] => {
    const path = bare[name]?.[0] ?? (name.startsWith(".") ? join(dirname(from), name) : "");
    return [path, `${path}.ts`].filter((it) => sources.includes(it)).slice(0, 1);
  };
  const named = /^(?:import|export|\})[^;"]*?\bfrom "([^"]+)"|^import "([^"]+)"/gm;
  return new Map(
    sources.map((file) => {
      const found = [...readFileSync(file, "utf8").matchAll(named)];
      return [file, found.flatMap(([, from = "", only = ""]) => resolved(file, from || only))];
    }),
  );
}

if (process.argv[1]?.endsWith("circles.ts") === true) {
  const folders = ["assembly", "bench", "host", "replay", "test", "tools"].filter(existsSync);
  const circles = circlesOf(importsOf(folders));
  for (const circle of circles) process.stdout.write(`import circle: ${circle.join(", ")}\n`);
  process.exitCode = circles.length > 0 ? 1 : 0;
}
