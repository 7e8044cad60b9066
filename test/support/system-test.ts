// The `test` of every suite that starts processes: it comes with a lab, and fails when the lab is
// left with a process in it.
import { test as base } from "vitest";
import type { TestContext } from "vitest";
import { beyondNode, whyNoNodeHost } from "./beyond-node.ts";
import { beyondSandbox } from "./beyond-sandbox.ts";
import { Lab } from "./lab.ts";
import { root, underNode } from "./paths.ts";

export const test = base.extend<{ lab: Lab; row: void }>({
  // What the Node host can't do, and what a sandbox changes, is known: such a test has to fail, or
  // its row goes.
  row: [
    async ({ task, skip }, use) => {
      const absent = underNode ? whyNoNodeHost() : undefined;
      if (absent !== undefined) skipLoudly({ task, skip }, absent);
      const name = nameOf(task);
      if ((underNode && beyondNode(name)) || beyondSandbox(name)) {
        (task as { fails?: boolean }).fails = true;
      }
      await use();
    },
    { auto: true },
  ],
  // Vitest reads the first parameter's pattern to learn what the fixture needs: nothing.
  // eslint-disable-next-line no-empty-pattern
  lab: async ({}, use) => {
    const lab = new Lab();
    await use(lab);
    await lab.close();
  },
});

export { describe, expect } from "vitest";

/** The file of a test, and its name with those of the groups around it. */
export function nameOf(task: TestContext["task"]): string {
  const names = [task.name];
  for (let suite = task.suite; suite; suite = suite.suite) names.unshift(suite.name);
  return [task.file.filepath.replace(root, ""), ...names].join(" > ");
}

/** Leaves a test out where the machine can't run it, and says so where nobody overlooks it. */
export function skipLoudly(context: Pick<TestContext, "skip" | "task">, why: string): never {
  process.stderr.write(`SKIPPED: ${context.task.name}: ${why}\n`);
  return context.skip(why);
}
