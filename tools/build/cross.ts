/**
 * Builds the static binary for other architectures: build/wasm-init-linux-ARCH.
 *
 *   tsx tools/build/cross.ts arm64|all
 *
 * From build/core.wasm, which is the same everywhere.
 */
import type { Architecture } from "../setup/architectures.mjs";
import { architecturesNamed, binaryOf, compilerOf } from "../setup/architectures.mjs";
import { buildNative } from "./native";

/** Builds one architecture's binary. */
export function buildFor(architecture: Architecture): void {
  buildNative("build/core.wasm", binaryOf(architecture), {
    compiler: compilerOf(architecture),
    folder: `build/cross/${architecture.name}`,
  });
}

const [program, word] = process.argv.slice(1);
if (program?.endsWith("cross.ts")) {
  for (const architecture of architecturesNamed(word ?? "all")) buildFor(architecture);
}
