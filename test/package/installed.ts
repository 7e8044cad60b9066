// The npm package, packed, and installed into an empty folder as on a machine that has Node and
// little else: no network, no compiler, no cache of npm's.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Ended } from "../support/npm.ts";
import { packed } from "../support/packed.ts";
import { root } from "../support/paths.ts";

/** All that is on PATH: what a small image of Node has. */
const programs = ["cat", "env", "ls", "node", "npm", "npx", "sh", "sleep", "uname"];

function whereIs(program: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((path) => isThere(path));
  if (found === undefined) throw new Error(`${program} is missing`);
  return found;
}

function isThere(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}

export class Installed {
  readonly #top = realpathSync(mkdtempSync(join(tmpdir(), "wasm-init-package-")));
  /** A user's folder. */
  readonly folder = join(this.#top, "app");
  readonly package = join(this.folder, "node_modules/wasm-init");
  readonly tarball: string;
  /** What the installation printed. */
  readonly installation: Ended;

  constructor() {
    this.tarball = packed(this.#top);
    for (const made of ["app", "bin", "cache"]) mkdirSync(join(this.#top, made));
    for (const program of programs)
      symlinkSync(realpathSync(whereIs(program)), join(this.#top, "bin", program));
    this.write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
    this.installation = this.run("npm", "install", "--offline", "--no-audit", this.tarball);
  }

  /** The environment of whatever is run here. */
  get env(): Record<string, string> {
    const cache = join(this.#top, "cache");
    return { PATH: join(this.#top, "bin"), HOME: this.#top, npm_config_cache: cache };
  }

  /** Runs a program in the user's folder to its end; without a network, where that is allowed. */
  run(program: string, ...args: string[]): Ended {
    const isolated = spawnSync("unshare", ["--net", "true"]).status === 0;
    const file = program.includes("/") ? program : join(this.#top, "bin", program);
    const [first = "", ...words] = [...(isolated ? ["unshare", "--net"] : []), file, ...args];
    const path = isolated ? whereIs(first) : first;
    const options = { cwd: this.folder, env: this.env, encoding: "utf8" as const };
    const { status, stdout, stderr, error } = spawnSync(path, words, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (error) throw error;
    return { status, stdout, stderr };
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Puts a shell script on PATH. */
  command(name: string, script: string): void {
    writeFileSync(join(this.#top, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** Puts a package of the checkout beside ours. */
  borrow(name: string): void {
    symlinkSync(`${root}node_modules/${name}`, join(this.folder, "node_modules", name));
  }

  /** The files that were installed. */
  files(): string[] {
    const all = readdirSync(this.package, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.package.length + 1))
      .sort();
  }

  remove(): void {
    rmSync(this.#top, { recursive: true, force: true });
  }
}
