// What the tests of the core reach of it: every branch, but for those that uncovered.ts lists.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { uncovered } from "./uncovered.ts";

const PATIENCE_MS = 1_200_000;

interface Place {
  file: string;
  way: string;
  text: string;
}

const lineOf = ({ file, way, text }: Place) => `${file}: ${way}: ${text}`;

test(
  "the tests of the core take all its branches but those that are listed",
  {
    timeout: PATIENCE_MS,
  },
  ({ skip, task }) => {
    if (process.env.CI !== "true")
      skipLoudly({ skip, task }, "with CI=true only; npm run coverage");
    const args = ["--import", "tsx", "tools/check/coverage/coverage.ts", "core"];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    process.stderr.write(stdout);
    expect(status, stderr).toBe(0);
    const untaken = readFileSync(`${root}build/coverage/untaken.json`, "utf8");
    const left = (JSON.parse(untaken) as Place[]).map(lineOf);
    expect(left.sort()).toEqual(uncovered.map(lineOf).sort());
  },
);
