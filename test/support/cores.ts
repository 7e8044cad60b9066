// The cores that the build makes.
import { readFileSync } from "node:fs";
import { Core } from "../../host/node/core.ts";
import { root } from "./paths.ts";

export const flavours = ["release", "debug"] as const;
export type Flavour = (typeof flavours)[number];

/** The bytes of a built core. */
export function coreBytes(flavour: Flavour): Buffer<ArrayBuffer> {
  return readFileSync(`${root}build/core${flavour === "debug" ? ".debug" : ""}.wasm`);
}

/** A core that has not seen an event yet. */
export function freshCore(flavour: Flavour): Core {
  return Core.of(coreBytes(flavour));
}
