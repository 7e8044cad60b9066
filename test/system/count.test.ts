// The line that closes a test run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { count, line } from "../../tools/setup/count.mjs";

describe("the closing line of a test run", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-init-count-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The line for a report on files, each with its own outcome and those of its tests. */
  function lineFor(status: number, ...files: [outcome: string, tests: string[]][]): string {
    const report = join(folder, "report.json");
    const testResults = files.map(([outcome, tests]) => ({
      status: outcome,
      assertionResults: tests.map((test) => ({ status: test })),
    }));
    writeFileSync(report, JSON.stringify({ testResults }));
    return line(count(report, status));
  }

  test("counts the tests of all files", () => {
    const first: [string, string[]] = ["failed", ["passed", "failed"]];
    expect(lineFor(1, first, ["passed", ["passed"]])).toBe("2 passed, 1 failed");
  });

  test("names skipped tests where there are some", () => {
    expect(lineFor(0, ["passed", ["passed", "skipped"]])).toBe("1 passed, 0 failed, 1 skipped");
  });

  test("counts a file that could not be loaded as a failure", () => {
    expect(lineFor(1, ["failed", []], ["passed", ["passed"]])).toBe("1 passed, 1 failed");
  });

  test("counts an error outside of any test as a failure", () => {
    expect(lineFor(1, ["passed", ["passed"]])).toBe("1 passed, 1 failed");
  });

  test("counts nothing where nothing ran", () => {
    expect(line(count(join(folder, "no-such-report"), 1))).toBe("0 passed, 0 failed");
  });
});
