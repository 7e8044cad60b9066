// Recordings of a core that traps without being made to, and what the tools make of them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { EventKind } from "../../assembly/abi";
import { Core } from "../../host/wasm/core.ts";
import { drive } from "../../replay/trace/drive.ts";
import { readTraces } from "../../replay/trace/prose.ts";
import { replay } from "../../replay/trace/replay.ts";
import { buildNative } from "../../tools/build/native.ts";
import { compileMutant } from "../mutation/compiling.ts";
import { freshCore } from "../support/cores.ts";
import { hostUnderTest } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { root, testBuild } from "../support/paths.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { tool, traceOf } from "../replay/recording.ts";
import { TERM, USR1 } from "../support/signals.ts";

describe("a core that itself traps", () => {
  const folder = `${testBuild}/trapping-${process.pid}`;
  const binary = `${folder}/wasm-init`;
  const core = `${folder}/core.wasm`;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    const mutant = {
      mistake: "divides by zero on USR1",
      from: "if (number == CHLD) return;",
      to: "if (number == CHLD || 1 / (number - 10) > 1) return;",
    };
    const bytes = await compileMutant(mutant, "release");
    writeFileSync(core, bytes);
    buildNative(core, binary, { folder: `${folder}/native` });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A recording that ends with the trap, after a signal that was forwarded. */
  async function recording(lab: Lab): Promise<string> {
    const file = `${lab.folder}/run`;
    const init = await lab.listening({ host: hostUnderTest(binary), options: ["--record", file] });
    await init.signal(12);
    await init.received(12);
    await init.signal(USR1);
    await init.stderr.line(/trapped/);
    await init.signal(9);
    await init.signal(TERM);
    await lab.endTheRest();
    return file;
  }

  test("the recording replays up to the trap on that core, and says so", async ({ lab }) => {
    const file = await recording(lab);
    const { status, stdout, stderr } = tool("replay", "--core", core, file);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^\d+ events and \d+ actions, from boot: no difference\nthe core trapped at step \d+, as recorded: SignalReceived USR1 from \d+\n$/,
    );
    const trapping = Core.of(readFileSync(core));
    const replayed = replay(trapping, traceOf(file));
    expect(replayed.difference).toBeUndefined();
    expect(replayed.trapped).toMatchObject({
      step: replayed.events - 1,
      event: { kind: EventKind.SignalReceived, signal: USR1 },
    });
  });

  test("a core that does not trap shows as the difference that it is", async ({ lab }) => {
    const file = await recording(lab);
    const other = tool("replay", file);
    expect(other.status).toBe(2);
    expect(theOnlyLine(other.stderr)).toContain("recorded by another core");
    const { status, stdout } = tool("replay", "--core", `${root}build/core.wasm`, file);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /recorded {2}the core trapped\n {2}replayed {2}SendSignal Group \d+ USR1/,
    );
  });

  test("a core that traps where none did shows as a difference, too", async ({ lab }) => {
    const file = `${lab.folder}/whole`;
    const init = await lab.listening({ options: ["--record", file] });
    await init.signal(USR1);
    await init.received(USR1);
    await init.signal(TERM);
    await init.received(TERM);
    await init.signal(9);
    await lab.endTheRest();
    const { status, stdout } = tool("replay", "--core", core, file);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /recorded {2}SendSignal Group \d+ USR1\n {2}replayed {2}the core trapped\n$/,
    );
  });

  test("it becomes a test of what a mended core does", async ({ lab }) => {
    const file = await recording(lab);
    const refused = tool("to-test", "--core", core, file);
    expect(refused.status).toBe(2);
    expect(theOnlyLine(refused.stderr)).toContain("the core traps");
    const { stdout } = tool("to-test", "--core", `${root}build/core.wasm`, file);
    const [trace] = readTraces("run", stdout);
    expect(stdout).toMatch(/SignalReceived USR1 from \d+\n +SendSignal Group \d+ USR1\n$/);
    for (const { step, actions } of drive(freshCore("release"), trace!).outcomes)
      expect(actions).toEqual(step.actions);
  });
});
