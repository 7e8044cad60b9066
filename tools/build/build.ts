/**
 * Builds everything under build/: the core (release and debug), the static binary, the
 * replay library, the trace tool, the Node host, and what makes Node a good PID 1. The addon is
 * compiled by tools/build/addon.ts.
 *
 *   tsx tools/build/build.ts [--trap]
 *
 * `--trap` also builds build/wasm-init-trap, whose core traps on purpose (tests of the fallback).
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { abiHeader } from "./abi_header";
import { compileCore } from "./core";
import { buildNative } from "./native";
import { buildNodeHost, buildNodeLibrary } from "./node_host";
import { buildPid1 } from "./pid1";
import { buildReplay } from "./replay_tools";
import { tablesSource, textsSource } from "./texts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

mkdirSync("build/assembly", { recursive: true });
writeFileSync("build/assembly/texts.ts", textsSource(version));
writeFileSync("build/assembly/tables.ts", tablesSource());
compileCore("build/core.debug.wasm", "debug");
compileCore("build/core.wasm", "release");
const header = abiHeader(new WebAssembly.Module(readFileSync("build/core.wasm")));
writeIfChanged("host/shim/abi.h", header);
buildNative("build/core.wasm", "build/wasm-init");
buildReplay();
buildNodeHost(false);
buildNodeLibrary();
buildPid1();
// The product is small, and so is the test build: a fresh checkout has both.
if (!process.argv.includes("--no-trap")) {
  buildNative("build/core.wasm", "build/wasm-init-trap", { trap: true });
  buildNodeHost(true);
}

/** Leaves the file's time alone when nothing changed, so that the next build is skipped. */
function writeIfChanged(path: string, text: string): void {
  let old = "";
  try {
    old = readFileSync(path, "utf8");
  } catch {
    // Not there yet.
  }
  if (old !== text) writeFileSync(path, text);
}
