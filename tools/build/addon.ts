/**
 * Compiles the Node addon to build/wasm-init.node: node-gyp, from host/node/addon/, since its clean step
 * deletes the folder `build` where it runs.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = "host/node/addon";
const product = "build/wasm-init.node";

/** Compiles it; throws if it can't. */
export function buildAddon(): void {
  const env = { ...process.env };
  // node-gyp downloads Node's headers unless told where they are; most packagings ship them.
  const prefix = dirname(dirname(process.execPath));
  if (!env.npm_config_nodedir && existsSync(join(prefix, "include/node/node_version.h")))
    env.npm_config_nodedir = prefix;
  execFileSync(
    process.execPath,
    ["../../../node_modules/node-gyp/bin/node-gyp.js", "rebuild", "--loglevel=error"],
    { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] },
  );
  mkdirSync(dirname(product), { recursive: true });
  // In one step: a process that has it loaded keeps the old file.
  copyFileSync(join(folder, "build/Release/wasm-init.node"), `${product}.new`);
  renameSync(`${product}.new`, product);
}

if (process.argv[1]?.endsWith("tools/build/addon.ts")) buildAddon();
