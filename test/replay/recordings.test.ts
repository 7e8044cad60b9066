// The suites of real runs are run a second time with every init recording; this is what sees to it
// that the recordings replay.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { EventKind } from "../../assembly/abi";
import { Lab } from "../support/lab.ts";
import { binary, root } from "../support/paths.ts";
import { Recordings, TALLY } from "../support/recordings.ts";
import { expect, test } from "../support/system-test.ts";

test("what every init of a test recorded is replayed when the test ends", async ({ lab }) => {
  const recording = new Lab(lab.folder);
  for (const status of [0, 3]) {
    const init = recording.start({ command: ["sh", "-c", `exit ${status}`] });
    expect(await init.finished()).toMatchObject({ status, stderr: "" });
  }
  const unrecorded = recording.start({ command: ["true"], recorded: false });
  await unrecorded.finished();
  await recording.close();
  expect(readFileSync(`${lab.folder}/${TALLY}`, "utf8")).toBe("2 6\n");
  expect(readdirSync(lab.folder)).toEqual([TALLY]);
});

test("a recording that differs fails the test, and is kept", ({ lab }) => {
  const recordings = new Recordings(lab.folder);
  const { PATH = "/usr/bin:/bin" } = process.env;
  const run = (program: string, env: Record<string, string> = {}) =>
    spawnSync(program, ["sh", "-c", "exit 4"], {
      env: { PATH, ...recordings.environment(), ...env },
    }).status;
  expect(run(binary)).toBe(4);
  // The core that replays has no trap planted in it.
  const trap = { TRAP_KIND: String(EventKind.ChildExited), TRAP_AT: "1" };
  expect(run(`${root}build/wasm-init-trap`, trap)).toBe(4);
  expect(() => recordings.replayAll()).toThrow(/1-\d+\.trace differs at step 2, .*recorded a trap/);
  expect(readdirSync(lab.folder, { recursive: true }).join()).toMatch(/1-\d+\.trace/);
});
