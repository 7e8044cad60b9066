// Where things are.
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Whether the program under test is the Node host, or the static binary. */
export const underNode = process.env.WASM_INIT_HOST === "node";

/** The program under test. The variable lets the same tests run against another build. */
export const binary =
  process.env.WASM_INIT_BINARY ?? `${root}build/wasm-init${underNode ? ".mjs" : ""}`;

/** The same with a core that traps on purpose, where its environment says. */
export const trapping =
  process.env.WASM_INIT_TRAPPING ?? `${root}build/wasm-init-trap${underNode ? ".mjs" : ""}`;

/** The addon of the Node host. */
export const addon = `${root}build/wasm-init.node`;

/**
 * What starts the program under test: an emulator and its words, where this machine can't run it, or
 * Node. Not by a #! line: a test may give it a PATH on which there is no Node.
 */
const launcher = (process.env.WASM_INIT_LAUNCHER ?? (underNode ? process.execPath : ""))
  .split(" ")
  .filter((word) => word !== "");

/** The words that start the program under test, at its usual place or another. */
export function launchedAt(path: string): string[] {
  return [...launcher, path];
}

/** The words that start the program under test. */
export const launched: readonly string[] = launchedAt(binary);

/** What the tests themselves build. */
export const testBuild = `${root}build/test`;

export const fixtures = `${root}test/fixtures`;

/**
 * What gives the inits of whole suites other options: with WASM_INIT_OPTIONS=--sandbox=on, say, an
 * init of a test that has no such variable of its own is sandboxed.
 */
export function optionsOfAll(): Record<string, string> {
  const { WASM_INIT_OPTIONS } = process.env;
  return WASM_INIT_OPTIONS === undefined ? {} : { WASM_INIT_OPTIONS };
}
