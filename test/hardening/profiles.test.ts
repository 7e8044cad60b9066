// Under seccomp profiles: what an engine refuses by default, and far more than that. The main job is
// done all the same, and not a word about it is due.
import { after } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { inBothPositions, got } from "../support/positions.ts";
import { BARELY_ENOUGH, confined, REFUSED_BY_ENGINES } from "../support/profiles.ts";
import { childrenOf } from "../support/proc.ts";
import { describe, expect } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { CONT, KILL, TERM, USR1 } from "../support/signals.ts";

const [EPERM, ENOSYS] = [1, 38];
const QUEUED = 34;

describe.each([
  ["an engine's", confined("deny", EPERM, REFUSED_BY_ENGINES), true],
  [
    "an engine's, for a kernel that is newer than it",
    confined("deny", ENOSYS, REFUSED_BY_ENGINES),
    true,
  ],
  ["a far stricter one", confined("allow", EPERM, BARELY_ENOUGH), false],
  ["a far stricter one, of ENOSYS", confined("allow", ENOSYS, BARELY_ENOUGH), false],
] as const)("under a seccomp profile: %s", (_, words, adopts) => {
  const host = after(words);

  inBothPositions((claim) => {
    claim(
      "hands on every signal, reaps, and ends with the status",
      async ({ start, lab, pid1 }) => {
        const init = start({
          host,
          command: [lab.probe, "child{", "child{", "orphaned", "}", "}", "listen:64", "exit:7"],
        });
        await init.event("listening");
        const pid = await init.pid();
        if (pid1 || adopts)
          await eventually("the command is the only child", () => childrenOf(pid).length === 1);
        for (const signal of [1, 2, 3, USR1, 12, TERM, CONT, QUEUED]) {
          await init.signal(signal);
          await init.received(signal);
        }
        expect(await init.signalsUntilFence()).toEqual(
          expect.arrayContaining([1, 2, 3, USR1, 12, TERM, CONT, QUEUED]),
        );
        expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
      },
    );

    for (const options of [[], ["-c"]]) {
      claim(`hands on what was queued, with ${options.join() || "the group"}`, async (stage) => {
        const steps = ["block:all", `send:parent:${QUEUED}:5`, "send:parent:64", "listen:64"];
        const init = stage.start({ host, options, command: [stage.lab.probe, ...steps, "exit:7"] });
        // Sending a value may be refused to the command itself.
        const { status, stderr } = await init.finished();
        if (adopts) {
          expect({ status, stderr }).toEqual({ status: 7, stderr: "" });
          expect(got(init)).toEqual([QUEUED, 64]);
        } else {
          expect({ status, stderr }).toEqual({
            status: 99,
            stderr: expect.stringMatching(/rt_sigqueueinfo/),
          });
        }
      });
    }

    claim("keeps to a stop plan", async ({ start, lab }) => {
      const options = ["--stop=TERM:1s,KILL"];
      const init = start({ host, options, command: [lab.probe, "listen"] });
      await init.event("listening");
      await init.signal(TERM);
      expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
      expect(got(init)).toEqual([TERM, CONT]);
    });

    claim("drains", async ({ start, lab, pid1 }) => {
      const command = [lab.probe, "session{", "say:there", "pause", "}", "listen:64", "exit:7"];
      const init = start({ host, options: ["--drain=10s"], command });
      await init.event("listening");
      await init.event("say");
      await init.signal(64);
      expect(await init.exit()).toMatchObject({ status: 7 });
      // Who could not become a subreaper has no descendants left.
      if (!pid1 && !adopts) await lab.endTheRest();
      await lab.isQuiet();
    });

    claim("says what can't be run in one line", async ({ start }) => {
      const { status, stderr } = await start({ host, command: ["/no/such/command"] }).finished();
      expect(status).toBe(127);
      expect(theOnlyLine(stderr)).toContain("/no/such/command");
    });

    claim("starts nothing where a sandbox was insisted on", async ({ start }) => {
      const options = ["--sandbox=on"];
      const init = start({ host, options, command: ["echo", "started"] });
      const { status, stdout, stderr } = await init.finished();
      expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
      expect(theOnlyLine(stderr)).toMatch(/sandbox/);
    });
  });
});
