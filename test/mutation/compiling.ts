/** Compiles the core with one line changed, in memory. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import asc from "assemblyscript/asc";
import { commonFlags } from "../../tools/core";
import { root } from "../support/paths.ts";
import type { Mutant } from "./mutants.ts";

const folder = `${root}assembly`;

/** The changed text of a file. Throws unless what is changed stands there exactly once. */
export function mutated(text: string, { mistake, from, to }: Mutant): string {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`${mistake}: '${from}' stands there ${parts.length - 1} times`);
  return parts.join(to);
}

/** The bytes of a core with this mistake. */
export async function compileMutant(mutant: Mutant): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const read = (name: string, baseDir: string): string | null => {
    try {
      const path = resolve(baseDir, name);
      const text = readFileSync(path, "utf8");
      return path === `${folder}/${mutant.file}` ? mutated(text, mutant) : text;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith(mutant.mistake)) throw error;
      return null;
    }
  };
  // Folders of libraries are looked up from where the process runs.
  const flags = commonFlags.map((flag, index) => {
    return commonFlags[index - 1] === "--lib" ? resolve(folder, flag) : flag;
  });
  const args = [...flags, "-O0", "--outFile", "mutant.wasm", "--baseDir", folder];
  const { error, stderr } = await asc.main(args, {
    readFile: read,
    writeFile: (name, contents) => {
      if (basename(name) === "mutant.wasm") binary = Uint8Array.from(Buffer.from(contents));
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
    throw new Error(`${mutant.mistake}: ${String(error)}\n${stderr.toString()}`);
  return binary;
}
