/**
 * Has compilers and analyzers look at our C, each file by itself; one line for each way of looking.
 *
 *   tsx tools/check/analyze.ts [warnings] [cppcheck] [analyzer] [tidy] [cross]
 *
 * All of them unless some are named. What the build has made of the core must be there.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { architectures, compilerOf } from "../setup/architectures.mjs";
import { present } from "../setup/paths.mjs";
import { asked } from "./asked";

/** As the build compiles it, but for what only matters to the linker. */
const product = [
  ...["-std=c11", "-Oz", "-DNDEBUG", "-ffreestanding", "-fno-stack-protector", "-fno-pic"],
  ...["-Ibuild/native", "-Ihost/shim", "-Ihost/native"],
];
const hosted = ["-fsyntax-only", "-std=gnu11", "-O2"];
const headers = product.slice(-3);
/** The fuzzed loop makes its system calls in a fake kernel. */
const fake = ["-Itest/fuzz/fake", "-Itest/fuzz"];
const warnings = ["-Wall", "-Wextra", "-Wconversion", "-Werror"];

/** Findings of cppcheck that are none, and why. */
const suppressions: [id: string, place: string, why: string][] = [
  ["unusedStructMember", "", "the kernel's own layouts have fields that we don't read"],
  ["redundantContinue", "", "`continue` says that a loop's body is meant to be empty"],
  ["unusedFunction", "host/shim/children.c", "the Node host calls what the loop does not"],
  ["unusedFunction", "host/native/main.c", "start() is called by start.S"],
  ["unusedFunction", "host/native/memory.c", "called by code that compilers generate"],
  ["missingIncludeSystem", "", "the headers of the system are not looked into"],
  ["unmatchedSuppression", "", "not every version of cppcheck finds all of these"],
];

/** The C files below some folders. */
function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".c"))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
}

const own = () => sources("host/shim", "host/native");
const hasTestCode = (file: string) => readFileSync(file, "utf8").includes("PLANTED_TRAP");
const programs = () => sources("test", "bench").filter((it) => !it.startsWith("test/fuzz"));

/** Runs a program; returns what it complains of, nothing if it does not. */
function complaints(program: string, args: string[]): string {
  const result = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (result.error !== undefined) return `${program}: ${result.error.message}\n`;
  return result.status === 0 ? "" : `${result.stdout}${result.stderr}`;
}

function compiled(compiler: string, flags: string[], files: string[]): string {
  const args = ["-c", "-o", "/dev/null", ...flags];
  return files.map((file) => complaints(compiler, [...args, file])).join("");
}

/** Compilers and analyzers: what each complains of. */
const ways: Record<string, () => string> = {
  warnings: () =>
    compiled("gcc", [...product, ...warnings], own()) +
    compiled("gcc", [...product, ...warnings, "-DPLANTED_TRAP"], own().filter(hasTestCode)) +
    complaints("gcc", [...hosted, ...headers, ...warnings, ...programs()]) +
    complaints("gcc", [...hosted, ...fake, ...headers, ...warnings, ...sources("test/fuzz")]),

  cppcheck: () =>
    complaints("cppcheck", [
      ...["--enable=all", "--std=c11", "--quiet", "--error-exitcode=1", "--inline-suppr"],
      "--template={file}:{line}: {id}: {message}",
      ...suppressions.map(([id, place]) => `--suppress=${id}${place === "" ? "" : `:${place}`}`),
      ...headers,
      ...["host/shim", "host/native"],
    ]),

  analyzer: () => compiled("gcc", [...product, ...warnings, "-fanalyzer"], own()),

  // .clang-tidy says what is looked for.
  tidy: () => complaints("clang-tidy", ["--quiet", ...own(), "--", ...product]),

  // -Wclobbered means the registers of system calls, which live no longer than their call.
  cross: () =>
    architectures
      .map(compilerOf)
      .filter((compiler) => present(compiler))
      .map((compiler) => compiled(compiler, [...product, ...warnings, "-Wno-clobbered"], own()))
      .join(""),
};

const parts = asked(Object.keys(ways));
for (const [way, look] of Object.entries(ways)) {
  if (!parts.includes(way)) continue;
  const found = look();
  process.stdout.write(`${found}${way}: ${found === "" ? "ok" : "failed"}\n`);
  if (found !== "") process.exitCode = 1;
}
