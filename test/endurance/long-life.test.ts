// A long life: after a million events (with CI=true, ten) the init is what it was after the first
// thousand: its memory, to the byte, and its descriptors.
import { endianness } from "node:os";
import { endureProgram } from "../support/fixtures.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { descriptorsOf, statusField, waitsForSignals } from "../support/proc.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { differences, residentMemory, writableMemory } from "../support/memory.ts";

const FIRST = 1000;
const MILLION = 1_000_000;
const EVENTS = process.env["CI"] === "true" ? 10 * MILLION : MILLION;
/** Fewer where every event is written to a file. */
const RECORDED = EVENTS / 10;
const PATIENCE_MS = 1_200_000;

/** Has the command cause events, and waits until all are handled. */
async function cause(init: StartedInit, count: number): Promise<void> {
  const pid = await init.pid();
  init.stdin?.write(`${count}\n`);
  const told = () => init.stdout.lines.includes(`${count}`) || undefined;
  await init.stdout.until(`${count} events are handled`, told, PATIENCE_MS);
  await eventually("the init waits", () => waitsForSignals(pid));
}

/** The whole of what an init holds. */
function look(pid: number) {
  const [time, memory] = [performance.now(), writableMemory(pid)];
  return { time, memory, resident: residentMemory(pid), descriptors: descriptorsOf(pid) };
}

/** Looks at an init after its first events, and after many. */
async function lookTwice(init: StartedInit, count: number) {
  const pid = await init.pid();
  await cause(init, FIRST);
  // By then it has done all that it does once.
  await eventually("the sandbox is there", () => statusField(pid, "Seccomp") === "2");
  await cause(init, FIRST + FIRST);
  const before = look(pid);
  await cause(init, count);
  const after = look(pid);
  init.stdin?.end();
  expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  return { before, after };
}

const numberIn = (word: Buffer) =>
  endianness() === "LE" ? word.readDoubleLE() : word.readDoubleBE();

describe("a long life", { timeout: PATIENCE_MS }, () => {
  test(`of ${EVENTS} events changes nothing in the init but its time`, async ({
    lab,
    skip,
    task,
  }) => {
    const absent = whyNoPid1();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const init = lab.start({ command: [endureProgram()], stdin: "pipe", pid1: true });
    const { before, after } = await lookTwice(init, EVENTS);
    expect(after.resident).toEqual(before.resident);
    expect(after.descriptors).toEqual(before.descriptors);
    const shape = ({ memory: { mappings, stackPointer } }: typeof before) => {
      return { stackPointer, mappings: mappings.map((it) => [it.name, it.start, it.bytes.length]) };
    };
    expect(shape(after)).toEqual(shape(before));
    // What differs are two numbers, wherever they stand: when the last event came, and when the last
    // stop signal was forwarded, in milliseconds since the boot.
    const times = differences(before.memory, after.memory).map(
      (it) => [numberIn(it.before), numberIn(it.after)] as const,
    );
    const pairs = new Map(times.map((pair) => [pair.join(), pair]));
    expect(pairs.size).toBeGreaterThan(0);
    expect(pairs.size, [...pairs.keys()].join(" ")).toBeLessThanOrEqual(2);
    for (const [from, to] of pairs.values()) {
      expect(from).toBeGreaterThan(0);
      expect(to).toBeGreaterThan(from);
      // Both came before the looks: so the time between them is about that of the events.
      const took = after.time - before.time;
      expect(Math.abs(to - from - took)).toBeLessThan(took);
    }
  });

  test(`of ${RECORDED} recorded events takes no more memory, and no other descriptor`, async ({
    lab,
  }) => {
    const options = ["--record", `${lab.folder}/run`, "--record-limit=64K"];
    const init = lab.start({ options, command: [endureProgram()], stdin: "pipe", recorded: false });
    const { before, after } = await lookTwice(init, RECORDED);
    expect(after.resident).toEqual(before.resident);
    expect(after.descriptors).toEqual(before.descriptors);
  });
});
