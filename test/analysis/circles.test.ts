// The look for files that import each other in a circle, which is part of npm run lint.
import { expect, test } from "vitest";
import { circlesOf, importsOf } from "../../tools/check/circles.ts";

test("a circle is named once, without the files that only lead to it", () => {
  const imports = new Map([
    ["start", ["a"]],
    ["a", ["b"]],
    ["b", ["c", "leaf"]],
    ["c", ["a"]],
    ["leaf", []],
    ["self", ["self"]],
  ]);
  expect(circlesOf(imports)).toEqual([["a", "b", "c"], ["self"]]);
});

test("files that share what they import are in no circle", () => {
  const imports = new Map([
    ["top", ["left", "right"]],
    ["left", ["bottom"]],
    ["right", ["bottom", "left"]],
    ["bottom", []],
  ]);
  expect(circlesOf(imports)).toEqual([]);
});

test("the core's bare names and relative paths are both followed", () => {
  const imports = importsOf(["assembly"]);
  expect(imports.get("assembly/running.ts")).toEqual(
    expect.arrayContaining(["assembly/memory/state.ts", "assembly/effects.ts"]),
  );
});
