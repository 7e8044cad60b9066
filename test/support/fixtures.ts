// Builds the C programs of test/fixtures on first use.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { fixtures, testBuild } from "./paths.ts";

/**
 * Compiles sources into one static program: it has to run in an empty container too. The program's
 * name holds a hash of all that goes in, so nothing is built twice and nothing is ever stale; the
 * rename makes it safe for several test workers to do this at the same time.
 */
function compile(name: string, folder: string, flags: string[], others: string[] = []): string {
  const own = readdirSync(folder)
    .filter((file) => /\.[ch]$/.test(file))
    .sort()
    .map((file) => `${folder}/${file}`);
  const sources = [...own, ...others];
  const hash = createHash("sha256").update(JSON.stringify(flags));
  for (const source of sources) hash.update(readFileSync(source));
  const program = `${testBuild}/${name}-${hash.digest("hex").slice(0, 12)}`;
  if (existsSync(program)) return program;
  mkdirSync(testBuild, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  const units = sources.filter((source) => source.endsWith(".c"));
  execFileSync("gcc", [...flags, "-o", unfinished, ...units], { stdio: ["ignore", 2, 2] });
  renameSync(unfinished, program);
  return program;
}

const FLAGS = ["-O1", "-Wall", "-Wextra", "-Werror", "-static"];

/** The command that reports what it sees: see test/fixtures/probe/main.c. */
export function probeProgram(): string {
  return compile("probe", `${fixtures}/probe`, FLAGS);
}

/** The driver that starts inits by the thousand: see test/fixtures/sweep/sweep.c. */
export function sweepProgram(): string {
  return compile("sweep", `${fixtures}/sweep`, FLAGS);
}

/** A dynamic program whose loader does not exist. */
export function loaderlessProgram(): string {
  const flags = ["-Wl,--dynamic-linker=/no/such/loader.so"];
  return compile("loaderless", `${fixtures}/loaderless`, flags);
}

/** Pairs of processes that respawn each other: see test/fixtures/bomb/bomb.c. */
export function bombProgram(): string {
  return compile("bomb", `${fixtures}/bomb`, FLAGS);
}

/** A process whose main thread has ended: see test/fixtures/leaderless/main.c. */
export function leaderlessProgram(): string {
  return compile("leaderless", `${fixtures}/leaderless`, [...FLAGS, "-pthread"]);
}

/** Runs a command under a seccomp profile: see test/fixtures/confine/main.c and profiles.ts. */
export function confineProgram(): string {
  return compile("confine", `${fixtures}/confine`, FLAGS);
}

/** Strangers who take every process id as soon as it is free: see test/fixtures/recycle/main.c. */
export function recycleProgram(): string {
  return compile("recycle", `${fixtures}/recycle`, FLAGS);
}

/** A command that gives its init events by the million: see test/fixtures/endure/main.c. */
export function endureProgram(): string {
  return compile("endure", `${fixtures}/endure`, FLAGS);
}
