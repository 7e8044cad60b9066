// The list of what the Node host can't do, and the page that tells of it, fit together.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rows } from "../support/beyond-node.ts";
import { root } from "../support/paths.ts";
import config from "../../vitest.config.ts";

const page = readFileSync(`${root}docs/hosts.md`, "utf8").replace(/ +/g, " ");
const table = [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
  .map(([, what = "", why = ""]) => ({ what, why }))
  .filter(({ what }) => what !== "What" && !what.startsWith("-"));

describe("docs/hosts.md", () => {
  test("has a row for each thing that tests show the Node host can't do, and no other", () => {
    const shown = [...new Set(rows.map(({ what }) => what))];
    expect(table.map(({ what }) => what)).toEqual(shown);
  });

  test.each(table)("gives a reason: $what", ({ why }) => {
    expect(why.length).toBeGreaterThan(40);
  });
});

test("the suites of both hosts are all that start an init", () => {
  interface Project {
    test: { name: string; include: string[]; exclude?: string[] };
  }
  const projects = (config.test?.projects ?? []) as Project[];
  const project = projects.find(({ test }) => test.name === "under Node")?.test;
  expect(project?.exclude).toBeUndefined();
  const isRun = (file: string) =>
    project?.include.some((name) => name === file || name === file.replace(/[^/]+(?=\.test)/, "*"));
  const left = ["system", "shutdown", "terminal", "peers"].flatMap((suite) =>
    readdirSync(`${root}test/${suite}`)
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `test/${suite}/${name}`)
      .filter((file) => !isRun(file)),
  );
  // Of the checkout, its pages and its scripts.
  expect(left.sort()).toEqual(
    ["count", "npm-start", "readme", "set-up"].map((name) => `test/system/${name}.test.ts`),
  );
});
