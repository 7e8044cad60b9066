// What compilers and analyzers say of our C: nothing.
import { spawnSync } from "node:child_process";
import { present } from "../../tools/setup/paths.mjs";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const PATIENCE_MS = 600_000;
const isThorough = process.env.CI === "true";

const ways = [
  { way: "warnings", what: "gcc with -Wall -Wextra -Wconversion", program: "gcc", slow: false },
  { way: "cppcheck", what: "cppcheck", program: "cppcheck", slow: false },
  { way: "analyzer", what: "gcc -fanalyzer", program: "gcc", slow: true },
  { way: "tidy", what: "clang-tidy", program: "clang-tidy", slow: true },
  { way: "cross", what: "the compilers of other architectures", program: "gcc", slow: true },
];

const options = { timeout: PATIENCE_MS };

test.for(ways)("$what finds nothing amiss in our C", options, (it, { skip, task }) => {
  if (it.slow && !isThorough) skipLoudly({ skip, task }, "with CI=true only; npm run analyze");
  if (!present(it.program)) skipLoudly({ skip, task }, `${it.program} is missing`);
  const args = ["--import", "tsx", "tools/check/analyze.ts", it.way];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(stdout).toBe(`${it.way}: ok\n`);
  expect(status).toBe(0);
});
