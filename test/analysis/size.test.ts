// Every byte of the static binary has an owner.
import { expect, test } from "vitest";
import { partsOf, UNKNOWN } from "../../tools/check/size";
import { root } from "../support/paths.ts";

test("each symbol of the binary belongs to the core, the shim or the loop", () => {
  const build = `${root}/build`;
  const { file, parts } = partsOf(`${build}/wasm-init`, `${build}/native/wasm-init.unstripped`);
  expect(parts.find(({ name }) => name === UNKNOWN)?.symbols ?? []).toEqual([]);
  expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(file);
  const sizeOf = (name: string) => parts.find((part) => part.name === name)?.bytes ?? 0;
  // What has no symbol is small, or something came in unseen.
  expect(sizeOf("headers, literals and padding")).toBeLessThan(file / 20);
  expect(sizeOf("shim")).toBeGreaterThan(1_000);
});

test("the binary keeps within 64,000 bytes", () => {
  const build = `${root}/build`;
  expect(
    partsOf(`${build}/wasm-init`, `${build}/native/wasm-init.unstripped`).file,
  ).toBeLessThanOrEqual(64_000);
});
