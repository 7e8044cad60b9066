// Files whose checks are right, and which no run has written: told in one line all the same.
import { readFileSync } from "node:fs";
import { EventKind } from "../../assembly/abi";
import { bytesSource, openTrace, TraceError } from "../../replay/trace/format.ts";
import { recordedActions, replay, steps } from "../../replay/trace/replay.ts";
import { bootInputOf } from "../../replay/trace/writing.ts";
import { repair } from "../../tools/check/fuzz/mutation";
import { freshCore } from "../support/cores.ts";
import { expect, test } from "../support/system-test.ts";
import type { Lab } from "../support/lab.ts";

/** Offset of the first event of the first half, which follows the state. */
function firstEvent(view: DataView): number {
  const half = view.getUint32(48, true);
  return half + view.getUint32(half, true);
}

/** A real recording in which something was changed, with checks that hold. */
async function forged(lab: Lab, change: (view: DataView) => void): Promise<Buffer> {
  const file = `${lab.folder}/run`;
  const init = lab.start({
    options: ["--record", file, "--record-limit=16K", "-v"],
    command: ["sh", "-c", "exit 3"],
  });
  await init.finished();
  const bytes = readFileSync(file);
  change(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  repair(bytes, false);
  return bytes;
}

const core = freshCore("release");

function refusal(what: () => unknown): string {
  try {
    what();
  } catch (error) {
    expect(error).toBeInstanceOf(TraceError);
    return (error as Error).message;
  }
  return "none";
}

test("a trace that is repaired without a change replays as before", async ({ lab }) => {
  const trace = openTrace(bytesSource(await forged(lab, () => undefined)));
  expect(replay(core, trace).difference).toBeUndefined();
  expect([...steps(trace, core)].length).toBeGreaterThan(3);
});

test("an impossible date is told", async ({ lab }) => {
  const bytes = await forged(lab, (view) => view.setUint32(60, 0xffffffff, true));
  expect(refusal(() => openTrace(bytesSource(bytes)))).toMatch(/invalid date/);
});

test("a state that is none of the core's is told", async ({ lab }) => {
  const bytes = await forged(lab, (view) => {
    view.setUint16(view.getUint32(48, true) + 18, 22, true);
  });
  const trace = openTrace(bytesSource(bytes));
  expect(refusal(() => [...steps(trace, core)])).toMatch(/state .*does not fit this core/);
});

test("an event on which the core traps is told", async ({ lab }) => {
  const bytes = await forged(lab, (view) =>
    view.setUint8(firstEvent(view) + 16, EventKind.ChildExited),
  );
  const trace = openTrace(bytesSource(bytes));
  expect(refusal(() => [...steps(trace, core)])).toMatch(/the core traps/);
  expect(replay(core, trace).difference?.replayed).toBe("trapped");
});

test("boot input on which the core traps is told", async ({ lab }) => {
  const bytes = await forged(lab, (view) => view.setUint8(80 + 16, EventKind.ChildExited));
  const trace = openTrace(bytesSource(bytes));
  expect(refusal(() => bootInputOf(trace, core))).toMatch(/the core traps/);
});

test("an action that says it has less than no bytes is read without them", async ({ lab }) => {
  const bytes = await forged(lab, (view) => {
    // The first action after the spawn is the Write of what -v says.
    const event = firstEvent(view);
    const word = view.getUint16(event + 18, true);
    view.setInt32(event + 44 + ((word + 3) & ~3) + 12, -4096, true);
  });
  const [half] = openTrace(bytesSource(bytes)).halves;
  const entries = half!.entries();
  expect(entries.next()).toBe(true);
  expect(recordedActions(entries).length).toBe(entries.actions);
  expect(replay(core, openTrace(bytesSource(bytes))).difference).toBeDefined();
});
