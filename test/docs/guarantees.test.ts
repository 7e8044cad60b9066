// The tables of guarantees name, beside each row, the tests that hold it: those tests exist.
//
//   | Guarantee | Test |
//   | Each signal but KILL is followed by CONT. | `test/shutdown/plan.test.ts`: lets a stopped ... |
//
// Several tests are separated by <br>. `...` stands for what the test's title leaves open.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { table as faults } from "../faults/table.ts";
import { root } from "../support/paths.ts";

const PAGES = ["docs/reliability.md", "docs/shutdown.md", "docs/terminals.md"];

/** The last cells of the rows of every table of guarantees in a page. */
function testCells(page: string): string[] {
  const cells: string[] = [];
  let inTable = false;
  for (const line of page.split("\n")) {
    const row = /^\|(.*)\|\s*$/.exec(line)?.[1]?.split(/(?<!\\)\|/);
    const last = row?.at(-1)?.trim();
    if (last === undefined) inTable = false;
    else if (row?.[0]?.trim() === "Guarantee") inTable = true;
    else if (inTable && !/^-+$/.test(last)) cells.push(last);
  }
  return cells;
}

/** Titles of tests and describes, with a `*` for each value that a title is completed with. */
function titles(source: string): string[] {
  return [...source.matchAll(/\(\s*(["`])((?:(?!\1).)+)\1\s*,/g)].map(([, , title = ""]) =>
    title.replace(/\$\{[^}]*\}|\$\w+|%\w/g, "*").replace(/\\(.)/g, "$1"),
  );
}

/** Returns what is wrong with one cell, a line for each mistake. */
function mistakes(cell: string): string[] {
  const wrong: string[] = [];
  for (const reference of cell.split("<br>")) {
    const [, path = "", title = ""] =
      /^`(test\/\S+\.test\.ts)`: (.+)$/.exec(reference.trim()) ?? [];
    if (path === "" || !existsSync(root + path)) wrong.push(`no such file: ${reference}`);
    else if (!titles(readFileSync(root + path, "utf8")).some((it) => fits(it, title)))
      wrong.push(`no such test: ${reference}`);
    const row = /^(\w+) in the scene "([\w.]+)"$/.exec(title);
    if (row && !faults.some((it) => it.call === row[1] && [it.scene, "..."].includes(row[2] ?? "")))
      wrong.push(`no such row of test/faults/table.ts: ${title}`);
  }
  return wrong;
}

function fits(pattern: string, title: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literal.join(".+")}$`).test(title);
}

describe.each(PAGES)("the guarantees of %s", (page) => {
  const cells = testCells(readFileSync(root + page, "utf8"));

  test("are there", () => expect(cells.length).toBeGreaterThan(8));

  test("each name a test that exists", () => {
    expect(cells.flatMap(mistakes)).toEqual([]);
  });
});

test.each([
  ["a file that does not exist", "`test/docs/none.test.ts`: are there"],
  ["a test that does not exist", "`test/docs/guarantees.test.ts`: are nowhere"],
  ["one wrong name of two", "`test/docs/guarantees.test.ts`: are there<br>`test/x.test.ts`: y"],
  ["no test at all", "see above"],
  ["a call without a row", '`test/faults/faults.test.ts`: wxitid in the scene "..."'],
])("a row is a mistake that names %s", (_, cell) => {
  expect(mistakes(cell)).toHaveLength(1);
});
