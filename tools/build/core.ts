/** Compiles assembly/ to Wasm, as asconfig.json says. */
import { execFileSync } from "node:child_process";
import { relative } from "node:path";

/**
 * The compiler's arguments but for the target, from the project's root: paths of entries, outputs
 * and of the configuration are seen from assembly/, libraries from where the compiler runs. Of
 * the options: static data begins low, one page never grows, a trap takes the place of an imported
 * abort, and bulk memory would need a bigger runtime in the native host.
 */
export const compilerArgs = ["--baseDir", "assembly", "--config", "../asconfig.json"];

/** Compiles one flavour to a file; throws if it can't. */
export function compileCore(path: string, flavour: "release" | "debug"): void {
  const output = ["--target", flavour, "--outFile", relative("assembly", path)];
  execFileSync(
    process.execPath,
    ["node_modules/assemblyscript/bin/asc.js", ...compilerArgs, ...output],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
}
