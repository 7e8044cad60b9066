// What npm run compare says of two builds: equal in every byte, or where they are not.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  binaryDifference,
  listDifference,
  wasmDifference,
} from "../../tools/check/compare/differences.ts";
import { runsDifference } from "../../tools/check/compare/runs.ts";
import { Core } from "../../host/wasm/core.ts";
import { root } from "../support/paths.ts";

const wasm = readFileSync(`${root}build/core.wasm`);

/** A copy in which one byte is another: the one at `offset` behind the first place of `text`. */
function changed(file: Buffer, text: string, offset = 0): Buffer {
  const copy = Buffer.from(file);
  const at = copy.indexOf(text) + offset;
  expect(at).toBeGreaterThanOrEqual(offset);
  copy[at] = copy[at]! ^ 1;
  return copy;
}

test("a core is identical to itself", () => {
  expect(wasmDifference(wasm, Buffer.from(wasm))).toBe("identical");
});

test("a changed export's name shows as a difference in the export section alone", () => {
  const difference = wasmDifference(wasm, changed(wasm, "actionCount"));
  expect(difference).toMatch(/^differs in the export section \(\d+ bytes before, \d+ after\)$/);
});

test("a changed text shows as a difference in the data section alone", () => {
  expect(wasmDifference(wasm, changed(wasm, "DUMB_INIT_DEBUG"))).toMatch(
    /^differs in the data section \(/,
  );
});

test("one changed byte of a binary is found", () => {
  const digests = { before: Buffer.from("old sum"), after: Buffer.from("new sum") };
  const before = Buffer.from("code old sum code");
  const difference = (after: string) => binaryDifference(before, Buffer.from(after), digests);
  expect(difference("code old sum code")).toBe("identical");
  expect(difference("code new sum code")).toBe("differs in the core's sha256 alone");
  expect(difference("codE new sum code")).toBe("differs in 4 of 17 bytes");
  expect(difference("code old sum codE")).toBe("differs in 1 of 17 bytes");
  expect(difference("code old sum")).toBe("differs in its size (17 bytes before, 12 after)");
});

test("names are compared as often as they occur", () => {
  expect(listDifference(["a", "b", "b"], ["b", "a", "c"])).toEqual({
    removed: ["b"],
    added: ["c"],
  });
});

test("a core that writes another text does not do the same with the traces' events", () => {
  const folder = `${root}test/traces`;
  const difference = (other: Buffer) =>
    runsDifference(Core.of(new Uint8Array(other)), Core.of(new Uint8Array(wasm)), folder);
  expect(difference(wasm)).toMatch(/^\d+ runs of \d+ events, identical$/);
  expect(difference(changed(wasm, "WASM_INIT_OPTIONS"))).toMatch(
    /^differs in event \d+ of \w+\.trace:\d+: /,
  );
});
