// Every interleaving of small worlds, to their end.
import { afterAll, describe, expect, test } from "vitest";
import { freshCore } from "wasm-init/replay";
import { Counts } from "./counting.ts";
import { exploreSetting, policies, settingsOf } from "./settings.ts";

/** Milliseconds that one world may take on a machine that is busy. */
const TIMEOUT_MS = 300_000;

const core = freshCore();
const counts = new Counts();
const settings = settingsOf("small");

afterAll(() => counts.print());

describe.each(policies)("every invariant holds in every state: $name", (policy) => {
  const own = settings.filter((setting) => setting.policy === policy);

  test.each(own)("$world.name", { timeout: TIMEOUT_MS }, (setting) => {
    const start = performance.now();
    const explored = exploreSetting(setting, core);
    counts.add(setting.world.name, explored, performance.now() - start);
    expect(explored.broken?.prose).toBeUndefined();
    expect(explored.exhausted).toBe(true);
    expect(explored.ends).toBeGreaterThan(0);
    // A sandbox that is refused though it has to be ends the init before anything can happen.
    const runs = explored.transitions > 0;
    expect(explored.phases.includes("Stopping")).toBe(policy.plan && runs);
    expect(explored.phases.includes("Draining")).toBe(policy.drain);
  });
});
