/** The core with counters, and what the counters say. */
import asc from "assemblyscript/asc";
import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { compilerArgs } from "../../build/core";
import { type Branch, instrumented, type Places } from "./instrument";

/** More than there are places. */
const CAPACITY = 4096;

const counters = `
const hits = memory.data(${CAPACITY});
export function hit(place: i32): void { store<u8>(hits + <usize>place, 1); }
export function hitsAddress(): i32 { return <i32>hits; }
`;

/** Compiles it in memory. */
export async function compileCounted(): Promise<{ binary: Uint8Array; places: Places }> {
  const folder = resolve("assembly");
  const places: Places = { list: [] };
  // The compiler reads some of them more than once.
  const sources = new Map<string, string>();
  let binary: Uint8Array | undefined;
  const read = (name: string, baseDir: string): string | null => {
    const path = resolve(baseDir, name);
    if (path === resolve("assembly/memory/hits.ts")) return counters;
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return null;
    }
    if (!path.startsWith(`${folder}/`) || !path.endsWith(".ts")) return text;
    if (path === `${folder}/index.ts`) return `${text}export { hitsAddress } from "hits";\n`;
    const source = sources.get(path) ?? instrumented(path, relative(".", path), text, places);
    sources.set(path, source);
    return source;
  };
  const { error, stderr } = await asc.main([...compilerArgs, "--target", "mutant"], {
    readFile: read,
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = Uint8Array.from(Buffer.from(contents));
    },
    listFiles: (name, baseDir) => {
      try {
        const files = readdirSync(resolve(baseDir, name)).filter((it) => it.endsWith(".ts"));
        return resolve(baseDir, name) === resolve("assembly/memory")
          ? [...files, "hits.ts"]
          : files;
      } catch {
        return null;
      }
    },
  });
  if (error !== null || binary === undefined)
    throw new Error(`${String(error)}\n${stderr.toString()}`);
  if (places.list.length > CAPACITY) throw new Error(`${places.list.length} places to count`);
  return { binary, places };
}

/** How much of a file was run. */
export interface FileCoverage {
  file: string;
  lines: number;
  linesRun: number;
  branches: number;
  branchesTaken: number;
}

const isBranch = (place: Places["list"][number]): place is Branch => "way" in place;

/** Sums up, file by file. */
export function coverageOf(places: Places, hits: Uint8Array): FileCoverage[] {
  const files = [...new Set(places.list.map(({ file }) => file))].sort();
  return files.map((file) => {
    const own = places.list
      .map((place, index) => ({ place, hit: hits[index] !== 0 }))
      .filter(({ place }) => place.file === file);
    const lines = new Map<number, boolean>();
    for (const { place, hit } of own)
      if (!isBranch(place)) lines.set(place.line, hit || (lines.get(place.line) ?? false));
    const branches = own.filter(({ place }) => isBranch(place));
    return {
      file,
      lines: lines.size,
      linesRun: [...lines.values()].filter(Boolean).length,
      branches: branches.length,
      branchesTaken: branches.filter(({ hit }) => hit).length,
    };
  });
}

/** The branches that were never taken. */
export function untaken(places: Places, hits: Uint8Array): Branch[] {
  return places.list.filter(
    (place, index): place is Branch => isBranch(place) && hits[index] === 0,
  );
}
