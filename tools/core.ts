/** Compiles assembly/ to Wasm. */
import { execFileSync } from "node:child_process";
import { relative } from "node:path";

const folder = "assembly";

/** Flags of every build: static data low, one page that never grows, nothing imported. */
export const commonFlags = [
  "index.ts",
  "--lib",
  "raw",
  "--lib",
  "../build/assembly",
  "--noUnsafe",
  "--runtime",
  "stub",
  "--memoryBase",
  "16",
  "--initialMemory",
  "1",
  "--maximumMemory",
  "1",
  // A trap takes the place of an abort that would be imported.
  "--use",
  "abort=",
  // memory.fill and memory.copy would need a bigger runtime in the native host.
  "--disable",
  "bulk-memory",
];

const flavours = {
  release: ["-O3s", "--converge", "--noAssert"],
  debug: ["-O0", "--debug", "--sourceMap"],
};

/** Compiles one flavour to a file; throws if it can't. The compiler finds libraries from where it runs. */
export function compileCore(path: string, flavour: keyof typeof flavours): void {
  const args = [...commonFlags, ...flavours[flavour], "--outFile", relative(folder, path)];
  execFileSync(process.execPath, ["../node_modules/assemblyscript/bin/asc.js", ...args], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
}
