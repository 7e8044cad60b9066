/** Bundles the Node host: the command, into one file with the core inside, beside the addon. */
import { buildSync } from "esbuild";
import { createHash } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { bundled } from "./replay";

/** With `trap`, the core traps on purpose (tests of the fallback). */
export function buildNodeHost(trap: boolean): void {
  const outfile = trap ? "build/wasm-init-trap.mjs" : "build/wasm-init.mjs";
  buildSync({
    ...bundled,
    entryPoints: ["host/node/command.ts"],
    outfile,
    platform: "node",
    target: "node20",
    minify: true,
    banner: { js: "#!/usr/bin/env node" },
    define: {
      CORE_SHA256: JSON.stringify(
        createHash("sha256").update(readFileSync("build/core.wasm")).digest("hex"),
      ),
      PLANTED_TRAP: String(trap),
    },
  });
  chmodSync(outfile, 0o755);
}
