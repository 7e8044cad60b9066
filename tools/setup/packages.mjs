// The npm packages: installed by the lockfile, once for each state of it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";
import { quietly } from "./run.mjs";
import { say } from "./say.mjs";

const stamp = join(root, "node_modules/.wasm-init-stamp");
const pty = join(root, "node_modules/node-pty");

/** Tells whether node_modules is what the lockfile says. */
export function packagesAreFresh() {
  return contents(stamp) === lockfileHash();
}

/**
 * Installs the packages of the lockfile, development packages included whatever NODE_ENV says.
 *
 * Without install scripts: the only one that matters compiles node-pty, which takes a C++ compiler
 * that somebody who just starts a command need not have.
 * @returns {boolean} whether they are there now
 */
export function installPackages() {
  if (packagesAreFresh()) return true;
  say("installing npm packages");
  const hash = lockfileHash();
  // The project's .npmrc silences npm; here its errors are wanted, and shown if it fails.
  if (!npm("npm ci", "ci", "--include=dev", "--ignore-scripts", "--loglevel=error")) return false;
  writeFileSync(stamp, hash);
  return true;
}

/** Tells whether node-pty, which the terminal tests open terminals with, has been compiled. */
export function terminalsAreFresh() {
  return existsSync(join(pty, "build/Release/pty.node"));
}

/**
 * Compiles node-pty.
 * @returns {boolean} whether it is there now
 */
export function installTerminals() {
  if (terminalsAreFresh()) return true;
  say("compiling node-pty");
  return npm("compiling node-pty", "rebuild", "node-pty", "--loglevel=error");
}

/** @param {string} what @param {string[]} args */
function npm(what, ...args) {
  const env = { ...process.env };
  // node-gyp downloads Node's headers unless told where they are; most packagings ship them.
  const prefix = dirname(dirname(process.execPath));
  if (!env.npm_config_nodedir && existsSync(join(prefix, "include/node/node_version.h")))
    env.npm_config_nodedir = prefix;
  // Under npm, the very npm that started us; it need not be on PATH.
  const cli = env.npm_execpath;
  if (cli?.endsWith("npm-cli.js")) return quietly(what, process.execPath, [cli, ...args], env);
  return quietly(what, "npm", args, env);
}

function lockfileHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** @param {string} file */
function contents(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
