// Debian's packages without installing them: unpacked into a cache, so that nothing starts by
// itself and nothing on the machine changes.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Outlives the repository's build folder: the packages come over the network. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "wasm-init-tests");

/** The packages, and what they need and the machine lacks. */
function needed(packages: readonly string[]): string[] {
  const args = ["install", "--simulate", "--reinstall", "--no-install-recommends", ...packages];
  const plan = execFileSync("apt-get", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  return [...new Set([...packages, ...names])];
}

/**
 * Downloads packages and unpacks them side by side, once. Answers the folder that stands for `/`,
 * or why there is none.
 */
export function unpacked(...packages: string[]): { root: string } | { why: string } {
  const root = join(cache, packages.join("+"));
  if (existsSync(root)) return { root };
  const unfinished = `${root}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    execFileSync("apt-get", ["download", ...needed(packages)], {
      cwd: unfinished,
      stdio: ["ignore", "ignore", "pipe"],
    });
    for (const file of readdirSync(unfinished).filter((name) => name.endsWith(".deb"))) {
      execFileSync("dpkg", ["-x", file, "root"], { cwd: unfinished, stdio: "pipe" });
    }
    renameSync(`${unfinished}/root`, root);
  } catch (error) {
    // Another worker may have been faster.
    if (existsSync(root)) return { root };
    return { why: `no ${packages.join(", ")} from Debian's packages: ${String(error)}` };
  } finally {
    execFileSync("rm", ["-rf", unfinished]);
  }
  return { root };
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
