// Where things are.
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The binary under test. The variable lets the same tests run against another build. */
export const binary = process.env.WASM_INIT_BINARY ?? `${root}build/wasm-init`;

/** What starts the binary where this machine can't: an emulator and its words, else nothing. */
const launcher = (process.env.WASM_INIT_LAUNCHER ?? "").split(" ").filter((word) => word !== "");

/** The words that start the binary under test. */
export const launched: readonly string[] = [...launcher, binary];

/** What the tests themselves build. */
export const testBuild = `${root}build/test`;

export const fixtures = `${root}test/fixtures`;
