// What comes over the network and takes long is made once, and kept for all runs and checkouts.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Outlives the repository's build folder. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "wasm-init-tests");

/**
 * Returns the path of something in the cache, or why it can't be had. What is not there yet is made
 * in a folder, and `make` returns its name in it.
 */
export async function cached(
  name: string,
  make: (folder: string) => Promise<string>,
): Promise<{ path: string } | { why: string }> {
  const path = join(cache, name);
  if (existsSync(path)) return { path };
  process.stderr.write(`MAKING ${name}: once, for all later runs too\n`);
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    const result = await make(unfinished);
    renameSync(join(unfinished, result), path);
  } catch (error) {
    // Another worker may have been faster.
    if (!existsSync(path)) return { why: `there is no ${name}: ${String(error)}` };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return { path };
}
