// Reads how many tests passed and failed out of the report that the test runner wrote.
import { readFileSync } from "node:fs";

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Counts the tests of a report. What fails outside of any test is counted as one failed test, so
 * that a run that failed never says "0 failed": a file that can't be loaded, a runner that died.
 * @param {string} file the JSON report
 * @param {number} status the runner's exit status
 * @returns {Count}
 */
export function count(file, status) {
  const counted = { passed: 0, failed: 0, skipped: 0 };
  for (const { status: outcome, assertionResults } of read(file)) {
    const failures = assertionResults.filter((test) => test.status === "failed").length;
    const passes = assertionResults.filter((test) => test.status === "passed").length;
    counted.passed += passes;
    counted.failed += failures;
    counted.skipped += assertionResults.length - passes - failures;
    if (outcome === "failed" && failures === 0) counted.failed += 1;
  }
  const ran = counted.passed + counted.failed + counted.skipped;
  if (status !== 0 && counted.failed === 0 && ran > 0) counted.failed = 1;
  return counted;
}

/**
 * The closing line.
 * @param {Count} count
 */
export function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * @param {string} file
 * @returns {{ status: string, assertionResults: { status: string }[] }[]}
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).testResults;
  } catch {
    return [];
  }
}
