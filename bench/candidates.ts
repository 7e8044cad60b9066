/** Who is measured: the init under test, Debian's inits, and the bare spawn as the floor. */
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./programs.ts";
import { say } from "./report.ts";
import type { Candidate } from "./table.ts";

const ours = fileURLToPath(new URL("../build/wasm-init", import.meta.url));

/** The init under test, or undefined, said aloud, where it has not been built. */
export function initUnderTest(): Candidate | undefined {
  if (isProgram(ours)) return { name: "wasm-init", words: [ours, "--"], role: "ours" };
  say("build/wasm-init is missing (npm run build makes it): measuring only the others");
  return undefined;
}

/** The init under test as it records what it does to a file. */
export function recordingInit(file: string): Candidate {
  return {
    name: "wasm-init --record",
    words: [ours, `--record=${file}`, "--"],
    role: "ours",
  };
}

/** What no init can beat by much. */
export function floor(): Candidate {
  return { name: "bare", words: [program("bare")], role: "floor" };
}

/** Debian's inits; one that is not installed is left out, and that is said aloud. */
export function peers(): Candidate[] {
  // Without -s, tini spends a start that is not PID 1's on a warning.
  const known = [
    { name: "dumb-init", args: ["--"] },
    { name: "tini", args: ["-s", "--"] },
    { name: "tini-static", args: ["-s", "--"] },
    { name: "catatonit", args: ["--"] },
  ];
  return known.flatMap(({ name, args }): Candidate[] => {
    const path = find(name);
    if (path !== undefined) return [{ name, words: [path, ...args], role: "peer" }];
    say(`${name} is not installed (apt-get install ${packageOf(name)}): measuring without it`);
    return [];
  });
}

function packageOf(name: string): string {
  return name === "tini-static" ? "tini" : name;
}

/** A program on PATH. */
export function find(name: string): string | undefined {
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram);
  return path === undefined ? undefined : realpathSync(path);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
