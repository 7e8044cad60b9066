/** Bundles what makes Node a good PID 1: a file for all, and one for those who are PID 1. */
import { buildSync } from "esbuild";

export function buildPid1(): void {
  buildSync({
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    logLevel: "warning",
    legalComments: "none",
    entryPoints: ["host/node/pid1.ts"],
    outdir: "build",
    outExtension: { ".js": ".mjs" },
    chunkNames: "pid1-[name]",
  });
}
