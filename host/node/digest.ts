/** sha256 of the core's Wasm, by which a trace names the core that made it. */

/** Hexadecimal; the bundler puts it in place. */
declare const CORE_SHA256: string;

export const digest: Uint8Array = Buffer.from(CORE_SHA256, "hex");
