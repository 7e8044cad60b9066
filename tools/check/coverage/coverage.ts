/**
 * Lines and branches that the tests reach.
 *
 *   tsx tools/check/coverage/coverage.ts [core] [shim]
 *
 * Both unless one is named. The core's come from counters in its own source, while the tests of the
 * core run; those of the shim and the loop from clang's, while the suites of real runs do.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { asked } from "../asked";
import { buildCovered, leftOut } from "../../build/hosted";
import { compileCounted, coverageOf, untaken } from "./core";
import type { Branch } from "./instrument";

const OUT = "build/coverage";

/** Suites that drive the core by itself, without the one that looks at its binary. */
const coreSuites = ["test/core", "test/traces", "test/simulator"];
const notCounted = { files: ["binary"], tests: [] };

const realRuns = ["test/system", "test/shutdown", "test/replay/recorder.test.ts"];

/** Whether all that ran passed. */
function run(
  suites: string[],
  left: { files: string[]; tests: string[] },
  env: NodeJS.ProcessEnv,
): boolean {
  const files = suites.flatMap((suite) =>
    suite.endsWith(".ts")
      ? [suite]
      : readdirSync(suite)
          .filter((name) => name.endsWith(".test.ts"))
          .filter((name) => !left.files.includes(name.replace(".test.ts", "")))
          .map((name) => `${suite}/${name}`),
  );
  const names = left.tests.length === 0 ? [] : ["-t", `^(?!(?:${left.tests.join("|")})$)`];
  const { status } = spawnSync(
    "node_modules/.bin/vitest",
    ["run", "--project", "tests", "--reporter=dot", ...files, ...names],
    { stdio: ["ignore", 2, 2], env: { ...process.env, ...env } },
  );
  return status === 0;
}

function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return resolve(folder);
}

function percentage(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** A row of the report. */
function row(name: string, lines: [number, number], branches: [number, number]): string {
  const cell = ([part, whole]: [number, number]) =>
    `${part}/${whole}`.padStart(11) + percentage(part, whole).padStart(9);
  return `${name.padEnd(34)}${cell(lines)}${cell(branches)}\n`;
}

/** What the tests of the core reach of it: prints the report, and returns what is left. */
export async function coverCore(): Promise<{ passed: boolean; left: Branch[] }> {
  const folder = emptied(`${OUT}/hits`);
  const { binary, places } = await compileCounted();
  writeFileSync(`${OUT}/core.wasm`, binary);
  const passed = run(coreSuites, notCounted, {
    COUNTED_CORE: resolve(`${OUT}/core.wasm`),
    CORE_HITS: folder,
  });
  const hits = new Uint8Array(places.list.length);
  for (const name of readdirSync(folder)) {
    const counted = readFileSync(`${folder}/${name}`);
    for (const [index, hit] of hits.entries()) hits[index] = hit | (counted[index] ?? 0);
  }
  const files = coverageOf(places, hits);
  const sum = (of: (file: (typeof files)[number]) => number) =>
    files.reduce((total, file) => total + of(file), 0);
  process.stdout.write(`${"core".padEnd(34)}${"lines".padStart(20)}${"branches".padStart(20)}\n`);
  for (const it of files)
    process.stdout.write(row(it.file, [it.linesRun, it.lines], [it.branchesTaken, it.branches]));
  process.stdout.write(
    row(
      "all",
      [sum((it) => it.linesRun), sum((it) => it.lines)],
      [sum((it) => it.branchesTaken), sum((it) => it.branches)],
    ),
  );
  const left = untaken(places, hits);
  for (const { file, line, way, text } of left)
    process.stdout.write(`not taken: ${file}:${line}: ${way}: ${text}\n`);
  writeFileSync(`${OUT}/untaken.json`, `${JSON.stringify(left, null, 2)}\n`);
  return { passed, left };
}

interface Totals {
  lines: { covered: number; count: number };
  branches: { covered: number; count: number };
}

/** What the suites of real runs reach of the shim and the loop. */
function coverShim(): boolean {
  const profiles = emptied(`${OUT}/profiles`);
  const { binary, trapping } = buildCovered(profiles);
  const passed = run(realRuns, leftOut, {
    WASM_INIT_BINARY: resolve(binary),
    WASM_INIT_TRAPPING: resolve(trapping),
  });
  const merged = `${OUT}/shim.profdata`;
  const raw = readdirSync(profiles).map((name) => `${profiles}/${name}`);
  spawnSync("llvm-profdata", ["merge", "-sparse", "-o", merged, ...raw], { stdio: [0, 2, 2] });
  const { stdout } = spawnSync(
    "llvm-cov",
    ["export", "-summary-only", `-instr-profile=${merged}`, binary, `-object=${trapping}`],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const { data } = JSON.parse(stdout) as {
    data: { files: { filename: string; summary: Totals }[] }[];
  };
  const files = (data[0]?.files ?? [])
    .map(({ filename, summary }) => ({ name: filename.replace(`${resolve(".")}/`, ""), summary }))
    .filter(({ name }) => /^host\/.*\.c$/.test(name));
  process.stdout.write(
    `${"shim, loop".padEnd(34)}${"lines".padStart(20)}${"branches".padStart(20)}\n`,
  );
  const all: [number, number, number, number] = [0, 0, 0, 0];
  for (const { name, summary } of files) {
    const { lines, branches } = summary;
    const numbers = [lines.covered, lines.count, branches.covered, branches.count] as const;
    for (const [index, number] of numbers.entries()) all[index] = (all[index] ?? 0) + number;
    process.stdout.write(row(name, [numbers[0], numbers[1]], [numbers[2], numbers[3]]));
  }
  process.stdout.write(row("all", [all[0], all[1]], [all[2], all[3]]));
  return passed;
}

if (process.argv[1]?.endsWith("coverage/coverage.ts") === true) {
  const parts = asked(["core", "shim"]);
  let passed = true;
  if (parts.includes("core")) passed = (await coverCore()).passed;
  if (parts.includes("shim")) passed = coverShim() && passed;
  process.exitCode = passed ? 0 : 1;
}
