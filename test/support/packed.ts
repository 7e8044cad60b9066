// The npm package, made of this checkout.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownArchitecture } from "../../tools/setup/architectures.mjs";
import { root } from "./paths.ts";

/** Packs it for this machine's architecture into a folder; returns the tarball's path. */
export function packed(folder: string): string {
  const words = ["--import", "tsx", "tools/release/npm.ts", ownArchitecture, folder];
  execFileSync(process.execPath, words, { cwd: root, stdio: ["ignore", "ignore", 2] });
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    version: string;
  };
  return join(folder, `wasm-init-${version}.tgz`);
}
