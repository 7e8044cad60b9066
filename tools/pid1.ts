/** Bundles what makes Node a good PID 1: a small file for all, and one for those who are PID 1. */
import { buildSync } from "esbuild";
import { bundled } from "./replay";

export function buildPid1(): void {
  const common = { ...bundled, platform: "node", target: "node20", minify: true } as const;
  buildSync({
    ...common,
    entryPoints: ["host/node/pid1.ts"],
    outfile: "build/pid1.mjs",
  });
  // Node loads a module of this kind in fewer steps, at once.
  buildSync({
    ...common,
    entryPoints: ["host/node/pid1/start.ts"],
    outfile: "build/pid1.cjs",
    format: "cjs",
    define: { "import.meta.url": "here" },
    banner: { js: 'const here=require("node:url").pathToFileURL(__filename);' },
  });
}
