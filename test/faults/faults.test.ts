// Every system call of the init fails, by every errno that it can, one call at a time: nothing of
// it ends a command that runs, hangs, or loses a signal or a status. One test for each row and
// errno of the table.
import type { Lab } from "../support/lab.ts";
import { whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { runCell } from "./running.ts";
import type { Run } from "./running.ts";
import { FENCE, scenes } from "./scenes.ts";
import type { Scene } from "./scenes.ts";
import { table } from "./table.ts";
import type { Row } from "./table.ts";

/** What a run must have come to. */
function judge(row: Row, run: Run) {
  const { expectation } = row;
  const { status, signals }: Scene = scenes[row.scene];
  if (expectation === "recovers" || expectation === "reports" || expectation === "loses") {
    expect(run.status).toBe(status);
  }
  switch (expectation) {
    case "recovers":
      expect(run.signals).toEqual(signals);
      break;
    case "reports":
      expect(run.signals).toEqual(signals);
      expect(run.complaints.length).toBeGreaterThan(0);
      break;
    case "loses":
      expect(run.signals).toHaveLength(signals.length - 1);
      expect(run.signals).toContain(FENCE);
      break;
    case "not run":
      expect([126, 127]).toContain(run.status);
      expect(run.stdout).toBe("");
      expect(run.complaints).toHaveLength(1);
      break;
    case "refuses":
      expect(run.status).toBe(125);
      expect(run.stdout).toBe("");
      expect(run.complaints).toHaveLength(1);
      break;
    case "kills":
      expect(run.status).toBe(125);
      expect(run.complaints).toHaveLength(1);
  }
}

/** Fails one call. */
async function cell(lab: Lab, row: Row, errno: string, at: number) {
  const run = await runCell(lab, row, errno, at);
  // How often a call is made later on depends on what comes together; the first one always is.
  const made = run.calls.some((line) => line.includes("(INJECTED)"));
  if (at === 1 || row.expectation !== "recovers") expect({ at, made }).toEqual({ at, made: true });
  try {
    judge(row, run);
  } catch (error) {
    const story = JSON.stringify({ at, ...run }, null, 2).slice(0, 3000);
    throw new Error(`${String(error)}\n${story}`, { cause: error });
  }
}

for (const row of table) {
  // Promise: docs/reliability.md: A trace file that fails while
  // Promise: docs/reliability.md: A drain that can't read `/proc`
  // Promise: docs/reliability.md: A signal whose value can't be passed
  // Promise: docs/reliability.md: A clock that can't be read
  // Promise: docs/reliability.md: `waitid` that fails, even with ECHILD
  // Promise: docs/reliability.md: Without a signal mask
  // Promise: docs/reliability.md: Every system call may fail by every errno
  // Promise: docs/reliability.md: When PID 1 dies
  describe(`${row.call} in the scene "${row.scene}"`, () => {
    for (const errno of row.errnos) {
      test(`${row.expectation} at ${errno}`, async ({ lab, skip, task }) => {
        const why = whyNoStrace();
        if (why !== undefined) skipLoudly({ skip, task }, why);
        // All at once: each is asleep most of the time.
        await Promise.all((row.at ?? [1]).map((at) => cell(lab, row, errno, at)));
      });
    }
  });
}
