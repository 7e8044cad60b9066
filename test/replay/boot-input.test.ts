// Boot input that is long: what fits into a trace, and what becomes of the rest.
import { readFileSync } from "node:fs";
import { drive } from "../../replay/trace/drive.ts";
import { readTraces } from "../../replay/trace/prose.ts";
import { freshCore } from "../support/cores.ts";
import type { Lab } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { root } from "../support/paths.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { replayOf, tool, traceOf } from "./recording.ts";

const HEADER = 80;

/** A recording of a run that has some thousand bytes of options: each pair takes 108 in the trace. */
async function recording(lab: Lab, pairs: number, ...more: string[]): Promise<string> {
  const file = `${lab.folder}/run`;
  const rewrites = Array.from({ length: pairs }, () => ["-r", "HUP:USR1"]).flat();
  const init = lab.start({
    options: ["--record", file, ...more, ...rewrites],
    command: ["sh", "-c", "kill -URG $PPID; cat /dev/null; exit 5"],
  });
  expect(await init.finished()).toMatchObject({ status: 5, stderr: "" });
  return file;
}

describe("up to 64 KiB", () => {
  test("it is whole, replays on any core, and makes a test", async ({ lab }) => {
    const file = await recording(lab, 580);
    const { header } = traceOf(file);
    expect(header.firstHalf).toBeGreaterThan(60_000);
    expect(header.bootCut).toBe(false);
    expect(replayOf(file)).toMatchObject({ fromBoot: true, lost: 0 });
    expect(replayOf(file).difference).toBeUndefined();
    expect(tool("replay", "--core", `${root}build/core.debug.wasm`, file).status).toBe(0);
    const { stdout } = tool("to-test", file);
    expect(stdout.split("HUP:USR1")).toHaveLength(581);
    const [trace] = readTraces("run", stdout);
    for (const { step, actions } of drive(freshCore("debug"), trace!).outcomes)
      expect(actions).toEqual(step.actions);
  });
});

describe.each([
  ["beyond 64 KiB", 700, []],
  ["beyond a quarter of the limit", 45, ["--record-limit=16K"]],
] as const)("%s", (_, pairs, more) => {
  test("it is cut, and the run replays from the state after the boot", async ({ lab }) => {
    const file = await recording(lab, pairs, ...more);
    const { header } = traceOf(file);
    expect(header.bootCut).toBe(true);
    expect(header.firstHalf + 2 * header.halfSize).toBeLessThanOrEqual(readFileSync(file).length);
    expect(header.halfSize).toBeGreaterThan(6000);
    expect(replayOf(file)).toMatchObject({ fromBoot: false, lost: 0 });
    const { status, stdout, stderr } = tool("replay", file);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^\d+ events and \d+ actions, from the first state after the boot: no/);
  });

  test("what needs all of it says in one line that it is not there", async ({ lab }) => {
    const file = await recording(lab, pairs, ...more);
    const other = tool("replay", "--core", `${root}build/core.debug.wasm`, file);
    expect(other).toMatchObject({ status: 2, stdout: "" });
    expect(theOnlyLine(other.stderr)).toContain("only the core that recorded it can replay it");
    const made = tool("to-test", file);
    expect(made).toMatchObject({ status: 2, stdout: "" });
    expect(theOnlyLine(made.stderr)).toContain("part of the boot input is missing");
    const shown = tool("show", file);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain("(part of the boot input is missing: it did not fit)");
    expect(shown.stdout).toMatch(/Exit 5\n$/);
  });
});

test("what was not to be seen before its word was split is missing, and nothing else", async ({
  lab,
}) => {
  const file = `${lab.folder}/run`;
  const init = lab.start({ args: [`-S--rec''ord=${file} sh -c 'exit 5'`] });
  expect(await init.finished()).toMatchObject({ status: 5, stderr: "" });
  const { header, boot } = traceOf(file);
  expect(header).toMatchObject({ bootCut: true, firstHalf: HEADER });
  expect(boot).toEqual([]);
  expect(tool("replay", file).stdout).toContain("from the first state after the boot");
  expect(tool("show", file).stdout).toMatch(/Exit 5\n$/);
});
