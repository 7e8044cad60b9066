// Where things are.
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The binary under test. The variable lets the same tests run against another build. */
export const binary = process.env.WASM_INIT_BINARY ?? `${root}build/wasm-init`;

/** What the tests themselves build. */
export const testBuild = `${root}build/test`;

export const fixtures = `${root}test/fixtures`;
