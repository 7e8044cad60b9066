/** Compiles the core with one line changed, in memory. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import asc from "assemblyscript/asc";
import { compilerArgs } from "../../tools/build/core";
import { root } from "../support/paths.ts";
import type { Mutant } from "./mutants.ts";

const folder = resolve(root, "assembly");

/** Where a mistake is planted. Throws unless what is changed stands in exactly one place. */
function placeOf({ mistake, from }: Mutant): string {
  const places = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`)
    .flatMap((path) =>
      readFileSync(path, "utf8")
        .split(from)
        .slice(1)
        .map(() => path),
    );
  if (places.length !== 1) throw new Error(`${mistake}: '${from}' is in ${places.length} places`);
  return places[0]!;
}

/** The bytes of a core with this mistake, or with none; compiled fast, or as the release is. */
export async function compileMutant(
  mutant: Mutant | undefined,
  target: "mutant" | "release" = "mutant",
): Promise<Uint8Array<ArrayBuffer>> {
  const place = mutant === undefined ? undefined : placeOf(mutant);
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const read = (name: string, baseDir: string): string | null => {
    const path = resolve(baseDir, name);
    try {
      const text = readFileSync(path, "utf8");
      return mutant !== undefined && path === place ? text.replace(mutant.from, mutant.to) : text;
    } catch {
      return null;
    }
  };
  const args = [...compilerArgs, "--target", target];
  const { error, stderr } = await asc.main(args, {
    readFile: read,
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = Uint8Array.from(Buffer.from(contents));
    },
    listFiles: (name, baseDir) => {
      try {
        return readdirSync(resolve(baseDir, name)).filter((it) => it.endsWith(".ts"));
      } catch {
        return null;
      }
    },
  });
  if (error !== null || binary === undefined)
    throw new Error(`${mutant?.mistake}: ${String(error)}\n${stderr.toString()}`);
  return binary;
}
