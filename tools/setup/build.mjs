// The build: run when what it reads has changed, told by content, since a checkout touches mtimes.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { quietly } from "./run.mjs";
import { say } from "./say.mjs";

const inputs = [
  "assembly",
  "host",
  "replay",
  "tools/build",
  // --help, which is a part of the core.
  "tools/release/help.ts",
  "tools/setup/architectures.mjs",
  "asconfig.json",
  "package.json",
  "package-lock.json",
];
const products = [
  "build/wasm-init",
  "build/core.wasm",
  "build/core.debug.wasm",
  "build/replay.mjs",
  "build/wasm-init-trace.mjs",
  "build/wasm-init.mjs",
  "build/library.mjs",
  "build/pid1.mjs",
];
const stamp = join(root, "build/.stamp");

const addonInputs = ["host/node/addon", "host/shim", "tools/build/addon.ts", "package-lock.json"];
const addonProducts = ["build/wasm-init.node"];
const addonStamp = join(root, "build/.addon-stamp");

/** Tells whether the products are those of the present sources, untouched since the build. */
export function buildIsFresh() {
  return isFresh(stamp, inputs, products);
}

/** The same of the Node addon, which takes a C++ compiler, and is built for itself. */
export function addonIsFresh() {
  return isFresh(addonStamp, addonInputs, addonProducts);
}

/**
 * @param {string} file
 * @param {string[]} from
 * @param {string[]} made
 */
function isFresh(file, from, made) {
  try {
    return readFileSync(file, "utf8") === `${sourcesHash(from)}\n${productsState(made)}`;
  } catch {
    return false;
  }
}

/**
 * Builds, if anything has changed.
 * @returns {boolean} whether the products are there now
 */
export function build() {
  if (buildIsFresh()) return true;
  say("building");
  return run("the build", "tools/build/build.ts", stamp, inputs, products);
}

/**
 * Compiles the Node addon, if anything has changed.
 * @returns {boolean} whether it is there now
 */
export function buildAddon() {
  if (addonIsFresh()) return true;
  say("compiling the Node addon");
  return run(
    "compiling the Node addon",
    "tools/build/addon.ts",
    addonStamp,
    addonInputs,
    addonProducts,
  );
}

/**
 * @param {string} what
 * @param {string} tool
 * @param {string} file where it is noted what was built from what
 * @param {string[]} from
 * @param {string[]} made
 */
function run(what, tool, file, from, made) {
  // The hash is taken first: what is edited during the build is built next time. The stamp goes
  // first, too: a build that is interrupted must not look finished.
  const hash = sourcesHash(from);
  rmSync(file, { force: true });
  if (!quietly(what, process.execPath, ["--import", "tsx", tool])) return false;
  const lacking = made.find((product) => !existsSync(join(root, product)));
  if (lacking) {
    say(`the build did not make ${lacking}`);
    return false;
  }
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(file, `${hash}\n${productsState(made)}`);
  return true;
}

/**
 * Builds for other architectures.
 * @param {readonly import("./architectures.mjs").Architecture[]} wanted
 * @returns {boolean} whether all binaries are there now
 */
export function buildFor(wanted) {
  return wanted.every(({ name }) => {
    say(`building for ${name}`);
    const args = ["--import", "tsx", "tools/build/cross.ts", name];
    return quietly(`the build for ${name}`, process.execPath, args);
  });
}

/** @param {string[]} from */
function sourcesHash(from) {
  const hash = createHash("sha256");
  for (const input of from) addTo(hash, input);
  return hash.digest("hex");
}

/**
 * Adds a file or a folder's files, by name and content, in an order that no file system decides.
 * @param {import('node:crypto').Hash} hash
 * @param {string} path relative to the checkout
 */
function addTo(hash, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat?.isFile()) {
    hash.update(`${path}\0${stat.size}\0`).update(readFileSync(join(root, path)));
  } else if (stat?.isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort())
      if (name !== "build" && name !== "node_modules") addTo(hash, `${path}/${name}`);
  }
}

/** @param {string[]} made */
function productsState(made) {
  return made
    .map((product) => {
      const { size, mtimeMs } = statSync(join(root, product));
      return `${product} ${size} ${mtimeMs}\n`;
    })
    .join("");
}
