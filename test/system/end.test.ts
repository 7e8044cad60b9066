// The command's end, which is the init's.
import { hostUnderTest } from "../support/host.ts";
import { DEADLY } from "../support/kernel.ts";
import { theOnlyLine } from "../support/lines.ts";
import { parentOf } from "../support/proc.ts";
import { testScenarios } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";
import { systemCalls, whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { TERM, USR1 } from "../support/signals.ts";

const FENCE = 64;

const STATUSES = [0, 1, 2, 7, 125, 126, 127, 128, 143, 255];

const scenarios: Scenario[] = [
  {
    name: "ends with the command's status",
    run: async (scene) => {
      const seen = [];
      for (const status of STATUSES) {
        seen.push(await scene.probe(`exit:${status}`).finished());
      }
      return { seen };
    },
    expected: {
      seen: STATUSES.map((status) => ({ status, signal: null, stdout: "", stderr: "" })),
    },
  },
  {
    name: "ends with 128 + the signal that ended the command, for every signal that can",
    run: async (scene) => {
      const statuses = [];
      for (const signal of DEADLY) {
        // In the lab's folder, a core dump is removed with it.
        const init = scene.start({
          cwd: scene.lab.folder,
          command: [scene.lab.probe, `die:${signal}`],
        });
        statuses.push((await init.finished()).status);
      }
      return { statuses };
    },
    expected: { statuses: DEADLY.map((signal) => 128 + signal) },
  },
  {
    name: "ends at once, although others of the group ignore TERM and hold its streams open",
    positions: ["a plain process"],
    run: async (scene) => {
      const init = scene.probe("child{", "ignore:15", "say:ready", "pause", "}", "read", "exit:7");
      const { status } = await init.exit();
      await scene.lab.endTheRest();
      return { status };
    },
    expected: { status: 7 },
  },
];

testScenarios([hostUnderTest()], scenarios);

// Not as PID 1: with PID 1 the kernel ends everybody, and nobody can tell of a TERM.
describe("the rest of the group", () => {
  const family = ["child{", "name:rest", `listen:${TERM}`, "}", `listen:${USR1}`, "exit:7"];

  for (const [claim, options] of [
    ["gets TERM when the command ends", []],
    ["gets TERM, not what TERM is rewritten to", ["-r", `TERM:${FENCE}`]],
    ["gets TERM, although TERM is dropped by a rewrite", ["-r", "TERM:0"]],
  ] as [string, string[]][]) {
    test(claim, async ({ lab }) => {
      const init = lab.probeUnder({ options }, ...family);
      await init.event("listening", "rest");
      await init.event("listening", "");
      await init.signal(USR1);
      expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
      expect(init.signals("rest").map((it) => [it.signal, it.pid])).toEqual([
        [USR1, await init.pid()],
        [TERM, await init.pid()],
      ]);
    });
  }

  test("gets TERM also when a signal ended the command", async ({ lab }) => {
    const init = lab.probeUnder({}, "child{", "name:rest", `listen:${TERM}`, "}", "pause");
    const { pid } = await init.event("listening", "rest");
    process.kill(parentOf(pid) ?? 0, "SIGKILL");
    expect(await init.finished()).toMatchObject({ status: 137, stderr: "" });
    expect(init.signals("rest").map((it) => it.signal)).toEqual([TERM]);
  });

  test("gets no second TERM", async ({ lab }) => {
    const init = lab.probeUnder(
      {},
      ...["child{", "name:rest", `listen:${FENCE}`, "}"],
      ...[`listen:${TERM}`, "exit:7"],
    );
    const { pid } = await init.event("listening", "rest");
    await init.event("listening", "");
    await init.signal(TERM);
    expect(await init.exit()).toMatchObject({ status: 7 });
    process.kill(pid, FENCE);
    await init.finished();
    expect(init.signals("rest").map((it) => it.signal)).toEqual([TERM, FENCE]);
  });

  test("gets TERM before the command is reaped", async ({ lab, skip, task }) => {
    const why = whyNoStrace();
    if (why) skipLoudly({ skip, task }, why);
    // As long as the command is a zombie, no other group can have taken its group's id.
    const steps = ["report", "child{", `listen:${TERM}`, "}", "exit:7"];
    const { calls, init } = await systemCalls(lab, ["--", lab.probe, ...steps]);
    const { pid } = await init.event("report");
    const term = calls.findIndex((call) => call.startsWith(`kill(-${pid}, SIGTERM)`));
    const reaped = calls.findIndex((call) => reaps(call, pid));
    expect(term).toBeGreaterThan(0);
    expect(reaped).toBeGreaterThan(term);
  });

  test("gets nothing with -c", async ({ lab }) => {
    const init = lab.probeUnder(
      { options: ["-c"] },
      ...["child{", "name:rest", `listen:${FENCE}`, "}"],
      ...[`listen:${USR1}`, "exit:7"],
    );
    const { pid } = await init.event("listening", "rest");
    await init.event("listening", "");
    await init.signal(USR1);
    expect(await init.exit()).toMatchObject({ status: 7 });
    process.kill(pid, FENCE);
    await init.finished();
    expect(init.signals("rest").map((it) => it.signal)).toEqual([FENCE]);
  });

  test("gets nothing in a session of its own", async ({ lab }) => {
    const init = lab.probeUnder(
      {},
      ...["session{", "name:rest", `listen:${FENCE}`, "}"],
      ...[`listen:${USR1}`, "exit:7"],
    );
    const { pid } = await init.event("listening", "rest");
    await init.event("listening", "");
    await init.signal(USR1);
    expect(await init.exit()).toMatchObject({ status: 7 });
    process.kill(pid, FENCE);
    await init.finished();
    expect(init.signals("rest").map((it) => it.signal)).toEqual([FENCE]);
  });
});

/** Whether a wait takes this process: named in the call, in its result or in what it filled. */
function reaps(call: string, pid: number): boolean {
  if (!/^wait(id|4)\(/.test(call) || call.includes("WNOWAIT")) return false;
  return new RegExp(`(\\((P_PID, )?|= |si_pid=)${pid}\\b`).test(call);
}

describe("how the command died", () => {
  const deaths: [step: string, pattern: RegExp][] = [
    ["exit:0", /\bstatus 0\b/],
    ["exit:7", /\bstatus 7\b/],
    ["die:9", /\b(SIG)?KILL\b/],
    ["die:11", /\b(SIG)?SEGV\b/],
    ["die:15", /\b(SIG)?TERM\b/],
    ["die:34", /\b(SIG)?RTMIN\b/],
    ["die:36", /\b(SIG)?RTMIN\+2\b/],
  ];
  for (const [step, pattern] of deaths) {
    test(`is said in one line by -v: ${step}`, async ({ lab }) => {
      const init = lab.probeUnder({ options: ["-v"], cwd: lab.folder, pid1: true }, step);
      const { stderr } = await init.finished();
      theOnlyLine(
        stderr
          .split("\n")
          .filter((line) => pattern.test(line))
          .join("\n") + "\n",
      );
    });
  }

  test("is not said without -v", async ({ lab }) => {
    expect(await lab.probeUnder({}, "die:9").finished()).toMatchObject({ status: 137, stderr: "" });
  });
});
