// One line for each adopted process that is reaped.
import { inBothPositions } from "../support/positions.ts";
import { expect } from "../support/system-test.ts";
import { USR1 } from "../support/signals.ts";

const ORPHANS = 12;

inBothPositions((claim) => {
  for (const option of ["-w", "--warn-on-reap"]) {
    claim(`${option} says of each adopted process that it was reaped`, async ({ probe }) => {
      const init = probe([option], `orphans:${ORPHANS}`, `listen:${USR1}`);
      await init.event("listening");
      await init.stderr.until("a line for each", () =>
        init.stderr.lines.length >= ORPHANS ? true : undefined,
      );
      await init.signal(USR1);
      expect((await init.finished()).status).toBe(0);
      const lines = init.stderr.lines;
      const pids = lines.map((line) => /^wasm-init: reaped adopted process (\d+)$/.exec(line)?.[1]);
      expect(new Set(pids).size).toBe(ORPHANS);
      expect(pids).not.toContain(undefined);
    });
  }

  claim("says nothing of the command, nor of what the command reaped", async ({ probe }) => {
    const init = probe(["-w"], "child{", "exit:1", "}", "wait", "exit:3");
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
  });

  claim("says nothing with -q, nor when it was not asked for", async ({ probe }) => {
    for (const options of [["-w", "-q"], []]) {
      const init = probe(options, `orphans:${ORPHANS}`, "exit:3");
      expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    }
  });
});
