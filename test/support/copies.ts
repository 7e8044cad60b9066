// The program under test at another place, or under another name.
import { chmodSync, copyFileSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { addon, binary, launchedAt, underNode } from "./paths.ts";

/** Copies the program under test to a path; returns the words that start the copy. */
export function copyOfProgram(path: string): string[] {
  if (underNode) {
    // By its ending Node tells what a file is, and the addon is looked for beside it.
    const folder = `${path}.files`;
    mkdirSync(folder);
    copyFileSync(binary, `${folder}/wasm-init.mjs`);
    copyFileSync(addon, `${folder}/wasm-init.node`);
    symlinkSync(`${folder}/wasm-init.mjs`, path);
  } else {
    copyFileSync(binary, path);
    chmodSync(path, 0o755);
  }
  return launchedAt(path);
}

/** The same of any init: ours is known by the file that a link leads to. */
export function copyOf(init: string, path: string): string[] {
  if (realpathSync(init) === realpathSync(binary)) return copyOfProgram(path);
  copyFileSync(init, path);
  return [path];
}
