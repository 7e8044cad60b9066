// What the pages promise, and the tests that hold it.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { joined, type Promises, promisesPage } from "../../tools/check/promises/promises";
import { root } from "../support/paths.ts";

let promises: Promises;

beforeAll(() => {
  promises = joined();
});

test("nothing that a page says is without a test, or a reason why there is none", () => {
  expect(promises.problems).toEqual([]);
  expect(promises.held.filter(({ by }) => by.length > 0).length).toBeGreaterThan(150);
});

test("docs/promises.md is what npm run promises makes", () => {
  expect(readFileSync(`${root}/docs/promises.md`, "utf8")).toBe(promisesPage(promises));
});
