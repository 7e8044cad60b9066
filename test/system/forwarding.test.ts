// Which signals reach whom.
import { spawnSync } from "node:child_process";
import { hostUnderTest } from "../support/host.ts";
import { canQueueToGroups, FORWARDED } from "../support/kernel.ts";
import { isOrphaned, state, waitsForSignals } from "../support/proc.ts";
import { SI_QUEUE } from "../support/probe.ts";
import { testScenarios } from "../support/scenario.ts";
import type { Scenario, Scene } from "../support/scenario.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { CHLD, CONT, HUP, INT, TERM, TSTP } from "../support/signals.ts";

/** The signal that ends a listening probe: whatever else was pending has come before it. */
const FENCE = 64;
const ALL = FORWARDED.filter((signal) => signal !== FENCE);
const ALL_BUT_TSTP = ALL.filter((signal) => signal !== TSTP);

/** A command and a grandchild of the init, both of which listen until the fence comes. */
function family(scene: Scene, kind: "child{" | "session{" | "group{" = "child{"): StartedInit {
  return scene.probe(
    ...[kind, "name:grandchild", `listen:${FENCE}`, "}"],
    ...["name:command", `listen:${FENCE}`, "wait"],
  );
}

async function bothListen(init: StartedInit): Promise<number> {
  await init.event("listening", "command");
  const { pid } = await init.event("listening", "grandchild");
  return init.outerPid(pid);
}

/** What was sent to a process: not the kernel's word that its own child has ended. */
const numbers = (init: StartedInit, who: string) =>
  init.signals(who).flatMap(({ signal, code }) => (signal === CHLD && code > 0 ? [] : [signal]));

/** Sends signals and then the fence, each once the one before has arrived. */
async function sendAll(init: StartedInit, signals: readonly number[], ...whom: string[]) {
  for (const signal of signals) {
    await init.signal(signal);
    for (const who of whom) await init.received(signal, who);
  }
  await init.signal(FENCE);
  await init.received(FENCE, whom[0]);
}

/** Sends a signal with each of these payloads to a process, all of them at once. */
function queue(scene: Scene, pid: number, signal: number, values: string[]) {
  const steps = values.map((value) => `send:${pid}:${signal}:${value}`);
  const sent = spawnSync(scene.lab.probe, steps, { encoding: "utf8" });
  expect(sent).toMatchObject({ status: 0, stderr: "" });
}

const VALUES = ["0x1122334455667788", "0xffffffffffffffff", "0x0000000000000007"];
const HEX = VALUES.map((value) => value.slice(2));

const scenarios: Scenario[] = [
  {
    // A group that leads its own session is an orphaned one, in which the kernel ignores TSTP: it is
    // tried below.
    name: "forwards every signal but KILL, STOP, CHLD and TSTP to the command's group",
    run: async (scene) => {
      const init = family(scene);
      await bothListen(init);
      await sendAll(init, ALL_BUT_TSTP, "command", "grandchild");
      const { status } = await init.finished();
      return {
        command: numbers(init, "command"),
        grandchild: numbers(init, "grandchild"),
        status,
      };
    },
    expected: {
      command: [...ALL_BUT_TSTP, FENCE],
      grandchild: [...ALL_BUT_TSTP, FENCE],
      status: 0,
    },
  },
  {
    name: "-c forwards every signal but KILL, STOP and CHLD to the command alone",
    initOptions: { singleChild: true },
    run: async (scene) => {
      const init = family(scene);
      const grandchild = await bothListen(init);
      await sendAll(init, ALL, "command");
      process.kill(grandchild, FENCE);
      const { status } = await init.finished();
      return {
        command: numbers(init, "command"),
        grandchild: numbers(init, "grandchild"),
        status,
      };
    },
    expected: { command: [...ALL, FENCE], grandchild: [FENCE], status: 0 },
  },
  ...(["session{", "group{"] as const).map((kind): Scenario => ({
    name: `sends nothing to a grandchild with a ${kind.slice(0, -1)} of its own`,
    run: async (scene) => {
      const init = family(scene, kind);
      const grandchild = await bothListen(init);
      for (const signal of [1, 10, 15, 34]) {
        await init.signal(signal);
        await init.received(signal, "command");
      }
      await init.signal(FENCE);
      await init.received(FENCE, "command");
      process.kill(grandchild, FENCE);
      await init.finished();
      return { grandchild: numbers(init, "grandchild") };
    },
    expected: { grandchild: [FENCE] },
  })),
  {
    name: "sends a signal that the command sends to it back to the command",
    run: async (scene) => {
      const init = scene.probe("block:10", "send:parent:10", "listen:10");
      const { status } = await init.finished();
      return { received: numbers(init, ""), status };
    },
    expected: { received: [10], status: 0 },
  },
  {
    name: "does not hand on CHLD, whoever sends it",
    run: async (scene) => {
      const init = scene.probe(`listen:${FENCE}`);
      await init.event("listening");
      await init.signal(CHLD);
      const received = await init.signalsUntilFence();
      await init.finished();
      return { received };
    },
    expected: { received: [] },
  },
  {
    name: "hands on the payloads of a real-time signal, to the group",
    run: async (scene) => {
      const init = family(scene);
      await bothListen(init);
      queue(scene, await init.pid(), 35, VALUES);
      await init.signal(FENCE);
      await init.finished();
      return { command: payloads(init, "command"), grandchild: payloads(init, "grandchild") };
    },
    expected: canQueueToGroups()
      ? { command: HEX, grandchild: HEX }
      : { command: [], grandchild: [] },
  },
  {
    name: "-c hands on the payloads of a real-time signal, to the command",
    initOptions: { singleChild: true },
    run: async (scene) => {
      const init = scene.probe(`listen:${FENCE}`);
      await init.event("listening");
      queue(scene, await init.pid(), 35, VALUES);
      await init.signal(FENCE);
      await init.finished();
      return { command: payloads(init, "") };
    },
    expected: { command: HEX },
  },
  {
    name: "-c hands on the payload of a classic signal",
    initOptions: { singleChild: true },
    run: async (scene) => {
      const init = scene.probe("listen:15");
      await init.event("listening");
      queue(scene, await init.pid(), 15, ["0x00000000deadbeef"]);
      await init.finished();
      return { command: payloads(init, "") };
    },
    expected: { command: ["00000000deadbeef"] },
  },
  {
    name: "hands on all payloads in order that were queued while the init was stopped",
    initOptions: { singleChild: true },
    run: async (scene) => {
      const init = scene.probe(`listen:${FENCE}`);
      await init.event("listening");
      const pid = await init.pid();
      const values = Array.from({ length: 100 }, (_, index) => `0x${index.toString(16)}`);
      process.kill(pid, "SIGSTOP");
      await eventually("the init is stopped", () => state(pid) === "T");
      queue(scene, pid, 34, values);
      process.kill(pid, "SIGCONT");
      await init.signal(FENCE);
      await init.finished();
      return {
        payloads: init
          .signals()
          .filter((it) => it.signal === 34)
          .map((it) => Number(`0x${it.value}`)),
      };
    },
    expected: { payloads: Array.from({ length: 100 }, (_, index) => index) },
  },
];

const payloads = (init: StartedInit, who: string) =>
  init.signals(who).flatMap((received) => (received.code === SI_QUEUE ? [received.value] : []));

testScenarios([hostUnderTest()], scenarios);

describe("a fault signal that a user sent", () => {
  for (const signal of [4, 5, 6, 7, 8, 11, 31]) {
    test(`ends the command, not the init: ${signal}`, async ({ lab }) => {
      // In the lab's folder, a core dump is removed with it.
      const init = lab.probeUnder({ cwd: lab.folder, pid1: true }, "say:ready", "pause");
      await init.event("say");
      // qemu's emulator of one program blocks BUS and SEGV for nobody: until the init waits for
      // them, they are lost there.
      const pid = await init.pid();
      await eventually("the init waits for signals", () => waitsForSignals(pid));
      await init.signal(signal);
      expect(await init.finished()).toMatchObject({ status: 128 + signal, stderr: "" });
    });
  }
});

describe.each([
  ["a session of its own", []],
  ["a group of its own", ["-c"]],
])("TSTP and a command in %s", (_, options: string[]) => {
  test("stops it, and CONT lets it go on", async ({ lab }) => {
    const init = lab.probeUnder({ pid1: true, options }, "report", "pause");
    const command = await init.outerPid((await init.event("report")).pid);
    await init.signal(TSTP);
    await eventually("the command is stopped", () => state(command) === "T");
    await init.signal(CONT);
    await eventually("the command goes on", () => state(command) === "S");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 143 });
  });

  test.for([["TERM", TERM] as const, ["INT", INT] as const, ["HUP", HUP] as const])(
    "stops it, and %s ends it: CONT follows",
    async ([, signal], { lab }) => {
      for (const pid1 of [true, false]) {
        const init = lab.probeUnder({ pid1, options }, "report", "pause");
        const reported = (await init.event("report")).pid;
        const command = pid1 ? await init.outerPid(reported) : reported;
        await init.signal(TSTP);
        await eventually("the command is stopped", () => state(command) === "T");
        const pid = await init.pid();
        // Not PID 1: it stops itself with its command, for the shell that may have started it, which
        // continues it.
        const follows = !pid1 && !isOrphaned(pid);
        if (follows) await eventually("the init is stopped", () => state(pid) === "T");
        await init.signal(signal);
        if (follows) await init.signal(CONT);
        expect(await init.finished()).toMatchObject({ status: 128 + signal });
      }
    },
  );
});
