// --group: a process group, but no session of the command's own.
import { got, inBothPositions } from "../support/positions.ts";
import { expect } from "../support/system-test.ts";
import { TERM, USR1 } from "../support/signals.ts";

inBothPositions((claim) => {
  for (const option of ["-g", "--group"]) {
    claim(
      `${option} gives the command a process group in the init's session`,
      async ({ probe }) => {
        const report = (options: string[]) => probe(options, "report").event("report");
        const grouped = await report([option]);
        const alone = await report([]);
        expect(grouped.pgid).toBe(grouped.pid);
        expect(grouped.sid).not.toBe(grouped.pid);
        expect(alone.pgid).toBe(alone.pid);
        expect(alone.sid).toBe(alone.pid);
      },
    );
  }

  claim("-g signals the whole group", async ({ probe }) => {
    const init = probe(
      ["-g"],
      ...["child{", "name:rest", `listen:${TERM}`, "}", "name:command", `listen:${TERM}`, "wait"],
    );
    await init.event("listening", "rest");
    await init.event("listening", "command");
    await init.signal(USR1);
    await init.received(USR1, "rest");
    await init.received(USR1, "command");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
    expect(got(init, "rest")).toEqual([USR1, TERM]);
  });
});
