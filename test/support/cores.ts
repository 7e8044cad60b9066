// The cores that the build makes.
import { readFileSync } from "node:fs";
import { Core } from "../../host/wasm/core.ts";
import { root } from "./paths.ts";

export const flavours = ["release", "debug"] as const;
export type Flavour = (typeof flavours)[number];

/** A core with counters stands in for both flavours where coverage is counted. */
export const counted = process.env.COUNTED_CORE;

/** The bytes of a built core. */
export function coreBytes(flavour: Flavour): Buffer<ArrayBuffer> {
  const built = `${root}build/core${flavour === "debug" ? ".debug" : ""}.wasm`;
  return readFileSync(counted ?? built);
}

/** A core that has not seen an event yet. */
export function freshCore(flavour: Flavour): Core {
  return Core.of(coreBytes(flavour));
}
