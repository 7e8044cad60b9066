// The list of differences, the page that tells users of them, and the comparisons fit together.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { root } from "../support/paths.ts";
import { appliesTo, positionsOf } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import { differences } from "./differences.ts";
import { reasons } from "./reasons.ts";
import { attributesTable } from "./tables/attributes.ts";
import { chains } from "./tables/chains.ts";
import { endings } from "./tables/endings.ts";
import { environment } from "./tables/environment.ts";
import { grammar } from "./tables/grammar.ts";
import { oddities } from "./tables/oddities.ts";
import { order } from "./tables/order.ts";
import { others } from "./tables/others.ts";
import { orphans } from "./tables/orphans.ts";
import { signals } from "./tables/signals.ts";
import { spawning } from "./tables/spawning.ts";
import { terminals } from "./tables/terminals.ts";

const comparisons: readonly Comparison[] = [
  ...attributesTable,
  ...chains,
  ...endings,
  ...environment,
  ...grammar,
  ...oddities,
  ...order,
  ...orphans,
  ...others,
  ...signals,
  ...spawning,
  ...terminals,
];

// Tables are padded.
const page = readFileSync(`${root}docs/compatibility.md`, "utf8").replace(/ +/g, " ");

describe("the list of differences", () => {
  test("has no row that no comparison could fail", () => {
    const idle = differences.filter(
      (row) =>
        !comparisons.some((comparison) =>
          positionsOf(comparison).some((position) => appliesTo(row, comparison, position)),
        ),
    );
    expect(idle).toEqual([]);
  });

  test("uses each reason", () => {
    const used = new Set(differences.map(({ reason }) => reason));
    expect([...used].sort()).toEqual(Object.keys(reasons).sort());
  });
});

describe("docs/compatibility.md", () => {
  for (const reason of Object.values(reasons)) {
    test(`has a row for: ${reason}`, () => {
      expect(page).toContain(`| ${reason} |`);
    });
  }
});

describe("the comparisons", () => {
  test("are many", () => {
    expect(comparisons.length).toBeGreaterThan(150);
  });

  test("have a name of their own each", () => {
    const names = comparisons.flatMap((comparison) =>
      positionsOf(comparison).map((it) => `${comparison.peer} as ${it}: ${comparison.name}`),
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
