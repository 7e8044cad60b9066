// Every interleaving of a small world, to its end.
import { afterAll, describe, expect, test } from "vitest";
import { Phase } from "../../assembly/abi";
import { freshCore } from "../support/cores.ts";
import { explore } from "./exploring.ts";
import { rareSettings, settings } from "./settings.ts";

const core = freshCore("release");
const total = { states: 0, transitions: 0, ends: 0 };

afterAll(() => {
  const { states, transitions, ends } = total;
  process.stderr.write(`explored ${states} states, ${transitions} transitions, ${ends} ends\n`);
});

describe("every invariant holds in every state", () => {
  test.each([...settings, ...rareSettings])("$name", (setting) => {
    const explored = explore(core, setting);
    total.states += explored.states;
    total.transitions += explored.transitions;
    total.ends += explored.ends;
    expect(explored.violation).toBeUndefined();
    expect(explored.ends).toBeGreaterThan(0);
    expect(explored.phases.has(Phase.Stopping)).toBe(setting.plan);
    expect(explored.phases.has(Phase.Draining)).toBe(setting.drain);
  });
});
