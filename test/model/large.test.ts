// Every interleaving of larger worlds, each to its end: more signals, more descendants, and the same
// signal again and again while a stop lasts.
import { afterAll, describe, expect, test } from "vitest";
import { skipLoudly } from "../support/system-test.ts";
import { Counts } from "./counting.ts";
import { settingsOf } from "./settings.ts";
import { Threads } from "./threads.ts";

/** Milliseconds that worlds of one size may take on a machine that is busy. */
const TIMEOUT_MS = 1_200_000;
const THREADS = 2;

const counts = new Counts();
let elapsed = 0;

afterAll(() => {
  if (elapsed > 0) counts.print(elapsed);
});

describe("every invariant holds in every state of larger worlds", () => {
  test.for(["more signals", "more descendants", "deeper"] as const)(
    "%s",
    { timeout: TIMEOUT_MS },
    async (size, { skip, task }) => {
      if (process.env["CI"] !== "true")
        skipLoudly({ skip, task }, "takes minutes of two processors: CI=true runs it");
      const settings = settingsOf(size);
      const start = performance.now();
      const threads = new Threads(THREADS);
      const results = await threads.explore(settings).finally(() => threads.close());
      elapsed += performance.now() - start;
      expect(results).toHaveLength(settings.length);
      for (const { setting, explored, milliseconds } of results) {
        counts.add(`${size}: ${setting.world.name}`, explored, milliseconds);
        const { exhausted, broken, ends } = explored;
        const name = `${setting.policy.name} / ${setting.world.name}`;
        expect({ name, broken: broken?.prose, exhausted }).toEqual({ name, exhausted: true });
        expect({ name, ends: ends > 0 }).toEqual({ name, ends: true });
      }
    },
  );
});
