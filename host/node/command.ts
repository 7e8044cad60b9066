/** `node wasm-init.mjs [OPTIONS] -- COMMAND`: the same command line as that of the static binary. */
import { readFileSync } from "node:fs";
import core from "../../build/core.wasm";
import { addonOrEnd } from "./addon/addon.ts";
import { Boot, type Word } from "../wasm/boot.ts";
import { Core } from "../wasm/core.ts";
import { digest } from "./digest.ts";
import { Init } from "./loop/init.ts";
import { OwnProcess } from "./loop/own_process.ts";
import { Recorder } from "./loop/recorder.ts";

const addon = addonOrEnd();

/** This file's name, by which the command line is chosen, and the words after it, as bytes. */
function commandLine(): Word[] {
  const count = process.argv.length - 1;
  try {
    // Node's own options come first. Node decodes its words, and what is no UTF-8 would be lost.
    const words = splitAtNuls(readFileSync("/proc/self/cmdline")).slice(-count);
    if (words.length === count) return words;
  } catch {
    // No /proc: then what Node made of them.
  }
  return process.argv.slice(1);
}

function splitAtNuls(bytes: Buffer): Buffer[] {
  const words: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const nul = bytes.indexOf(0, from);
    const end = nul < 0 ? bytes.length : nul;
    words.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return words;
}

/** Where the name of a variable ends. */
function nameOf(entry: Buffer): string {
  const equals = entry.indexOf("=");
  return entry.subarray(0, equals < 0 ? entry.length : equals).toString("latin1");
}

function main(): void {
  const world = new OwnProcess(
    addon,
    () => init.turn(),
    (event) => init.follow(event),
  );
  const environment = addon.environment();
  const env: Record<string, Word> = {};
  for (const entry of environment) {
    const name = nameOf(entry);
    // As getenv(3): the first one counts.
    if (name.length < entry.length) env[name] ??= entry.subarray(name.length + 1);
  }
  const boot = new Boot({
    argv: commandLine(),
    env,
    bootFlags: world.bootFlags(),
    pid: world.pid,
    uid: addon.user(),
  });
  const init = new Init({
    addon,
    core: Core.of(core),
    boot,
    world,
    environment: () => environment.filter((entry) => !boot.hides(nameOf(entry))),
    recorder: new Recorder(addon, digest),
  });
  init.start();
}

main();
