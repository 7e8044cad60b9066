// Long random runs in a fake kernel. A failure names its seed, and SEED=n begins with that one: the
// same seeds each time, so that a failure is never somebody else's.
import { expect, test } from "vitest";
import { freshCore } from "../support/cores.ts";
import { Life, policies, randomOf, service } from "./kernel.ts";

const EVENTS = 1_000_000;
const LIFE = 20_000;
const HOUR = 3_600_000;
const TIMEOUT_MS = 600_000;
const hours = process.env["CI"] === "true" ? 24 : 1;

const first = Number(process.env["SEED"] ?? 1);

/** Runs a life, and says which one it was if it goes wrong. */
function seeded(seed: number, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error });
  }
}

test(`keeps its promises for ${EVENTS} random events`, { timeout: TIMEOUT_MS }, () => {
  const core = freshCore("release");
  let events = 0;
  let seed = first;
  for (; events < EVENTS; seed++)
    seeded(seed, () => {
      const life = new Life(core, randomOf(seed));
      life.live(LIFE);
      events += life.events;
    });
  process.stderr.write(`simulated ${events} events in ${seed - first} lives from seed ${first}\n`);
  expect(seed - first).toBeGreaterThan(10);
});

test.each(policies.map((options, index) => ({ options, seed: first + index })))(
  `serves for ${hours} hours of mixed load, weeks asleep between: $options`,
  { timeout: TIMEOUT_MS },
  ({ options, seed }) => {
    let told = "";
    seeded(seed, () => {
      const life = new Life(freshCore("release"), randomOf(seed), service, options);
      life.serve(hours * HOUR);
      told = `${life.events} events, ${life.leaps} leaps of weeks`;
      expect(life.events).toBeGreaterThan(hours * 10_000);
    });
    process.stderr.write(`served for ${hours} h from seed ${seed}: ${told}\n`);
  },
);
