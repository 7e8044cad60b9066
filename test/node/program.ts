// Programs in JavaScript that use the library.
import { whyNoNodeHost } from "../support/beyond-node.ts";
import type { Host } from "../support/host.ts";
import type { Lab, Start } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import type { Finished, StartedInit } from "../support/started.ts";
import { skipLoudly, test as base } from "../support/system-test.ts";

const host: Host = {
  name: "a program that uses the library",
  command: [process.execPath, "--input-type=module", "--eval"],
  listensBy: "SigCgt",
  options: () => undefined,
  whyAbsent: () => undefined,
};

/** Prepared for every program. */
const prelude = `
const place = "${root}build/library.mjs";
const library = await import(place);
const { run } = library;
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { setTimeout as sleep } from "node:timers/promises";
const say = (...words) => writeSync(1, words.map(String).join(" ") + "\\n");
const ended = (child) => new Promise((resolve) => child.on("exit", resolve));
const children = () => readFileSync("/proc/self/task/" + process.pid + "/children", "utf8").trim();
const until = async (what) => { while (!what()) await sleep(2); };
`;

/** Starts a program, an ES module. */
export function start(lab: Lab, code: string, more: Start = {}): StartedInit {
  return lab.start({ host, args: [prelude + code], ...more });
}

/** Runs a program to its end; it has to end well. */
export async function outputOf(lab: Lab, code: string, more: Start = {}): Promise<Finished> {
  const finished = await start(lab, code, more).finished(60_000);
  if (finished.status !== 0) throw new Error(`status ${finished.status}\n${finished.stderr}`);
  return finished;
}

/** A test that needs the addon. */
export const test = base.extend<{ addon: undefined }>({
  addon: [
    async ({ skip, task }, use) => {
      const absent = whyNoNodeHost();
      if (absent !== undefined) skipLoudly({ skip, task }, absent);
      await use(undefined);
    },
    { auto: true },
  ],
});

export { describe, expect } from "../support/system-test.ts";
