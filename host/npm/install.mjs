// Run by npm when it has unpacked the package: compiles the addon where the one inside does not fit.
// Most of the package works without it, so that a failure is said, and is none of the installation.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

function fits() {
  try {
    require(`./prebuilt/linux-${process.arch}.node`);
    return true;
  } catch {
    return false;
  }
}

function compile() {
  // npm brings node-gyp along, and says where it is.
  const own = process.env.npm_config_node_gyp ?? "";
  const [program, first] = existsSync(own) ? [process.execPath, [own]] : ["node-gyp", []];
  const cwd = fileURLToPath(new URL("./host/node", import.meta.url));
  const { status } = spawnSync(program, [...first, "rebuild"], { cwd, stdio: "inherit" });
  return status === 0;
}

if (!fits() && !compile())
  console.error("wasm-init: the addon could not be compiled: it takes python3, make and g++");
