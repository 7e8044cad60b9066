// A trace of 100 MB is read piece by piece, and told as it is read.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storm } from "../../bench/replay.ts";
import { coreBytes, freshCore } from "../support/cores.ts";
import { root } from "../support/paths.ts";

const EVENTS = 1_400_000;
/** Of Node's own heap, in MB, and of the whole process: less than the file and Node itself take. */
const HEAP = 64;
const RESIDENT = 200;
const TIMEOUT_MS = 600_000;

const folder = mkdtempSync(join(tmpdir(), "wasm-init-large-"));
const file = join(folder, "run");
const printed = join(folder, "printed");
const measure = join(folder, "measure.mjs");

beforeAll(() => {
  const sha256 = createHash("sha256").update(coreBytes("release")).digest();
  writeFileSync(file, storm(freshCore("release"), EVENTS, sha256));
  const report = "process.stderr.write(`${process.resourceUsage().maxRSS}\\n`)";
  writeFileSync(measure, `process.on("exit", () => ${report});\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the tool with little memory; returns the beginning and the end of what it prints. */
function told(...args: string[]): { size: number; beginning: string; end: string } {
  const program = `${root}build/wasm-init-trace.mjs`;
  const stdout = openSync(printed, "w");
  const { status, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP}`, "--import", measure, program, ...args],
    { encoding: "utf8", stdio: ["ignore", stdout, "pipe"] },
  );
  closeSync(stdout);
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/^\d+\n$/);
  expect(Number(stderr) / 1024).toBeLessThan(RESIDENT);
  const { size } = statSync(printed);
  const bytes = Buffer.alloc(1000);
  const file = openSync(printed, "r");
  const part = (at: number) => bytes.subarray(0, readSync(file, bytes, 0, 1000, at)).toString();
  const answer = { size, beginning: part(0), end: part(Math.max(size - 1000, 0)) };
  closeSync(file);
  return answer;
}

test("the file has 100 MB", () => {
  expect(statSync(file).size).toBeGreaterThan(100e6);
});

describe("with little memory", () => {
  test(
    "replay compares every event",
    () => {
      const { beginning } = told("replay", file);
      expect(beginning).toMatch(/^1400000 events and 1400000 actions, .*: no difference\n$/);
    },
    TIMEOUT_MS,
  );

  test(
    "why tells it in a few lines",
    () => {
      const { beginning, size } = told("why", file);
      expect(size).toBeLessThan(1000);
      expect(beginning).toContain("USR1 from pid 1000: 700000 times in all\n");
      expect(beginning).toContain("700000 other processes were reaped\n");
    },
    TIMEOUT_MS,
  );

  test(
    "show goes on to the last event",
    () => {
      const { size, end } = told("show", file);
      expect(size).toBeGreaterThan(100e6);
      expect(end).toMatch(/1.399999 {2}ChildExited 77 with 0\n +Reap 77\n$/);
    },
    TIMEOUT_MS,
  );

  test(
    "svg draws once what would fall on the same place",
    () => {
      const { size, end } = told("svg", file);
      expect(size).toBeLessThan(1e6);
      expect(end).toMatch(/and 699971 more processes<\/text>\n<\/svg>\n$/);
    },
    TIMEOUT_MS,
  );

  test(
    "a reader that has seen enough ends it",
    () => {
      const script = '"$0" --max-old-space-size=64 "$1" show "$2" | head -n 3';
      const args = [process.execPath, `${root}build/wasm-init-trace.mjs`, file];
      const ran = spawnSync("sh", ["-c", script, ...args], { encoding: "utf8" });
      expect(ran).toMatchObject({ status: 0, stderr: "" });
      expect(ran.stdout.split("\n")).toHaveLength(4);
    },
    TIMEOUT_MS,
  );

  // Three times the trace, and as much time.
  if (process.env.CI === "true") {
    test(
      "show --json prints every event",
      () => {
        const { end } = told("show", "--json", file);
        const last = JSON.parse(end.trimEnd().split("\n").at(-1) ?? "") as { step: number };
        expect(last.step).toBe(EVENTS);
      },
      TIMEOUT_MS,
    );

    test(
      "export writes every event",
      () => {
        const { size, end } = told("export", "--format", "perfetto", file);
        expect(size).toBeGreaterThan(100e6);
        expect(end).toMatch(/"name":"wasm-init"}\n\]}\n$/);
      },
      TIMEOUT_MS,
    );
  }
});
