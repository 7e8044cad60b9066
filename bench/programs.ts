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
const root = fileURLToPath(new URL("../", import.meta.url));
/** Where the built programs are. */
const folder = fileURLToPath(new URL("../build/bench/", import.meta.url));

const warnings = ["-std=gnu11", "-Wall", "-Wextra"];
const packed = ["-Os", "-static", "-s", "-no-pie", "-Wl,-z,noseparate-code"];

type Name = "driver" | "bare" | "exit0" | "stamp" | "orphans" | "decisions";

/** The path of a built program. */
export function program(name: Name): string {
  return folder + name;
}

/** Builds them all; throws with the compiler's own words where that fails. */
export function buildPrograms(): void {
  mkdirSync(folder, { recursive: true });
  compile("gcc", ["-O2"], "driver", [
    `${here}driver.c`,
    `${here}driver/process.c`,
    `${here}driver/measures.c`,
    `${here}driver/idle.c`,
  ]);
  const compiler = runs("musl-gcc") ? "musl-gcc" : "gcc";
  if (compiler === "gcc")
    say("musl-gcc is missing: building the bare spawn with the system's C library");
  compile(compiler, packed, "bare", [`${here}bare.c`]);
  for (const name of ["exit0", "stamp", "orphans"] as const)
    compile(compiler, packed, name, [`${here}programs/${name}.c`]);
}

/** Builds the program that drives the native core, with the flags that make its code the same. */
export function buildDecisions(): void {
  const native = `${root}host/native`;
  const generated = `${root}build/native`;
  const includes = [generated, `${root}host/shim`, native].map((path) => `-I${path}`);
  const flags = ["-Os", "-DNDEBUG", "-fno-pie", "-no-pie", "-flto", ...includes];
  // Where its pages lie is of no account here.
  const placed = [`-Wl,-T,${native}/linear.ld`, "-Wl,--defsym=linear_cold_size=0"];
  // What wasm2c makes has functions that this core does not need.
  compile("gcc", [...flags, ...placed, "-w"], "decisions", [
    `${here}decisions.c`,
    `${native}/core.c`,
    `${generated}/linear.c`,
    `${generated}/translated.c`,
  ]);
}

function runs(compiler: string): boolean {
  return spawnSync(compiler, ["--version"], { stdio: "ignore" }).status === 0;
}

function compile(compiler: string, flags: string[], name: Name, sources: string[]): void {
  const args = [...warnings, ...flags, "-o", program(name), ...sources];
  const result = spawnSync(compiler, args, { encoding: "utf8" });
  if (result.status !== 0)
    throw new Error(
      `${compiler} could not build ${name}: ${result.error?.message ?? result.stderr}`,
    );
}
