// Which signals reach whom.
import { spawnSync } from "node:child_process";
import { nativeHost } from "../support/host.ts";
import { canQueueToGroups, FORWARDED } from "../support/kernel.ts";
import { state } from "../support/proc.ts";
import { testScenarios } from "../support/scenario.ts";
import type { Scenario, Scene } from "../support/scenario.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";

/** The signal that ends a listening probe: whatever else was pending has come before it. */
const FENCE = 64;
const ALL_BUT_THE_FENCE = FORWARDED.filter((signal) => signal !== FENCE);

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

const numbers = (init: StartedInit, who: string) =>
  init.signals(who).map((received) => received.signal);

/** Sends every signal but the fence, each once the one before has arrived. */
async function sendAll(init: StartedInit, ...whom: string[]) {
  for (const signal of ALL_BUT_THE_FENCE) {
    await init.signal(signal);
    for (const who of whom) await init.received(signal, who);
  }
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
    name: "forwards every signal but KILL, STOP and CHLD to the command's group",
    run: async (scene) => {
      const init = family(scene);
      await bothListen(init);
      await sendAll(init, "command", "grandchild");
      await init.signal(FENCE);
      const { status } = await init.finished();
      return {
        command: numbers(init, "command"),
        grandchild: numbers(init, "grandchild"),
        status,
      };
    },
    // The grandchild may end before the command or after, so it may miss the TERM of the end, which
    // comes to those that are left; here the command waits for it.
    expected: { command: FORWARDED, grandchild: FORWARDED, status: 0 },
  },
  {
    name: "-c forwards every signal but KILL, STOP and CHLD to the command alone",
    wishes: { singleChild: true },
    run: async (scene) => {
      const init = family(scene);
      const grandchild = await bothListen(init);
      await sendAll(init, "command");
      await init.signal(FENCE);
      await init.received(FENCE, "command");
      process.kill(grandchild, FENCE);
      const { status } = await init.finished();
      return {
        command: numbers(init, "command"),
        grandchild: numbers(init, "grandchild"),
        status,
      };
    },
    expected: { command: FORWARDED, grandchild: [FENCE], status: 0 },
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
      await init.signal(17);
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
      : { command: [null, null, null], grandchild: [null, null, null] },
  },
  {
    name: "-c hands on the payloads of a real-time signal, to the command",
    wishes: { singleChild: true },
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
    wishes: { singleChild: true },
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
    wishes: { singleChild: true },
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
  init.signals(who).flatMap((received) => (received.signal === FENCE ? [] : [received.value]));

testScenarios([nativeHost()], scenarios);

describe("a fault signal that a user sent", () => {
  for (const signal of [4, 5, 6, 7, 8, 11, 31]) {
    test(`ends the command, not the init: ${signal}`, async ({ lab }) => {
      // In the lab's folder, a core dump is removed with it.
      const init = lab.probeUnder({ cwd: lab.folder, pid1: true }, "say:ready", "pause");
      await init.event("say");
      await init.signal(signal);
      expect(await init.finished()).toMatchObject({ status: 128 + signal, stderr: "" });
    });
  }
});

describe("a stop signal", () => {
  test("stops the command, and CONT lets it go on", async ({ lab }) => {
    // With -c: the group of a session leader is an orphaned one, which the kernel stops by nothing
    // but STOP.
    const init = lab.probeUnder({ pid1: true, options: ["-c"] }, "report", "pause");
    const command = await init.outerPid((await init.event("report")).pid);
    await init.signal(20);
    await eventually("the command is stopped", () => state(command) === "T");
    await init.signal(18);
    await eventually("the command goes on", () => state(command) === "S");
    await init.signal(15);
    expect(await init.finished()).toMatchObject({ status: 143 });
  });
});
