// Under seccomp profiles that kill: they suit every other init, and name a call that only we make.
// There is no errno to look at then; the init and its command live all the same.
import { after } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { got, inBothPositions } from "../support/positions.ts";
import { confined, MADE_BY_US_ALONE } from "../support/profiles.ts";
import { statusField } from "../support/proc.ts";
import { describe, expect } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { CONT, KILL, TERM, USR1 } from "../support/signals.ts";

const FENCE = 64;
const QUEUED = 34;
/** The sandbox's own calls. */
const SANDBOXING = ["capget", "capset", "seccomp"];

const profiles: [name: string, calls: readonly string[]][] = [
  ...MADE_BY_US_ALONE.map((call): [string, string[]] => [call, [call]]),
  ["any of them", MADE_BY_US_ALONE],
];

describe.each(profiles)("under a seccomp profile that kills for %s", (_, calls) => {
  const host = after(confined("deny", "kill", calls));
  const isSandboxing = calls.some((call) => SANDBOXING.includes(call));

  inBothPositions((claim) => {
    claim("forwards, with values too, reaps, and ends with the status", async (stage) => {
      const steps = ["child{", "child{", "orphaned", "}", "}", `listen:${FENCE}`, "exit:7"];
      const init = stage.start({ host, command: [stage.lab.probe, ...steps] });
      await init.event("listening");
      const pid = await init.pid();
      await init.signal(USR1);
      await init.received(USR1);
      await stage.lab.run(stage.lab.probe, `send:${pid}:${QUEUED}:5`);
      await init.received(QUEUED);
      await init.signal(FENCE);
      expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
      expect(got(init)).toEqual([USR1, QUEUED, FENCE]);
    });

    claim("logs, and says with -v that there is no sandbox", async ({ start, lab }) => {
      const command = [lab.probe, `listen:${FENCE}`, "exit:7"];
      const init = start({ host, options: ["-v"], command });
      await init.stderr.line(/started/);
      await init.event("listening");
      const pid = await init.pid();
      if (isSandboxing) await init.stderr.line(/EnterSandbox failed: operation not permitted/i);
      else await eventually("a sandbox", () => statusField(pid, "Seccomp_filters") === "2");
      await init.signal(FENCE);
      const { status, stderr } = await init.finished();
      expect(status).toBe(7);
      expect(/EnterSandbox/.test(stderr)).toBe(isSandboxing);
    });

    claim("keeps to a stop plan", async ({ start, lab }) => {
      const options = ["--stop=TERM:300ms,KILL"];
      const init = start({ host, options, command: [lab.probe, "listen"] });
      await init.event("listening");
      await init.signal(TERM);
      expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
      expect(got(init)).toEqual([TERM, CONT]);
    });

    claim("says what can't be run in one line", async ({ start }) => {
      const { status, stderr } = await start({ host, command: ["/no/such/command"] }).finished();
      expect(status).toBe(127);
      expect(theOnlyLine(stderr)).toContain("/no/such/command");
    });

    if (isSandboxing) {
      claim("starts nothing where a sandbox was insisted on", async ({ start }) => {
        const options = ["--sandbox=on"];
        const init = start({ host, options, command: ["echo", "started"] });
        const { status, stdout, stderr } = await init.finished();
        expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
        expect(theOnlyLine(stderr)).toMatch(/sandbox.*operation not permitted/i);
      });
    }
  });
});
