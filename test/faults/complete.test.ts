// The table of faults is complete: no call of the init is without a row.
import { readdirSync, readFileSync } from "node:fs";
import { root } from "../support/paths.ts";
import { MADE_BY_PEERS, MADE_BY_US_ALONE } from "../support/profiles.ts";
import { whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { runScene } from "./running.ts";
import { scenes } from "./scenes.ts";
import type { SceneName } from "./scenes.ts";
import { NEVER_FAIL, NO_ROW_NEEDED, table } from "./table.ts";

const known = new Set([...table.map((row) => row.call), ...NEVER_FAIL, ...NO_ROW_NEEDED]);

/** Calls that a line of strace(1) begins with. */
function nameOf(line: string): string[] {
  const name = /^([a-z_0-9]+)\(/.exec(line)?.[1];
  return name === undefined ? [] : [name];
}

/** Every call that the sources name, in the shim or anywhere in the native host. */
function namedInSources(): string[] {
  const folders = ["host/shim", "host/native"];
  const files = folders.flatMap((folder) =>
    readdirSync(`${root}${folder}`)
      .filter((file) => /\.(c|S)$/.test(file))
      .map((file) => `${root}${folder}/${file}`),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/__NR_(\w+)/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(names)].sort();
}

test("every call that the sources name has a row", () => {
  expect(namedInSources().filter((name) => !known.has(name))).toEqual([]);
});

/** Made when a recording was asked for. */
const FOR_A_RECORDING = ["fallocate", "fchmod", "fcntl", "ftruncate", "preadv", "pwritev", "statx"];
/** Made by the child once the command can't be executed, with the error told before. */
const AFTER_A_FAILURE = ["faccessat", "lseek"];
/** In place of another call, on machines that have no other. */
const ELSEWHERE = ["geteuid32", "getpgid"];

test("a call that no other init makes is one that profiles may kill for", () => {
  const others = [...MADE_BY_PEERS, ...FOR_A_RECORDING, ...AFTER_A_FAILURE, ...ELSEWHERE];
  const alone = namedInSources().filter(
    (name) => !others.includes(name) && !NO_ROW_NEEDED.includes(name),
  );
  expect(alone).toEqual([...MADE_BY_US_ALONE].sort());
});

describe("every call that the binary makes has a row", () => {
  for (const name of Object.keys(scenes) as SceneName[]) {
    if (name === "traced") continue;
    test(`in the scene "${name}"`, async ({ lab, skip, task }) => {
      const why = whyNoStrace();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      const { calls, status } = await runScene(lab, name, []);
      expect(status).toBe(scenes[name].status);
      const made = new Set(calls.flatMap(nameOf));
      expect([...made].filter((call) => !known.has(call))).toEqual([]);
    });
  }
});
