// Cores with a mistake planted: the traces or the exploration see every one.
import { expect, test } from "vitest";
import { Core } from "../../host/node/core.ts";
import { explore } from "../model/exploring.ts";
import { settings } from "../model/settings.ts";
import { allTraces, firstBroken } from "../traces/files.ts";
import { compileMutant } from "./compiling.ts";
import { mutants } from "./mutants.ts";

const traces = allTraces();
const explored = settings.filter(({ name }) => name.endsWith("signals pass"));

/** Who sees the mistake. */
function seenBy(core: Core): string | undefined {
  const broken = firstBroken(core, traces);
  if (broken !== undefined) return `${broken.file}:${broken.line}`;
  for (const setting of explored) {
    const { violation } = explore(core, setting);
    if (violation !== undefined) return violation.split("\n")[0];
  }
  return undefined;
}

test("a core without a mistake is not accused", async () => {
  const core = Core.of(await compileMutant(undefined));
  expect(firstBroken(core, traces)).toBeUndefined();
});

// Promise: docs/terminals.md: While the steps of a stop plan have times
test.each(mutants)("sees a core that $mistake", async (mutant) => {
  expect(seenBy(Core.of(await compileMutant(mutant)))).toBeDefined();
});

test("there are mutants", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20);
});
