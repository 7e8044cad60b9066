// What the init is like once its command runs: out of the way, and asleep.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hostUnderTest } from "../support/host.ts";
import {
  descriptorsOf,
  statusField,
  switches,
  waitsForSignals,
  workingDirectory,
} from "../support/proc.ts";
import { testScenarios } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";
import { systemCalls, whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";

const LAST_SIGNAL = 64;

const scenarios: Scenario[] = [
  {
    name: "changes to /, so that it pins no mount",
    run: async (scene) => {
      const init = scene.start({
        cwd: scene.lab.folder,
        command: [scene.lab.probe, `listen:${LAST_SIGNAL}`],
      });
      await init.event("listening");
      const pid = await init.pid();
      await eventually("the init is in /", () => workingDirectory(pid) === "/");
      await init.signal(LAST_SIGNAL);
      return { status: (await init.finished()).status };
    },
    expected: { status: 0 },
  },
  {
    name: "closes every descriptor above 2",
    run: async (scene) => {
      const open = [3, 4, 10, 1000, 5000].map((descriptor) => `open:${descriptor}:/dev/null`);
      const init = scene.start({
        prepare: ["close-above:2", ...open],
        command: [scene.lab.probe, `listen:${LAST_SIGNAL}`],
        // The trace file stays open.
        recorded: false,
      });
      await init.event("listening");
      const pid = await init.pid();
      await eventually("only 0, 1 and 2 are open", () => descriptorsOf(pid).join() === "0,1,2");
      await init.signal(LAST_SIGNAL);
      return { status: (await init.finished()).status };
    },
    expected: { status: 0 },
  },
];

testScenarios([hostUnderTest()], scenarios);

describe("the init's own system calls", () => {
  test("begin with the one that blocks the signals", async ({ lab, skip, task }) => {
    const why = whyNoStrace();
    if (why) skipLoudly({ skip, task }, why);
    const { calls } = await systemCalls(lab, ["true"]);
    expect(calls[0]).toMatch(/^execve\(/);
    expect(calls[1]).toMatch(/^rt_sigprocmask\(SIG_(BLOCK|SETMASK), ~\[(KILL STOP)?\]/);
  });

  test("don't grow with the number of descriptors that may be open", async ({
    lab,
    skip,
    task,
  }) => {
    const why = whyNoStrace();
    if (why) skipLoudly({ skip, task }, why);
    const { calls } = await systemCalls(lab, ["true"]);
    expect(calls.length).toBeLessThan(60);
  });

  test("rest while nothing happens", async ({ lab, skip, task }) => {
    const why = whyNoStrace();
    if (why) skipLoudly({ skip, task }, why);
    const init = lab.probeUnder({}, `listen:${LAST_SIGNAL}`);
    await init.event("listening");
    const pid = await init.pid();
    await eventually("the init is in its sandbox", () => statusField(pid, "Seccomp") === "2");
    await eventually("the init waits for signals", () => waitsForSignals(pid));

    const before = switches(pid);
    await sleep(1_000);
    expect(switches(pid)).toBe(before);

    // To attach wakes it; what counts is what comes after the call in which it waits again, of which
    // strace has then printed the beginning.
    const file = `${lab.folder}/strace`;
    const strace = spawn("strace", ["-o", file, "-p", String(pid)], { stdio: "ignore" });
    const calls = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    await eventually("it waits again", () => /rt_sigtimedwait\([^\n]*, $/.test(calls()));
    const seen = calls();
    await sleep(1_000);
    expect(calls()).toBe(seen);
    strace.kill("SIGINT");
    await new Promise((resolve) => strace.on("exit", resolve));

    await init.signal(LAST_SIGNAL);
    expect(await init.finished()).toMatchObject({ status: 0 });
  });
});
