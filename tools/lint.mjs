// npm run lint: every formatter, linter and type check, and a look for imports in a circle and for
// what nothing uses; npm run format, with --fix: the formatters.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";
import { bin, ready } from "./setup/ready.mjs";
import { aloud } from "./setup/run.mjs";

const fix = process.argv.includes("--fix");

ready();

/**
 * The files of some folders that are written by hand, in C or C++.
 * @param {string[]} folders
 * @returns {string[]}
 */
function cFiles(...folders) {
  return folders.flatMap((folder) => {
    /** @type {import('node:fs').Dirent[]} */
    let entries;
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch {
      return [];
    }
    return entries.flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory())
        return ["build", "node_modules"].includes(entry.name) ? [] : cFiles(path);
      return /\.(c|h|cc)$/.test(entry.name) && !isGenerated(path) ? [path] : [];
    });
  });
}

/**
 * Tells a generated file, which its generator lays out, by the word that it begins with.
 * @param {string} path
 */
function isGenerated(path) {
  const head = Buffer.alloc(80);
  const file = openSync(join(root, path), "r");
  readSync(file, head);
  closeSync(file);
  return /^\W*generated\b/i.test(head.toString());
}

/**
 * Lays out C files, or names those that are not laid out: clang-format itself would print every
 * place.
 * @param {string[]} files
 * @returns {number} an exit status
 */
function layOut(files) {
  if (fix || files.length === 0)
    return files.length && aloud(bin("clang-format"), ["-i", ...files]);
  const args = ["--dry-run", "-Werror", ...files];
  const result = spawnSync(bin("clang-format"), args, { cwd: root, encoding: "utf8" });
  if (result.status === 0) return 0;
  const names = new Set(result.stderr.match(/^[^\s:]+(?=:\d+:\d+: error)/gm));
  for (const name of names) process.stdout.write(`${name}: npm run format would lay it out anew\n`);
  if (names.size === 0) process.stdout.write(result.stderr);
  return 1;
}

/** @type {Record<string, () => number>} */
const checks = {
  prettier: () => aloud(bin("prettier"), [fix ? "--write" : "--check", "--log-level=warn", "."]),
  eslint: () => aloud(bin("eslint"), ["--max-warnings=0", ...(fix ? ["--fix"] : []), "."]),
  "clang-format": () => layOut(cFiles("host", "bench", "test")),
  types: () => aloud(bin("tsc"), ["--noEmit"]),
  circles: () => aloud(process.execPath, ["--import", "tsx", "tools/check/circles.ts"]),
  unused: () => aloud(bin("knip"), ["--no-progress"]),
};
if (fix) {
  delete checks.types;
  delete checks.circles;
  delete checks.unused;
}

let failures = 0;
for (const [name, check] of Object.entries(checks)) {
  const status = check();
  process.stdout.write(`${name}: ${status === 0 ? "ok" : "failed"}\n`);
  if (status !== 0) failures++;
}
process.exitCode = failures > 0 ? 1 : 0;
