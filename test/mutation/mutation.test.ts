// Cores with a mistake planted: the exploration sees every one, and every invariant sees some.
import { afterAll, describe, expect, test } from "vitest";
import { Core, invariants } from "wasm-init/replay";
import { exploreSetting, type Setting, settingsOf } from "../model/settings.ts";
import { compileMutant } from "./compiling.ts";
import { type Mutant, mutants } from "./mutants.ts";

const TIMEOUT_MS = 300_000;

/** With a clock between milliseconds, so that rounding shows. Small worlds first. */
const settings = settingsOf("tiny").map((setting) => {
  return { ...setting, bounds: { ...setting.bounds, clock: 0.25 } };
});
const bitten = new Map<string, string>();
let explored: Setting[] = [];

/** The invariants that do not hold in the first world where one does not. */
function broken(core: Core, within: readonly Setting[]): string[] {
  for (const setting of within) {
    const found = exploreSetting(setting, core).broken;
    if (found !== undefined) return Object.keys(found.all);
  }
  return [];
}

async function coreOf(mutant: Mutant | undefined): Promise<Core> {
  return Core.of(await compileMutant(mutant));
}

describe("the exploration", { timeout: TIMEOUT_MS }, () => {
  test("does not accuse a core without a mistake", async () => {
    const core = await coreOf(undefined);
    const sized = settings.map((setting) => {
      const { transitions, broken } = exploreSetting(setting, core);
      expect(broken?.prose).toBeUndefined();
      return { setting, transitions };
    });
    explored = sized.sort((a, b) => a.transitions - b.transitions).map(({ setting }) => setting);
  });

  test.each(mutants)("sees a core that $mistake", async (mutant) => {
    const names = broken(await coreOf(mutant), explored);
    expect(names).not.toEqual([]);
    for (const name of names) bitten.set(name, mutant.mistake);
  });

  test("has no invariant that sees nothing", () => {
    const blind = invariants.filter((name) => !bitten.has(name));
    expect(blind).toEqual([]);
  });

  test("has enough mistakes to see", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(20);
  });
});

afterAll(() => {
  const lines = [...bitten].map(([name, mistake]) => `${name}: sees a core that ${mistake}`);
  process.stderr.write(`${lines.join("\n")}\n`);
});
