// What is left of a trace that was cut, or written over, anywhere.
import { readFileSync } from "node:fs";
import { bytesSource, openTrace, type Trace, TraceError } from "../../replay/trace/format.ts";
import { replay } from "../../replay/trace/replay.ts";
import { freshCore } from "../support/cores.ts";
import { expect, test } from "../support/system-test.ts";
import type { Lab } from "../support/lab.ts";
import { childrenOf } from "../support/proc.ts";
import { eventually } from "../support/wait.ts";

/** A real recording; the smallest that there can be, unless more events are asked for. */
async function recording(lab: Lab, script: string): Promise<Buffer> {
  const file = `${lab.folder}/run`;
  const init = lab.start({
    options: ["--record", file, "--record-limit=16K"],
    command: ["sh", "-c", script],
  });
  await init.finished();
  return readFileSync(file);
}

/** How many events a trace still has, all of which replay; -1 if it can't be opened. */
function readable(bytes: Uint8Array): number {
  let trace: Trace;
  try {
    trace = openTrace(bytesSource(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(TraceError);
    return -1;
  }
  const replayed = replay(core, trace);
  expect(replayed.difference).toBeUndefined();
  return replayed.events;
}

const core = freshCore("release");

test("a trace that is cut at any byte reads up to the last whole event", async ({ lab }) => {
  const whole = await recording(lab, "kill -URG $PPID; cat /dev/null; exit 3");
  const events = readable(whole);
  expect(events).toBeGreaterThanOrEqual(3);
  const used = whole.findLastIndex((byte) => byte !== 0) + 1;
  let before = -1;
  for (let length = 0; length <= used; length++) {
    const left = readable(whole.subarray(0, length));
    expect(left).toBeGreaterThanOrEqual(before);
    before = left;
  }
  expect(before).toBe(events);
});

test("a write that a kill cut at any byte leaves what was before it", async ({ lab }) => {
  const whole = await recording(lab, "kill -URG $PPID; exit 3");
  const events = readable(whole);
  const used = whole.findLastIndex((byte) => byte !== 0) + 1;
  for (let cut = used - 60; cut < used; cut++) {
    const torn = Buffer.from(whole);
    torn.fill(0xee, cut);
    expect(readable(torn)).toBe(events - 1);
  }
});

test("a half that was being begun anew leaves the other one", async ({ lab }) => {
  const file = `${lab.folder}/run`;
  const init = lab.probeUnder(
    { options: ["--record", file, "--record-limit=16K"] },
    ...["orphans:200", "listen:64", "exit:7"],
  );
  await init.event("listening");
  const pid = await init.pid();
  await eventually("the orphans are reaped", () => childrenOf(pid).length === 1);
  await init.signal(64);
  await init.finished();
  const whole = readFileSync(file);
  const trace = openTrace(bytesSource(whole));
  expect(trace.halves).toHaveLength(2);
  const { firstHalf, halfSize } = trace.header;
  for (const start of [firstHalf, firstHalf + halfSize]) {
    for (let cut = 0; cut < 64; cut++) {
      const torn = Buffer.from(whole);
      torn.fill(0xee, start + cut, start + 64);
      expect(readable(torn)).toBeGreaterThan(0);
    }
  }
});

test("bytes that are no trace are told in one line", async ({ lab }) => {
  const whole = await recording(lab, "exit 0");
  const newer = Buffer.from(whole);
  newer.writeUInt32LE(2, 8);
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /^the file is empty$/],
    [Buffer.from("#!/bin/sh\n"), /^not a trace/],
    [new Uint8Array(100_000), /^not a trace/],
    [newer, /newer/],
    [whole.subarray(0, 40), /^the header is incomplete or damaged$/],
  ];
  for (const [bytes, reason] of cases) expect(() => openTrace(bytesSource(bytes))).toThrow(reason);
});

test("random bytes after a good header never make more than a shorter trace", async ({ lab }) => {
  const whole = await recording(lab, "kill -URG $PPID; exit 3");
  const events = readable(whole);
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 1);
  for (let round = 0; round < 300; round++) {
    const bad = Buffer.from(whole);
    for (let i = 0; i < 5; i++) bad[80 + (random() % (bad.length - 80))] = random() & 0xff;
    try {
      const trace = openTrace(bytesSource(bad));
      expect(replay(core, trace).events).toBeLessThanOrEqual(events);
    } catch (error) {
      expect(error).toBeInstanceOf(TraceError);
    }
  }
});
