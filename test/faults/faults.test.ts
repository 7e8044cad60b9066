// Every system call of the init fails, by every errno that it can, one call at a time: nothing of
// it ends a command that runs, hangs, or loses a signal or a status. One test for each row and
// errno of the table.
import { whyNoPid1 } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { replays, runCell, runScene } from "./running.ts";
import type { Run } from "./running.ts";
import { FENCE, scenes } from "./scenes.ts";
import type { Scene } from "./scenes.ts";
import { rowIn, table } from "./table.ts";
import type { Mode, Row } from "./table.ts";

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
      if (row.times !== undefined) expect(run.complaints).toHaveLength(1);
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
async function cell(lab: Lab, row: Row, errno: string, at: number, mode: Mode) {
  const run = await runCell(lab, row, errno, at, mode);
  // How often a call is made later on depends on what comes together; the first one always is.
  const made = run.calls.some((line) => line.includes("(INJECTED)"));
  if (at === 1 || row.expectation !== "recovers") expect({ at, made }).toEqual({ at, made: true });
  try {
    judge(row, run);
    if (run.trace !== undefined) expect(replays(run.trace)).toBe(true);
  } catch (error) {
    const story = JSON.stringify({ at, ...run }, null, 2).slice(0, 3000);
    throw new Error(`${String(error)}\n${story}`, { cause: error });
  }
}

/** A call that a mode does not make: the scene is as it is without a fault. */
async function notMade(lab: Lab, row: Row, mode: Mode) {
  const { calls, status } = await runScene(lab, row.scene, ["-e", `trace=${row.call}`], mode);
  expect(status).toBe(scenes[row.scene].status);
  expect(calls.filter((line) => line.startsWith(`${row.call}(`))).toEqual([]);
}

const MODES: Mode[] = ["any process"];
// The same code, and three times the time: every day one is enough.
if (process.env.CI === "true") MODES.push("PID 1", "recording");

describe.each(MODES)("%s:", (mode) => {
  const why = whyNoStrace() ?? (mode === "PID 1" ? whyNoPid1() : undefined);
  for (const listed of table) {
    // A scene that records anyway is the same once more.
    if (mode === "recording" && scenes[listed.scene].options("").includes("--record")) continue;
    const row = rowIn(mode, listed);
    describe(`${listed.call} in the scene "${listed.scene}"`, () => {
      if (row === undefined) {
        test("is not made", async ({ lab, skip, task }) => {
          if (why !== undefined) skipLoudly({ skip, task }, why);
          await notMade(lab, listed, mode);
        });
        return;
      }
      for (const errno of row.errnos) {
        test(`${row.expectation} at ${errno}`, async ({ lab, skip, task }) => {
          if (why !== undefined) skipLoudly({ skip, task }, why);
          // All at once: each is asleep most of the time.
          await Promise.all((row.at ?? [1]).map((at) => cell(lab, row, errno, at, mode)));
        });
      }
    });
  }
});
