// The list of what the Node host can't do, and the page that tells of it, fit together.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rows } from "../support/beyond-node.ts";
import { root } from "../support/paths.ts";

const page = readFileSync(`${root}docs/hosts.md`, "utf8").replace(/ +/g, " ");
const table = [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
  .map(([, what = "", why = ""]) => ({ what, why }))
  .filter(({ what }) => what !== "What" && !what.startsWith("-"));

describe("docs/hosts.md", () => {
  // Promise: docs/hosts.md: # The two hosts
  test("has a row for each thing that tests show the Node host can't do, and no other", () => {
    const shown = [...new Set(rows.map(({ what }) => what))];
    expect(table.map(({ what }) => what)).toEqual(shown);
  });

  test.each(table)("gives a reason: $what", ({ why }) => {
    expect(why.length).toBeGreaterThan(40);
  });
});
