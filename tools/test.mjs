// npm test: set up, build, run the tests, and close with one line that counts them.
//
//   npm test [-- FILTER... | VITEST-OPTION...]
//
// A filter is part of a test file's path, such as test/core.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count, line } from "./setup/count.mjs";
import { bin, ready } from "./setup/ready.mjs";
import { aloud } from "./setup/run.mjs";

const args = process.argv.slice(2);
const filters = args.filter((arg) => !arg.startsWith("-"));
/** @param {string} part */
const asksFor = (part) => filters.length === 0 || filters.some((it) => it.includes(part));

const more = [];
if (asksFor("container")) more.push("--containers");
if (asksFor("release")) more.push("--releases");
// Large; without CI=true, their tests run where the tools are there already.
if (process.env.CI === "true") {
  more.push("--machines");
  if (asksFor("cross") || asksFor("release")) more.push("--cross");
}
ready("--build", "--addon", "--tests", ...more);

const folder = mkdtempSync(join(tmpdir(), "wasm-init-test-"));
const report = join(folder, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const status = aloud(bin("vitest"), ["run", ...reporters, ...args]);
const counted = count(report, status);
rmSync(folder, { recursive: true, force: true });

// Nothing may follow this line.
process.stdout.write(`${line(counted)}\n`);
const ran = counted.passed + counted.failed;
process.exitCode = status !== 0 ? status : counted.failed > 0 || ran === 0 ? 1 : 0;
