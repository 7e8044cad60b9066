// The `test` of every suite that starts processes: it comes with a lab, and fails when the lab is
// left with a process in it.
import { test as base } from "vitest";
import type { TestContext } from "vitest";
import { Lab } from "./lab.ts";

export const test = base.extend<{ lab: Lab }>({
  // Vitest reads the first parameter's pattern to learn what the fixture needs: nothing.
  // eslint-disable-next-line no-empty-pattern
  lab: async ({}, use) => {
    const lab = new Lab();
    await use(lab);
    await lab.close();
  },
});

export { describe, expect } from "vitest";

/** Leaves a test out where the machine can't run it, and says so where nobody overlooks it. */
export function skipLoudly(context: Pick<TestContext, "skip" | "task">, why: string): never {
  process.stderr.write(`SKIPPED: ${context.task.name}: ${why}\n`);
  return context.skip(why);
}
