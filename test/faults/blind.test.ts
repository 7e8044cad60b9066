// waitid(2) never answers again: nothing can be reaped. The init goes on with all else.
import { readFileSync } from "node:fs";
import { after } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { inBothPositions } from "../support/positions.ts";
import { whyNoStrace } from "../support/strace.ts";
import { expect, skipLoudly } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { KILL, TERM, USR1 } from "../support/signals.ts";

inBothPositions((claim) => {
  claim("says so once, forwards, and ends with a stop plan", async (stage) => {
    const why = whyNoStrace();
    if (why !== undefined) return skipLoudly(stage.context, why);
    const file = `${stage.lab.folder}/strace`;
    const inject = ["-e", "trace=waitid", "-e", "inject=waitid:error=EINVAL:when=1+"];
    const init = stage.start({
      host: after(["strace", "-D", "-o", file, ...inject, "--"]),
      options: ["--sandbox=off", "--stop=TERM:50ms,KILL"],
      command: [stage.lab.probe, "listen"],
    });
    const rounds = () => readFileSync(file, "utf8").split("\n").length;
    await init.event("listening");
    await init.stderr.line(/cannot wait for children: Invalid argument/);
    const told = rounds();
    expect(told).toBeGreaterThanOrEqual(20);
    await init.signal(USR1);
    await init.received(USR1);
    await eventually("some rounds more have passed", () => rounds() > told + 10);
    theOnlyLine(init.stderr.text);
    await init.signal(TERM);
    const { status } = await init.exit();
    expect(status).toBe(128 + KILL);
    expect(init.stderr.lines.slice(1)).toEqual([
      "wasm-init: gave up: processes survived KILL for 1s",
    ]);
    await stage.lab.endTheRest();
  });
});
