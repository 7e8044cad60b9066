/** Bundles the Node host: command and library, each a file with the core inside, beside the addon. */
import { buildSync } from "esbuild";
import { createHash } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { bundled } from "./replay_tools";

const common = () =>
  ({
    ...bundled,
    platform: "node",
    target: "node20",
    minify: true,
  }) as const;

/** The core's sha256, which traces name. */
const coreDigest = () =>
  JSON.stringify(createHash("sha256").update(readFileSync("build/core.wasm")).digest("hex"));

/** Bundles the library. */
export function buildNodeLibrary(): void {
  buildSync({
    ...common(),
    entryPoints: ["host/node/library.ts"],
    outfile: "build/library.mjs",
    define: { CORE_SHA256: coreDigest(), PLANTED_TRAP: "false" },
  });
}

/** Bundles the command. With `trap`, the core traps on purpose (tests of the fallback). */
export function buildNodeHost(trap: boolean): void {
  const outfile = trap ? "build/wasm-init-trap.mjs" : "build/wasm-init.mjs";
  buildSync({
    ...common(),
    entryPoints: ["host/node/command.ts"],
    outfile,
    banner: { js: "#!/usr/bin/env node" },
    define: { CORE_SHA256: coreDigest(), PLANTED_TRAP: String(trap) },
  });
  chmodSync(outfile, 0o755);
}
