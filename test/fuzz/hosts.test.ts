// Both hosts hand the same to the core: the native loop, on the inputs that the fuzzer found, and
// Node's boot and core beside it.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { beforeAll, describe } from "vitest";
import { EventKind } from "../../assembly/abi";
import { bootCore } from "../../host/wasm/boot.ts";
import type { Core, Event } from "../../host/wasm/core.ts";
import { present } from "../../tools/setup/paths.mjs";
import { buildTargets, type TargetInC } from "../../tools/check/fuzz/targets";
import { freshCore } from "../support/cores.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const PATIENCE_MS = 600_000;
const absent =
  process.env.CI !== "true"
    ? "with CI=true only"
    : present("clang")
      ? undefined
      : "clang is missing";

/** What a fuzz target prints of one run. */
class Printed {
  readonly lines: string[][];

  constructor(program: string, input: string) {
    const env = { ...process.env, FUZZ_PRINT: "1" };
    const text = execFileSync(program, ["-detect_leaks=0", input], {
      env,
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    });
    this.lines = text.split("\n").map((line) => line.split(" "));
  }

  /** The bytes of the lines of a kind. */
  bytes(kind: string): Buffer[] {
    const lines = this.lines.filter(([it]) => it === kind);
    return lines.map(([, hex = ""]) => Buffer.from(hex, "hex"));
  }

  get events(): Event[] {
    return this.lines.filter(([it]) => it === "E").map(eventOf);
  }

  /** For each event, its actions as six numbers each. */
  get actions(): number[][][] {
    const all: number[][][] = [];
    for (const [kind, ...words] of this.lines) {
      if (kind === "E") all.push([]);
      if (kind === "A") all.at(-1)?.push(words.slice(0, 6).map(Number));
    }
    return all;
  }
}

function eventOf([, ...words]: string[]): Event {
  const [kind = 0, now = 0, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0] = words
    .slice(0, 8)
    .map(Number);
  return {
    kind,
    now,
    signal,
    code,
    pid,
    uid,
    low,
    high,
    bytes: Buffer.from(words[8] ?? "", "hex"),
  };
}

/** What tells two events apart, but for their times. */
function essence({ kind, signal = 0, code = 0, pid = 0, uid = 0, low = 0, bytes = "" }: Event) {
  return [kind, signal, code, pid, uid, low, Buffer.from(bytes).toString("hex")].join(" ");
}

const fields = [0, 1, 2, 3, 4, 5];
let programs: Record<TargetInC, string>;

beforeAll(() => {
  if (absent === undefined) programs = buildTargets();
}, PATIENCE_MS);

describe.each(["grammar", "events"] as const)("on the corpus of %s", (target) => {
  const folder = `${root}test/fuzz/corpus/${target}`;
  const inputs = readdirSync(folder).map((name) => `${folder}/${name}`);

  test("Node's core answers as the native one", { timeout: PATIENCE_MS }, ({ skip, task }) => {
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    expect(inputs.length).toBeGreaterThan(20);
    for (const input of inputs) {
      const printed = new Printed(programs[target], input);
      const core = freshCore("release");
      const answers = printed.events.map((event) =>
        Array.from({ length: core.takeOnly(event) }, (_, index) =>
          fields.map((field) => core.actionField(index, field)),
        ),
      );
      expect(answers, input).toEqual(printed.actions);
    }
  });
});

test(
  "Node's boot reads words and variables as the native one",
  { timeout: PATIENCE_MS },
  ({ skip, task }) => {
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const folder = `${root}test/fuzz/corpus/grammar`;
    let compared = 0;
    for (const input of readdirSync(folder).map((name) => `${folder}/${name}`)) {
      const printed = new Printed(programs.grammar, input);
      const pid = Number(printed.lines.find(([kind]) => kind === "I")?.[1]);
      const variables = printed.bytes("V").map((it) => it.toString("utf8").split(/=(.*)/s));
      // Node has no other variables than texts, and an object has each name once.
      const names = new Set(variables.map(([name]) => name));
      if (names.size < variables.length || variables.flat().some((it) => it?.includes("\ufffd")))
        continue;
      const env = Object.fromEntries(variables.map(([name = "", value = ""]) => [name, value]));
      const core = freshCore("release");
      const taken: Event[] = [];
      const noting = { take: (event: Event) => (taken.push(event), core.take(event)) };
      const argv = printed.bytes("W");
      const { boot } = bootCore(noting as unknown as Core, { argv, env, pid });
      // A paused init goes on to look after its children.
      const booting = printed.events.filter(({ kind }) => kind !== EventKind.NoChildrenLeft);
      expect(taken.map(essence), input).toEqual(booting.map(essence));
      const command = printed.bytes("C");
      if (command.length > 0)
        expect(boot.command.map((it) => Buffer.from(it).toString("hex"))).toEqual(
          command.map((it) => it.toString("hex")),
        );
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  },
);
