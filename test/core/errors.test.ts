// The texts of errors: strerror(3)'s, for every errno that Linux has.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { EventKind, SpawnFailure } from "../../assembly/abi";
import { errors } from "../../assembly/messages";
import { boot, eachCore, stderr } from "./running.ts";

const EHWPOISON = 133;

test("each is the C library's", () => {
  const script = `for (1 .. ${EHWPOISON}) { $! = $_; print "$!\\n" }`;
  const env = { ...process.env, LC_ALL: "C" };
  const theirs = execFileSync("perl", ["-e", script], { encoding: "utf8", env }).split("\n");
  const known = theirs.slice(0, EHWPOISON).map((it) => (it.startsWith("Unknown") ? "" : it));
  expect(errors).toEqual(known);
});

describe.each(eachCore)("the $flavour core", ({ core }) => {
  /** What is said of a fork that failed so. */
  const saidOf = (errno: number) => {
    boot(core, ["wasm-init", "server"]);
    const bytes = Buffer.from("server\0\0");
    const fact = { code: errno, signal: SpawnFailure.Fork, bytes };
    return stderr(core.take({ kind: EventKind.SpawnFailed, now: 1, ...fact }));
  };

  test("says each in the words of its errno", () => {
    for (const [index, text] of errors.entries()) {
      const said = text === "" ? `error ${index + 1}` : text;
      expect(saidOf(index + 1)).toBe(`wasm-init: cannot fork to run 'server': ${said}\n`);
    }
  });

  test("says the number of an error that is none", () => {
    for (const errno of [0, EHWPOISON + 1, 4095]) {
      expect(saidOf(errno)).toBe(`wasm-init: cannot fork to run 'server': error ${errno}\n`);
    }
  });
});
