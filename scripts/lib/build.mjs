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

const inputs = ["assembly", "host", "tools", "asconfig.json", "package.json", "package-lock.json"];
const products = [
  "build/wasm-init",
  "build/core.wasm",
  "build/core.debug.wasm",
  "build/replay.mjs",
  "build/wasm-init-trace.mjs",
];
const stamp = join(root, "build/.stamp");

/** Tells whether the products are those of the present sources, untouched since the build. */
export function buildIsFresh() {
  try {
    return readFileSync(stamp, "utf8") === `${sourcesHash()}\n${productsState()}`;
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
  // The hash is taken first: what is edited during the build is built next time. The stamp goes
  // first, too: a build that is interrupted must not look finished.
  const hash = sourcesHash();
  rmSync(stamp, { force: true });
  if (!quietly("the build", process.execPath, ["--import", "tsx", "tools/build.ts"])) return false;
  const lacking = products.find((product) => !existsSync(join(root, product)));
  if (lacking) {
    say(`the build has made no ${lacking}`);
    return false;
  }
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(stamp, `${hash}\n${productsState()}`);
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
    const args = ["--import", "tsx", "tools/cross.ts", name];
    return quietly(`the build for ${name}`, process.execPath, args);
  });
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const input of inputs) addTo(hash, input);
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

function productsState() {
  return products
    .map((product) => {
      const { size, mtimeMs } = statSync(join(root, product));
      return `${product} ${size} ${mtimeMs}\n`;
    })
    .join("");
}
