/**
 * Builds the static binary's sources as a program with a C library (test/hosted/), for tools that
 * need one.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { plainLinearSource } from "./native";

const OUT = "build/hosted";

/** What the suites of real runs leave out with it. */
export const leftOut = {
  files: [
    // They run no static binary, or another.
    ...["readme", "npm-start", "set-up"],
    // Between exec and our first system call lies the loader: a signal that comes then ends us.
    "no-lost-signal",
  ],
  /**
   * The first system calls are those of a C library; without /proc, the sanitizer says on stderr that
   * it can't find its own name.
   */
  tests: [
    "the init's own system calls begin with the one that blocks the signals",
    "the init's own system calls don't grow with the number of descriptors that may be open",
    "a drain as PID 1 awaits processes that came in from outside",
  ],
};

const flags = [
  ...["-g", "-std=gnu11", "-DNDEBUG", "-ffreestanding", "-fno-omit-frame-pointer"],
  ...["-Ibuild/native", "-Ihost/native", "-Ihost/shim"],
];

/** Stands in for a C library, which is there; and enters without one. */
const left = ["memory.c", "start.S"];

function sources(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.[cS]$/.test(name) && !left.includes(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function compile(name: string, own: string[], more: string[]): string {
  mkdirSync(OUT, { recursive: true });
  const linear = `${OUT}/linear.c`;
  writeFileSync(linear, plainLinearSource(readFileSync("build/core.wasm")));
  const program = `${OUT}/${name}`;
  const files = [...sources("host/shim"), ...sources("host/native"), "test/hosted/main.c"];
  files.push(linear, "build/native/digest.c", "build/native/translated.c");
  execFileSync("clang", [...flags, ...own, ...files, ...more, "-o", program], {
    stdio: ["ignore", 2, 2],
  });
  return program;
}

/**
 * The binary and the one that traps, under AddressSanitizer and UBSan, which end it with status 99
 * at a find, and count that in the first four bytes of a file.
 */
export function buildSanitized(findings: string): { binary: string; trapping: string } {
  const own = [
    ...["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-w"],
    `-DFINDINGS="${findings}"`,
  ];
  const around = ["test/hosted/vfork.S", "-Wl,--wrap=sys_vfork,--wrap=__asan_handle_no_return"];
  return {
    binary: compile("sanitized", own, around),
    trapping: compile("sanitized-trap", [...own, "-DPLANTED_TRAP"], around),
  };
}

/** The binary and the one that traps, with counters of lines and branches, kept in a folder. */
export function buildCovered(profiles: string): { binary: string; trapping: string } {
  const build = (name: string, more: string[]) => {
    // The counters lie in the file itself, mapped: an init in its sandbox can't open one at its end.
    const counters = `-fprofile-instr-generate=${profiles}/${name}-%c%m.profraw`;
    const mapped = ["-mllvm", "-runtime-counter-relocation"];
    return compile(name, ["-O0", "-w", counters, ...mapped, "-fcoverage-mapping", ...more], []);
  };
  return { binary: build("covered", []), trapping: build("covered-trap", ["-DPLANTED_TRAP"]) };
}
