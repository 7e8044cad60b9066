/**
 * Builds the fuzz targets in C: the loop of the static binary and wasm2c's translation of the core,
 * on a fake kernel, with libFuzzer and the sanitizers.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { plainLinearSource } from "../../build/native";

const OUT = "build/fuzz";
const sanitizers = "address,undefined";
const flags = [
  ...["-g", "-O1", "-std=gnu11", "-fno-sanitize-recover=all"],
  ...["-Itest/fuzz/fake", "-Itest/fuzz", "-Ibuild/native", "-Ihost/native", "-Ihost/shim"],
];
const harness = ["loop", "kernel", "print"];
/** Of the loop: all but what stands in for a C library; of the shim: what makes no system call. */
const loop = [
  ...["argv", "core", "dispatch", "fallback", "jobs", "main", "perform", "record", "watch"].map(
    (it) => `native/${it}`,
  ),
  ...["shim/job_control", "shim/trace_writer"],
];
/** Functions that the harness has in their place; here a trap is a find, and no fallback follows. */
const replaced: Record<string, string> = {
  "native/core": "core_take",
  "native/fallback": "wasm_rt_trap",
};

/** The targets in C. */
export const targetsInC = ["grammar", "events", "opening"] as const;
export type TargetInC = (typeof targetsInC)[number];

/** Builds all of them; returns where each is. */
export function buildTargets(): Record<TargetInC, string> {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}/linear.c`, plainLinearSource(readFileSync("build/core.wasm")));
  const object = (name: string, source: string, more: string[] = []) => {
    clang([...flags, `-fsanitize=fuzzer-no-link,${sanitizers}`, ...more, "-c", source], name);
    return name;
  };
  const objects = harness.map((name) => object(`${OUT}/${name}.o`, `test/fuzz/${name}.c`));
  clang([...flags, "-c", "test/fuzz/runner.c"], `${OUT}/runner.o`);
  objects.push(`${OUT}/runner.o`);
  const own = loop.map((name) =>
    object(`${OUT}/${name.replace("/", "-")}.o`, `host/${name}.c`, [
      ...(name in replaced ? [`-D${replaced[name]}=${replaced[name]}_unseen`] : []),
    ]),
  );
  objects.push(object(`${OUT}/linear.o`, `${OUT}/linear.c`));
  objects.push(object(`${OUT}/translated.o`, "build/native/translated.c", ["-w"]));
  // So that runner.c finds the loop's variables, and nobody else's, and can put them back.
  const renamed = ["data=loop_data", "bss=loop_zero", "linear.cold=loop_zero"];
  renamed.push("linear.cold.first=loop_zero");
  const renames = renamed.map((it) => `--rename-section=.${it}`);
  for (const one of own) execFileSync("objcopy", [...renames, one], { stdio: ["ignore", 2, 2] });
  objects.push(...own);
  const programs = targetsInC.map((target) => {
    const program = `${OUT}/${target}`;
    const link = [...flags, `-fsanitize=fuzzer,${sanitizers}`, `test/fuzz/${target}.c`];
    // That one has the recorder alone, in one piece with its harness.
    if (target !== "opening") link.push(...objects);
    clang(link, program);
    return [target, program] as const;
  });
  return Object.fromEntries(programs) as Record<TargetInC, string>;
}

function clang(args: string[], out: string): void {
  execFileSync("clang", [...args, "-o", out], { stdio: ["ignore", 2, 2] });
  if (statSync(out).size === 0) throw new Error(`clang did not make ${out}`);
}
