/**
 * Builds what the benchmark runs besides the inits: the driver, the bare spawn, the commands.
 *
 * The bare spawn and the commands are static musl programs, packed like the init itself (no
 * position independence, no separate page for the code), so that the layout of the file is no
 * advantage over the floor. Without musl they are static with the system's C library.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { say } from "./report.ts";

const here = fileURLToPath(new URL("./", import.meta.url));
/** Where the built programs are. */
export const folder = fileURLToPath(new URL("../build/bench/", import.meta.url));

const warnings = ["-std=gnu11", "-Wall", "-Wextra"];
const packed = ["-Os", "-static", "-s", "-no-pie", "-Wl,-z,noseparate-code"];

/** The path of a built program. */
export function program(name: "driver" | "bare" | "exit0" | "stamp" | "orphans"): string {
  return folder + name;
}

/** Builds them all; throws with the compiler's own words where that fails. */
export function buildPrograms(): void {
  mkdirSync(folder, { recursive: true });
  compile("gcc", ["-O2"], "driver", [
    "driver.c",
    "driver/process.c",
    "driver/measures.c",
    "driver/idle.c",
  ]);
  const compiler = runs("musl-gcc") ? "musl-gcc" : "gcc";
  if (compiler === "gcc") say("no musl-gcc: the bare spawn is built with the system's C library");
  compile(compiler, packed, "bare", ["bare.c"]);
  for (const name of ["exit0", "stamp", "orphans"] as const)
    compile(compiler, packed, name, [`programs/${name}.c`]);
}

function runs(compiler: string): boolean {
  return spawnSync(compiler, ["--version"], { stdio: "ignore" }).status === 0;
}

function compile(
  compiler: string,
  flags: string[],
  name: Parameters<typeof program>[0],
  sources: string[],
): void {
  const paths = sources.map((source) => here + source);
  const args = [...warnings, ...flags, "-o", program(name), ...paths];
  const result = spawnSync(compiler, args, { encoding: "utf8" });
  if (result.status !== 0)
    throw new Error(
      `${compiler} could not build ${name}: ${result.error?.message ?? result.stderr}`,
    );
}
