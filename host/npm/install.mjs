// Run by npm when it has unpacked the package, or by hand: compiles the addon where the one inside
// does not fit. Most of the package works without it, so that a failure is said, and is none of the
// installation.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
/** Where Node is installed, with its headers and npm. */
const prefix = dirname(dirname(process.execPath));

function fits() {
  try {
    require(`./prebuilt/linux-${process.arch}.node`);
    return true;
  } catch {
    return false;
  }
}

/** npm brings node-gyp along, and tells its scripts where it is. */
function nodeGyp() {
  const within = "lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js";
  const places = [process.env.npm_config_node_gyp ?? "", join(prefix, within)];
  const found = places.find((place) => existsSync(place));
  return found === undefined ? ["node-gyp"] : [process.execPath, found];
}

function compile() {
  const env = { ...process.env };
  // node-gyp downloads Node's headers unless told where they are.
  if (!env.npm_config_nodedir && existsSync(join(prefix, "include/node/node_version.h")))
    env.npm_config_nodedir = prefix;
  const [program = "", ...words] = [...nodeGyp(), "rebuild", "--loglevel=error"];
  const cwd = fileURLToPath(new URL("./host/node/addon", import.meta.url));
  return spawnSync(program, words, { cwd, env, stdio: "inherit" }).status === 0;
}

if (!fits() && !compile())
  console.error("wasm-init: cannot compile the addon: this needs python3, make and g++");
