// Runs the set-up on behalf of another script.
import { join } from "node:path";
import { addonIsFresh } from "./build.mjs";
import { root } from "./paths.mjs";
import { aloud } from "./run.mjs";

/**
 * Makes the checkout ready, or ends this process with the set-up's status.
 * @param {...string} flags those of tools/setup/setup.mjs
 */
export function ready(...flags) {
  // Whatever the set-up's steps say goes to stderr.
  const args = [join(root, "tools/setup/setup.mjs"), ...flags];
  const status = aloud(process.execPath, args, ["ignore", 2, 2]);
  if (status !== 0) process.exit(status);
}

/** Ends this process where there is no Node addon; the set-up has said what is missing for it. */
export function needAddon() {
  if (!addonIsFresh()) process.exit(125);
}

/**
 * Where npm put a package's program.
 * @param {string} name
 */
export function bin(name) {
  return join(root, "node_modules/.bin", name);
}
