// A checkout with the real set-up and a build that only copies a file: what the set-up does about
// builds can be seen in it without harm to the checkout that the tests run in.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.ts";

/** Each build adds a line to build/builds, and makes a wasm-init that runs its command. */
const build = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
mkdirSync("build", { recursive: true });
appendFileSync("build/builds", "built\\n");
writeFileSync("build/core.wasm", readFileSync("assembly/index.ts"));
writeFileSync("build/core.debug.wasm", "");
writeFileSync("build/library.mjs", "");
writeFileSync("build/replay.mjs", "");
writeFileSync("build/wasm-init-trace.mjs", "");
writeFileSync("build/wasm-init.mjs", "");
writeFileSync("build/pid1.mjs", "");
writeFileSync("build/wasm-init", '#!/bin/sh\\nexec "$@"\\n', { mode: 0o755 });
console.log("the build talks");
`;

/** A checkout in a temporary folder. */
export class SmallCheckout {
  readonly folder = mkdtempSync(join(tmpdir(), "wasm-init-checkout-"));

  constructor() {
    for (const part of ["tools/setup", "package.json", "package-lock.json", ".npmrc"])
      cpSync(join(root, part), join(this.folder, part), { recursive: true });
    for (const part of ["node_modules", "tools/build", "assembly", "host", "replay"])
      mkdirSync(join(this.folder, part));
    symlinkSync(join(root, "node_modules/tsx"), join(this.folder, "node_modules/tsx"));
    const lockfile = createHash("sha256").update(this.read("package-lock.json")).digest("hex");
    this.write("node_modules/.wasm-init-stamp", lockfile);
    this.write("assembly/index.ts", "one");
    this.write("tools/build/build.ts", build);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** How often it was built. */
  builds(): number {
    return this.read("build/builds").split("\n").length - 1;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
