// KILL can be refused: a command, or a daemon, that has become another user's process.
import { chmodSync, copyFileSync } from "node:fs";
import { copyOfProgram } from "../support/copies.ts";
import { hostUnderTest } from "../support/host.ts";
import type { Host } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { timeFrom } from "../support/positions.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { TERM } from "../support/signals.ts";

/** A user id that nobody has, as long as nobody else makes it up. */
const NOBODY = 61_235;

/** An init of that user's, whose command, a setuid program, takes these steps as root. */
function beyondReach(lab: Lab, pid1: boolean, options: string[], ...steps: string[]): StartedInit {
  const host: Host = { ...hostUnderTest(), command: copyOfProgram(`${lab.folder}/init`) };
  const setuid = `${lab.folder}/setuid`;
  copyFileSync(lab.probe, setuid);
  chmodSync(setuid, 0o4755);
  const command = steps.map((step) => (step === "SETUID" ? setuid : step));
  return lab.start({ host, pid1, cwd: lab.folder, prepare: [`user:${NOBODY}`], options, command });
}

describe.each([
  ["PID 1", true],
  ["a subreaper", false],
])("a process that the kernel won't let %s kill", (_, pid1) => {
  const cases: [claim: string, options: string[], steps: string[], status: number][] = [
    [
      "does not hold up the exit longer than a second after the plan's KILL",
      ["-k", "TERM:20ms,KILL"],
      ["SETUID", "user:0", "report", "say:ready", "pause"],
      137,
    ],
    [
      "does not hold up the exit longer than a second after the drain's KILL",
      ["--drain=20ms"],
      [
        ...["SETUID", "name:command", "session{", "user:0", "report", "say:ready", "pause", "}"],
        ...["user:" + String(NOBODY), `listen:${TERM}`, "exit:3"],
      ],
      3,
    ],
  ];
  for (const [claim, options, steps, status] of cases) {
    test(claim, async ({ lab, skip, task }) => {
      if (process.getuid?.() !== 0) {
        skipLoudly({ skip, task }, "only root can make a setuid program and become a user");
      }
      const init = beyondReach(lab, pid1, options, ...steps);
      const report = await init.event("report");
      await init.event("say");
      if (report.uid !== 0 || report.euid !== 0) {
        await lab.endTheRest();
        skipLoudly({ skip, task }, `${lab.folder} is mounted nosuid`);
      }
      if (status === 3) await init.event("listening");
      const took = await timeFrom(() => init.signal(TERM), init.exit());
      expect(await init.exit()).toEqual({ status, signal: null });
      expect(took).toBeGreaterThanOrEqual(1_000);
      expect(took).toBeLessThan(6_000);
      // One line when the first signal was refused, one for the exit.
      await lab.endTheRest();
      await init.finished();
      expect(init.stderr.lines.map((line) => line.replace(/to \d+/, "to N"))).toEqual([
        "wasm-init: cannot send TERM to N: Operation not permitted",
        // As PID 1 one call is for all, which succeeds unless nobody is there (kill(2)).
        status === 3 && pid1
          ? "wasm-init: gave up: processes survived KILL for 1s"
          : "wasm-init: gave up: cannot send KILL to the remaining processes",
      ]);
    });
  }
});
