// A short look with each fuzzer, from the inputs that are kept here and from fresh recordings.
// Longer: npm run fuzz -- TARGET --time 30m.
import { spawnSync } from "node:child_process";
import { present } from "../../tools/setup/paths.mjs";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const TIME = "15s";
/** The fuzzers are built, and may wait for the processor. */
const PATIENCE_MS = 600_000;

const targets = ["grammar", "events", "opening", "traces"];
const options = { timeout: PATIENCE_MS };

test.for(targets)("fuzzing %s for a while finds nothing", options, (target, { skip, task }) => {
  if (process.env.CI !== "true") skipLoudly({ skip, task }, "with CI=true only; npm run fuzz");
  if (!present("clang")) skipLoudly({ skip, task }, "clang is missing");
  const args = ["--import", "tsx", "tools/check/fuzz/fuzz.ts", target, "--time", TIME];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 26,
  });
  process.stderr.write(`${target}: ${stdout}`);
  expect(stderr).not.toMatch(/FOUND|ERROR/);
  expect(status).toBe(0);
});
