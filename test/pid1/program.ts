// Programs in JavaScript that Node runs as PID 1, with what makes it a good one.
import type { Host } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import type { StartedInit } from "../support/started.ts";
import { skipLoudly, test as base } from "../support/system-test.ts";

const host = (build: string): Host => ({
  name: "Node as PID 1",
  command: [process.execPath, "--import", `${build}/pid1.mjs`],
  listensBy: "SigCgt",
  options: () => undefined,
  whyAbsent: () => undefined,
});

/** How a program is run. */
export interface Running {
  /** WASM_INIT_OPTIONS. */
  options?: string;
  env?: Record<string, string>;
  pid1?: boolean;
  stdin?: "pipe" | "null";
  /** What a shell does before it becomes Node. */
  shell?: string;
  /** A folder with another build. */
  build?: string;
}

/** A file beside the tests. */
export function fixture(name: string): string {
  return `${root}test/pid1/${name}`;
}

/** Prepared for every program. */
const prelude = `
const { spawn, spawnSync, fork, execFileSync } = require("node:child_process");
const say = (...words) => require("node:fs").writeSync(1, words.join(" ") + "\\n");
const stay = () => setInterval(() => {}, 1 << 30);
`;

/** Starts a program (CommonJS), by default as PID 1. */
export function start(lab: Lab, code: string, running: Running = {}): StartedInit {
  const { options, env = {}, pid1 = true, stdin = "null", shell } = running;
  const { command, ...rest } = host(running.build ?? `${root}build`);
  const before = shell ? ["sh", "-c", `${shell}; exec "$0" "$@"`] : [];
  return lab.start({
    host: { ...rest, command: [...before, ...command] },
    pid1,
    stdin,
    args: ["--eval", prelude + code],
    env: { ...env, ...(options === undefined ? {} : { WASM_INIT_OPTIONS: options }) },
  });
}

/** A test that needs a real PID 1. */
export const test = base.extend<{ pid1: undefined }>({
  pid1: [
    async ({ skip, task }, use) => {
      const absent = whyNoPid1();
      if (absent !== undefined) skipLoudly({ skip, task }, absent);
      await use(undefined);
    },
    { auto: true },
  ],
});

export { describe, expect } from "../support/system-test.ts";
