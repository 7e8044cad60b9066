// Signals queued to the limit (RLIMIT_SIGPENDING, which counts by user): none that the kernel took
// is lost, and none changes places.
import { spawnSync } from "node:child_process";
import { after } from "../support/host.ts";
import { copiesFor, whyNoOtherUser } from "../support/others.ts";
import { inBothPositions } from "../support/positions.ts";
import type { Stage } from "../support/positions.ts";
import { SI_QUEUE, SI_USER } from "../support/probe.ts";
import { state } from "../support/proc.ts";
import { expect, skipLoudly } from "../support/system-test.ts";
import type { StartedInit } from "../support/started.ts";
import { eventually } from "../support/wait.ts";

/** A user id of this file's own: the kernel counts what waits for all processes of a user. */
const USER = 61_236;
const LIMIT = 120;
const [FIRST, LAST] = [34, 63];

/** An init of a user of its own, with a limit, whose command listens. */
async function listening({ lab, start }: Stage, limit: number, ...options: string[]) {
  const { host, probe } = copiesFor(lab);
  const init = start({
    host: after(["prlimit", `--sigpending=${limit}:${limit}`], host),
    prepare: [`user:${USER}`],
    options,
    command: [probe, "listen"],
  });
  await init.event("listening");
  return init;
}

/** Stops the init from outside while `meanwhile` happens. */
async function whileStopped(init: StartedInit, meanwhile: (pid: number) => void) {
  const pid = await init.pid();
  process.kill(pid, "SIGSTOP");
  await eventually("the init is stopped", () => state(pid) === "T");
  meanwhile(pid);
  process.kill(pid, "SIGCONT");
}

const realTime = (init: StartedInit) =>
  init.signals().flatMap(({ signal, code, value }) => {
    return signal >= FIRST && signal <= LAST ? [{ signal, code, value }] : [];
  });

inBothPositions((claim) => {
  for (const [whom, options] of [
    ["the group", []],
    ["the command alone", ["-c"]],
  ] as [string, string[]][]) {
    claim(`hands a full queue on whole, with values and in order, to ${whom}`, async (stage) => {
      const { lab } = stage;
      const why = whyNoOtherUser();
      if (why !== undefined) return skipLoudly(stage.context, why);
      const init = await listening(stage, LIMIT, ...options);
      // By turns, so that signals of a number come from all over the queue.
      const sent = Array.from({ length: LIMIT }, (_, index) => ({
        signal: FIRST + (index % (LAST - FIRST + 1)),
        code: SI_QUEUE,
        value: (0x8000_0000_0000_0000n + BigInt(index)).toString(16),
      }));
      await whileStopped(init, (pid) => {
        const steps = sent.map(({ signal, value }) => `send:${pid}:${signal}:0x${value}`);
        expect(spawnSync(lab.probe, steps, { encoding: "utf8" })).toMatchObject({
          status: 0,
          stderr: "",
        });
        // One more is refused: what fails to be sent is the sender's to know.
        const beyond = spawnSync(lab.probe, [`send:${pid}:${FIRST}:1`], { encoding: "utf8" });
        expect(beyond.stderr).toMatch(/Resource temporarily unavailable/);
      });
      await eventually("all have arrived", () => realTime(init).length >= LIMIT);
      await init.signalsUntilFence();
      // Pending signals are taken by number, and those of a number as they came.
      expect(realTime(init)).toEqual([...sent].sort((a, b) => a.signal - b.signal));
      await lab.endTheRest();
      expect(init.stderr.text).toBe("");
    });
  }

  claim("passes on every signal that needs no room, where there is none at all", async (stage) => {
    const why = whyNoOtherUser();
    if (why !== undefined) return skipLoudly(stage.context, why);
    const init = await listening(stage, 0);
    const pid = await init.pid();
    const refused = spawnSync(stage.lab.probe, [`send:${pid}:${FIRST}:1`], { encoding: "utf8" });
    expect(refused.stderr).toMatch(/Resource temporarily unavailable/);
    await init.signal(FIRST);
    await init.signal(10);
    await init.signal(15);
    for (const signal of [FIRST, 10, 15]) await init.received(signal);
    expect(realTime(init)).toEqual([{ signal: FIRST, code: SI_USER, value: null }]);
    await stage.lab.endTheRest();
    expect(init.stderr.text).toBe("");
  });
});
