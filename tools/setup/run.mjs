// Runs one step of the set-up: silent when it succeeds, its whole output on stderr when it fails.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { say, write } from "./say.mjs";

/** @type {number[]} */
const kept = [];

/**
 * Hands an open file down to the programs that quietly() runs. Node opens everything so that it is
 * closed at exec, and sets what it inherits to that, too.
 * @param {number} file
 */
export function keepOpenInSteps(file) {
  kept.push(file);
}

/**
 * How a program ended, and what it printed on both streams.
 * @typedef {{ failure?: string, output: string }} Outcome
 */

/**
 * Runs a program to its end, and prints nothing.
 *
 * The output goes to a file rather than a pipe, so that a process that the program leaves behind
 * can't delay the set-up, and the order of both streams is kept.
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Outcome}
 */
export function attempt(program, args, env = process.env) {
  const folder = mkdtempSync(join(tmpdir(), "wasm-init-setup-"));
  try {
    const log = join(folder, "log");
    const out = openSync(log, "a");
    const result = spawnSync(program, args, {
      cwd: root,
      env,
      stdio: ["ignore", out, out, ...kept],
    });
    closeSync(out);
    if (result.status === 0) return { output: "" };
    return { failure: reason(result), output: readFileSync(log, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Prints what a failed program printed, and that it failed.
 * @param {string} what what the program does
 * @param {Outcome} outcome
 */
export function report(what, { failure, output }) {
  write(output);
  say(`${what} failed (${failure})`);
}

/**
 * Runs a program to its end, and prints something only if it fails.
 * @param {string} what what the program does
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {boolean} whether it ended with status 0
 */
export function quietly(what, program, args, env) {
  const outcome = attempt(program, args, env);
  if (outcome.failure === undefined) return true;
  report(what, outcome);
  return false;
}

/**
 * Runs a program that talks to the user itself.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').StdioOptions} [stdio]
 * @returns {number} its exit status, 128 + signal if a signal ended it, 125 if it never started
 */
export function aloud(program, args, stdio = "inherit") {
  const result = spawnSync(program, args, { cwd: root, stdio });
  if (result.error) {
    say(`${program}: ${result.error.message}`);
    return 125;
  }
  return result.status ?? 128 + (result.signal ? constants.signals[result.signal] : 0);
}

/** @param {import('node:child_process').SpawnSyncReturns<unknown>} result */
function reason(result) {
  if (result.error) return result.error.message;
  return result.signal ? `killed by ${result.signal}` : `status ${result.status}`;
}

/**
 * Runs one of the project's tools in TypeScript, and ends with its status.
 * @param {string} file
 * @param {...string} args
 */
export function tool(file, ...args) {
  process.exitCode = aloud(process.execPath, ["--import", "tsx", file, ...args]);
}
