/** The core and its boot protocol, in a bundle of their own: what program.ts loads when it needs it. */
export { actionFailed, Boot } from "../../wasm/boot.ts";
export { Core } from "../../wasm/core.ts";
