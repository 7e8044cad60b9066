// Builds the program that drives the static binary's core by lines, for this machine or another.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import type { Architecture } from "../../tools/setup/architectures.mjs";
import {
  architecturesNamed,
  compilerOf,
  ownArchitecture,
} from "../../tools/setup/architectures.mjs";
import { buildNative } from "../../tools/build/native.ts";
import { fixtures, root, testBuild } from "./paths.ts";

/** What the driver is made of besides the core; the build's own options are in tools/build/native.ts. */
const sources = [
  `${fixtures}/core-driver/main.c`,
  ...["start.S", "memory.c"].map((name) => `${root}host/native/${name}`),
];
const others = ["host/native/linear.h", "host/native/linear.ld", "host/native/wasm-rt.h"];

/**
 * The core as the static binary of an architecture has it, translated and compiled in the same way,
 * and driven by lines: see test/fixtures/core-driver/main.c. Built anew when an input has changed.
 */
export function coreDriverProgram(
  architecture: Architecture | undefined = architecturesNamed(ownArchitecture)[0],
): string {
  const core = `${root}build/core.wasm`;
  const hash = createHash("sha256");
  const inputs = [core, ...sources, ...[...others, "tools/build/native.ts"].map((it) => root + it)];
  for (const input of inputs) hash.update(readFileSync(input));
  const name = `core-driver-${architecture?.name ?? ownArchitecture}`;
  const program = `${testBuild}/${name}-${hash.digest("hex").slice(0, 12)}`;
  if (existsSync(program)) return program;
  // Several test workers may do this at the same time.
  const folder = `${testBuild}/${name}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const compiler = architecture ? compilerOf(architecture) : "gcc";
  buildNative(core, `${folder}/driver`, { compiler, folder, around: sources });
  renameSync(`${folder}/driver`, program);
  return program;
}
