/** The folder of the bundle that this is part of, or of this file where nothing was bundled. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The bundler puts `__dirname` in place of it where there is one: URLs take long to be made. */
declare const HERE: string;

export const here = typeof HERE === "string" ? HERE : dirname(fileURLToPath(import.meta.url));
