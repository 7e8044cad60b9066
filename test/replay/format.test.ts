// The trace file, read by what docs/trace-format.md says alone: by none of the readers' own code.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ABI_VERSION, ActionKind, EventKind } from "../../assembly/abi.ts";
import { TraceHeader } from "../../assembly/trace_layout.ts";
import type { Lab } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { replayOf } from "./recording.ts";

interface Action {
  kind: number;
  fields: number[];
  text?: string;
}

interface Read {
  number: number;
  milliseconds: number;
  kind: number;
  /** signal, code, pid, uid, low, high */
  fields: number[];
  bytes: Buffer;
  actions: Action[];
}

/** FNV-1a over words. */
function check(file: Buffer, from: number, end: number, salt = 0): number {
  let sum = 2166136261 ^ salt;
  for (let at = from; at < end; at += 4) sum = Math.imul(sum ^ file.readInt32LE(at), 16777619);
  return sum >>> 0;
}

const padded = (length: number) => Math.ceil(length / 4) * 4;
const six = (file: Buffer, at: number) =>
  [0, 1, 2, 3, 4, 5].map((index) => file.readInt32LE(at + 4 * index));

/** The record at an offset, if one is there: its size, and what it holds. */
function record(file: Buffer, at: number, end: number, salt: number) {
  if (at + 48 > end) return undefined;
  const size = file.readUInt32LE(at);
  if (size < 48 || size % 4 !== 0 || at + size > end) return undefined;
  const last = at + size - 4;
  if (file.readUInt32LE(last) !== check(file, at, last, salt)) return undefined;
  const length = file.readUInt16LE(at + 18);
  const actions: Action[] = [];
  let next = at + 44 + padded(length);
  for (let count = file.readUInt8(at + 17); count > 0; count--) {
    const [kind = 0, ...fields] = six(file, next);
    next += 24;
    const text =
      kind === ActionKind.Write ? file.toString("utf8", next, next + (fields[2] ?? 0)) : undefined;
    if (text !== undefined) next += padded(fields[2] ?? 0);
    actions.push({ kind, fields, ...(text !== undefined && { text }) });
  }
  expect(next).toBe(last);
  const read: Read = {
    number: file.readUInt32LE(at + 4),
    milliseconds: file.readDoubleLE(at + 8),
    kind: file.readUInt8(at + 16),
    fields: six(file, at + 20),
    bytes: file.subarray(at + 44, at + 44 + length),
    actions,
  };
  return { size, read };
}

/** A half: the state that it begins with, and the events without a gap. */
function half(file: Buffer, from: number, end: number, salt: number): Read[] {
  const all: Read[] = [];
  for (let at = from; ;) {
    const found = record(file, at, end, salt);
    const expected = all.length === 0 ? found?.read.number : (all[0]?.number ?? 0) + all.length - 1;
    if (found === undefined || found.read.number !== expected) return all;
    all.push(found.read);
    at += found.size;
  }
}

/** Reads it all. */
function read(path: string) {
  const file = readFileSync(path);
  const first = file.readUInt32LE(48);
  const size = file.readUInt32LE(52);
  const salt = file.readUInt32LE(64);
  const boot: Read[] = [];
  for (let at = 80; ;) {
    const found = record(file, at, first, 0);
    if (found === undefined) break;
    boot.push(found.read);
    at += found.size;
  }
  const halves = [first, first + size]
    .map((from) => half(file, from, from + size, salt))
    .filter(([state]) => state?.kind === 0)
    .sort(([one], [other]) => (one?.number ?? 0) - (other?.number ?? 0));
  return { file, first, size, salt, boot, halves };
}

/** A run of a command that sends signals, some of which may coalesce. */
async function recorded(lab: Lab, signals: number, ...options: string[]): Promise<string> {
  const path = `${lab.folder}/run`;
  const script = `i=0; while [ $i -lt ${signals} ]; do kill -URG $PPID; cat /dev/null; i=$((i+1)); done`;
  const command = ["sh", "-c", `${script}; exit 7`, "argument"];
  const init = lab.start({ options: ["-vv", "--record", path, ...options], command });
  expect(await init.finished()).toMatchObject({ status: 7 });
  return path;
}

describe("another reader finds in a trace file", () => {
  test("the action that bytes follow, by its number in the docs", () => {
    const format = readFileSync(`${root}docs/trace-format.md`, "utf8");
    expect(format).toContain(`\`Write\` (${ActionKind.Write})`);
  });

  test("the header's fields, at the offsets of the docs", () => {
    const [, file = ""] = readFileSync(`${root}docs/trace-format.md`, "utf8").split("\n## ");
    const offsets = [...file.matchAll(/^\| +(\d+) \|/gm)].map(([, offset]) => Number(offset));
    const fields = Object.values(TraceHeader).filter((value) => typeof value === "number");
    expect(fields).toEqual(offsets);
  });

  test("the header", async ({ lab }) => {
    const before = Date.now();
    const { file, first, size, salt } = read(await recorded(lab, 60, "--record-limit=256K"));
    expect(file).toHaveLength(256 * 1024);
    expect(file.toString("latin1", 0, 8)).toBe("WITRACE\n");
    expect([file.readUInt32LE(8), file.readUInt32LE(12)]).toEqual([1, ABI_VERSION]);
    const core = createHash("sha256")
      .update(readFileSync(`${root}build/core.wasm`))
      .digest("hex");
    expect(file.toString("hex", 16, 48)).toBe(core);
    expect(first + 2 * size).toBeLessThanOrEqual(file.length);
    expect(first + 2 * size).toBeGreaterThan(file.length - 8);
    const began = Number(file.readBigUInt64LE(56)) * 1000 + salt / 1e6;
    expect(began).toBeGreaterThanOrEqual(before - 1000);
    expect(began).toBeLessThanOrEqual(Date.now() + 1000);
    expect([file.readUInt32LE(68), file.readUInt32LE(72)]).toEqual([0, 0]);
    expect(file.readUInt32LE(76)).toBe(check(file, 0, 76));
  });

  test("the boot input, with the arguments where they are asked for", async ({ lab }) => {
    const { boot } = read(await recorded(lab, 60, "--record-argv"));
    expect(new Set(boot.map(({ number, actions }) => number + actions.length))).toEqual(
      new Set([0]),
    );
    const kinds = boot.map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual([EventKind.Booted, EventKind.Named]);
    expect(Math.max(...kinds)).toBeLessThanOrEqual(5);
    const words = boot.filter(({ kind }) => kind === EventKind.WordRead);
    expect(words.map(({ bytes }) => String(bytes))).toEqual([
      ...["-vv", "--record", expect.stringMatching(/run$/), "--record-argv", "--", "sh"],
    ]);
    const rest = boot.filter(({ kind }) => kind === 0).map(({ bytes }) => String(bytes));
    expect(rest).toEqual(["-c", expect.stringContaining("exit 7"), "argument"]);
  });

  test("every event, in order, with the actions that it led to", async ({ lab }) => {
    const path = await recorded(lab, 60);
    const { halves } = read(path);
    const [[state, ...events] = []] = halves;
    expect(state).toMatchObject({ number: 0, kind: 0, actions: [] });
    expect(events).toHaveLength(replayOf(path).events);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index));
    const times = events.map(({ milliseconds }) => milliseconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const urgent = events.filter(({ kind }) => kind === EventKind.SignalReceived);
    expect(urgent.length).toBeGreaterThan(0);
    for (const { fields } of urgent) expect(fields[0]).toBe(23);
    const { kind, fields, actions } = events.at(-1) ?? {};
    expect(kind).toBe(EventKind.ChildExited);
    expect(fields?.slice(0, 2)).toEqual([7, 1]);
    expect(actions?.at(-1)).toMatchObject({ kind: ActionKind.Exit, fields: [7, 0, 0, 0, 0] });
    const texts = events.flatMap((it) => it.actions.flatMap(({ text }) => text ?? []));
    expect(texts.join("")).toMatch(/^(wasm-init: [^\n]*\n)+$/);
  });

  test("the newest events, in two halves that follow each other", async ({ lab }) => {
    const path = await recorded(lab, 400, "--record-limit=16K");
    const { halves } = read(path);
    const [older = [], newer = []] = halves;
    expect(older[0]?.number).toBeGreaterThan(0);
    expect(newer[0]?.number).toBe((older[0]?.number ?? 0) + older.length - 1);
    expect(newer[0]?.bytes.length).toBe(older[0]?.bytes.length);
    expect(newer.at(-1)?.actions.at(-1)).toMatchObject({ kind: ActionKind.Exit });
    expect(older.length + newer.length - 2).toBe(replayOf(path).events);
  });
});
