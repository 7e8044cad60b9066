// Long random runs in a fake kernel. A failure names its seed, and SEED=n begins with that one: the
// same seeds each time, so that a failure is never somebody else's.
import { expect, test } from "vitest";
import { freshCore } from "../support/cores.ts";
import { Life, randomOf } from "./kernel.ts";

const EVENTS = process.env["CI"] === "true" ? 1_000_000 : 100_000;
const LIFE = 20_000;

const first = Number(process.env["SEED"] ?? 1);

test(`keeps its promises for ${EVENTS} random events`, () => {
  const core = freshCore("release");
  let events = 0;
  let seed = first;
  for (; events < EVENTS; seed++) {
    try {
      const life = new Life(core, randomOf(seed));
      life.live(LIFE);
      events += life.events;
    } catch (error) {
      throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error });
    }
  }
  process.stderr.write(`simulated ${events} events in ${seed - first} lives from seed ${first}\n`);
  expect(seed - first).toBeGreaterThan(10);
});
