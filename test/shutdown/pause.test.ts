// No command: reap, and end on TERM or INT.
import { inBothPositions } from "../support/positions.ts";
import { theOnlyLine } from "../support/lines.ts";
import { zombiesOf } from "../support/proc.ts";
import { expect } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { HUP, INT, QUIT, TERM, USR1 } from "../support/signals.ts";

inBothPositions((claim) => {
  for (const signal of [TERM, INT]) {
    claim(`--pause ends with 0 on signal ${signal}`, async ({ start }) => {
      const init = start({ args: ["--pause"] });
      await init.ready();
      await init.signal(signal);
      expect(await init.finished()).toMatchObject({ status: 0, stdout: "", stderr: "" });
    });
  }

  claim("--pause survives every other signal, with children or without", async ({ lab, start }) => {
    for (const prepare of [[], ["session{", "listen:64", "}"]]) {
      const init = start({ args: ["--pause", "-v"], prepare });
      await init.ready();
      for (const signal of [HUP, QUIT, USR1, 13, 14, 18, 34, 64]) await init.signal(signal);
      await init.ready();
      expect(init.hasEnded).toBe(false);
      await init.signal(TERM);
      expect(await init.exit()).toMatchObject({ status: 0 });
      await lab.endTheRest();
    }
  });

  claim("--pause reaps what it is given", async ({ lab, pid1, start }) => {
    const prepare = ["session{", "repeat:3", "orphans:100", "listen:64", "}"];
    const init = start({ args: ["--pause"], prepare });
    await init.ready();
    const pid = await init.pid();
    await init.event("listening");
    const daemon = await init.outerPid((await init.event("listening")).pid);
    await eventually("no zombie is left", () => zombiesOf(pid).length === 0);
    process.kill(daemon, 64);
    await eventually("the daemon is reaped", () => zombiesOf(pid).length === 0);
    expect(init.hasEnded).toBe(false);
    await init.signal(INT);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
    expect(pid1 || zombiesOf(pid).length === 0).toBe(true);
    await lab.isQuiet();
  });

  claim("--pause says with -w whom it reaped", async ({ lab, start }) => {
    const init = start({
      args: ["--pause", "-w"],
      prepare: ["name:it", "session{", "exit:3", "}"],
    });
    await init.stderr.line(/reaped/);
    const { pid } = await init.event("forked");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 0 });
    expect(theOnlyLine(init.stderr.text)).toContain(String(pid));
    await lab.isQuiet();
  });
});
