// Debian's packages without installing them: unpacked into a cache, so that nothing starts by
// itself and nothing on the machine changes.
import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { cached } from "./cache.ts";

/** The worker that waits for it has to answer the test runner in the meantime. */
const run = promisify(execFile);

/** The packages, and what they need and the machine lacks. */
async function needed(packages: readonly string[]): Promise<string[]> {
  const args = ["install", "--simulate", "--reinstall", "--no-install-recommends", ...packages];
  const { stdout } = await run("apt-get", args);
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  return [...new Set([...packages, ...names])];
}

/**
 * Downloads packages and unpacks them side by side, once. Returns the folder that stands for `/`,
 * or why there is none.
 */
export async function unpacked(...packages: string[]): Promise<{ root: string } | { why: string }> {
  const made = await cached(packages.join("+"), async (folder) => {
    await run("apt-get", ["download", ...(await needed(packages))], { cwd: folder });
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb"))) {
      await run("dpkg", ["-x", file, "root"], { cwd: folder });
    }
    return "root";
  });
  return "why" in made ? made : { root: made.path };
}

/** Copies parts of what was unpacked to where another user may read them. */
export function copyTo(folder: string, root: string, ...parts: string[]): string {
  const copy = `${folder}/root`;
  for (const part of parts) {
    if (!existsSync(`${root}/${part}`)) continue;
    cpSync(`${root}/${part}`, `${copy}/${part}`, { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}

/** Where the dynamic linker finds the libraries of a copy, first of all. */
export function libraryPath(copy: string): string {
  const base = `${copy}/usr/lib`;
  const folders = existsSync(base)
    ? readdirSync(base).filter((name) => name.includes("-linux-"))
    : [];
  return [...folders.map((name) => `${base}/${name}`), base].join(":");
}
