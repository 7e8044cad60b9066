/**
 * Fuzzes a target.
 *
 *   tsx tools/check/fuzz/fuzz.ts grammar|events|opening|traces [--time 30m]
 *
 * What was new is kept in build/fuzz/corpus/TARGET, what went wrong in build/fuzz/finds; then the
 * status is 1. The last line has the figures.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dictionary } from "./dictionary";
import { recordRuns } from "./recordings";
import { buildTargets, type TargetInC, targetsInC } from "./targets";
import { fuzzTraces } from "./traces";

const DEFAULT_TIME = "60s";
const FINDS = "build/fuzz/finds";
const FIGURES = "build/fuzz/traces.json";
const TIMEOUT_SECONDS = 10;
const INPUT_BYTES_MAX = 800;

const usage = "npm run fuzz -- grammar|events|opening|traces [--time 30m]";

function secondsOf(time: string): number {
  const [, number, unit] = /^(\d+)(s|m|h)?$/.exec(time) ?? [];
  if (number === undefined)
    throw new Error(`'${time}' is not a duration: expected 90, 90s, 30m or 2h`);
  return Number(number) * (unit === "m" ? 60 : unit === "h" ? 3600 : 1);
}

async function main(args: string[]): Promise<number> {
  const [target = "", ...rest] = args;
  const at = rest.indexOf("--time");
  const seconds = secondsOf(at < 0 ? DEFAULT_TIME : (rest[at + 1] ?? ""));
  const committed = `test/fuzz/corpus/${target}`;
  const corpus = `build/fuzz/corpus/${target}`;
  mkdirSync(corpus, { recursive: true });
  mkdirSync(FINDS, { recursive: true });
  if (target === "traces" && process.env["FUZZ_INNER"] === undefined) {
    // What the trace tool prints goes nowhere: into a process that has no stdout to speak of.
    const { status } = spawnSync(
      process.execPath,
      ["--import", "tsx", "tools/check/fuzz/fuzz.ts", ...args],
      {
        stdio: ["ignore", "ignore", 2],
        env: { ...process.env, FUZZ_INNER: "1" },
      },
    );
    process.stdout.write(readFileSync(FIGURES, "utf8"));
    return status ?? 1;
  }
  if (target === "traces") {
    recordRuns("build/fuzz/recordings");
    const figures = await fuzzTraces(seconds, ["build/fuzz/recordings", committed], corpus, FINDS);
    writeFileSync(FIGURES, `${JSON.stringify(figures)}\n`);
    return figures.finds.length > 0 ? 1 : 0;
  }
  if (!(targetsInC as readonly string[]).includes(target)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  return fuzzInC(target as TargetInC, seconds, [corpus, committed]);
}

/** Runs libFuzzer, which goes on after a find. */
function fuzzInC(target: TargetInC, seconds: number, folders: string[]): number {
  const program = buildTargets()[target];
  writeFileSync("build/fuzz/grammar.dict", dictionary());
  const before = new Set(readdirSync(FINDS));
  const result = spawnSync(
    program,
    [
      ...folders,
      "-fork=1",
      "-ignore_crashes=1",
      `-max_total_time=${seconds}`,
      `-timeout=${TIMEOUT_SECONDS}`,
      `-max_len=${INPUT_BYTES_MAX}`,
      `-artifact_prefix=${FINDS}/${target}-`,
      ...(target === "grammar" ? ["-dict=build/fuzz/grammar.dict"] : []),
    ],
    {
      stdio: ["ignore", 2, "pipe"],
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, ASAN_OPTIONS: "quarantine_size_mb=16" },
    },
  );
  const lines = result.stderr.split("\n");
  const finds = readdirSync(FINDS).filter((it) => it.startsWith(target) && !before.has(it));
  for (const line of lines.filter((it) => it.includes("FOUND:") || it.includes("ERROR:")))
    process.stderr.write(`${line}\n`);
  process.stdout.write(`${lines.findLast((it) => /^#\d+: cov:/.test(it)) ?? ""}\n`);
  for (const find of finds) process.stdout.write(`find: ${FINDS}/${find}\n`);
  return finds.length > 0 || result.status !== 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
