/** Bundles the replay library and the trace tool, each into one file with the core inside. */
import { buildSync } from "esbuild";
import { chmodSync } from "node:fs";

/** What all bundles have in common. */
export const bundled = {
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".wasm": "binary" },
  logLevel: "warning",
  legalComments: "none",
  // Comments name the files: with node_modules a link, they would name where it leads to.
  preserveSymlinks: true,
} as const;

export function buildReplay(): void {
  buildSync({
    ...bundled,
    entryPoints: ["replay/library.ts"],
    outfile: "build/replay.mjs",
    platform: "neutral",
    mainFields: ["module", "main"],
  });
  buildSync({
    ...bundled,
    entryPoints: ["replay/cli/main.ts"],
    outfile: "build/wasm-init-trace.mjs",
    platform: "node",
    banner: { js: "#!/usr/bin/env node" },
  });
  chmodSync("build/wasm-init-trace.mjs", 0o755);
}
