// Long random runs through the explorer's transitions. A failure names its seed, and SEED=n begins
// with that one: the same seeds each time, so that a failure is never somebody else's.
import { expect, test } from "vitest";
import { initialStateOf } from "../../replay/explore/configuration.ts";
import { type Pace, walk, type Walked } from "../../replay/explore/walk.ts";
import { argumentsOf, policies, type Setting, settingsOf } from "../model/settings.ts";
import { freshCore } from "../support/cores.ts";
import { randomOf } from "../support/random.ts";

const EVENTS = 1_000_000;
const LIFE = 20_000;
const HOUR_MS = 3_600_000;
const PATIENCE = 600_000;
const hours = process.env["CI"] === "true" ? 24 : 1;

const first = Number(process.env["SEED"] ?? 1);

/** Everything at once: lives are short. */
const storm: Pace = { pauseMs: 20, ends: 10, sleeps: 1_000, serveMs: 0 };
/** A server's life, on a machine that is suspended now and then, until it is told to stop. */
const service: Pace = { pauseMs: 200, ends: 1, sleeps: 10_000, serveMs: hours * HOUR_MS };
const serviceSignals = ["HUP", "USR1", "queued USR2", "WINCH", "RTMIN+6", "CONT", "TERM"];

const core = freshCore("release");

function initialOf({ policy, world, bounds }: Setting) {
  const [argv, rest, input] = argumentsOf({ policy, world, bounds });
  return initialStateOf(core, { ...input, argv: [...argv] }, rest);
}

/** Runs a life, and says which one it was if it goes wrong. */
function seeded(seed: number, setting: Setting, run: () => Walked): Walked {
  try {
    return run();
  } catch (error) {
    const where = `${setting.policy.name}, ${setting.world.name}`;
    throw new Error(`SEED=${seed} (${where}): ${String(error)}`, { cause: error });
  }
}

test(`keeps its promises for ${EVENTS} random events`, { timeout: PATIENCE }, () => {
  const settings = settingsOf("small").map((setting) => ({
    setting,
    // Half a wait is seldom whole milliseconds: deadlines may be late by as much.
    state: initialOf({ ...setting, bounds: { ...setting.bounds, clock: 0.5 } }),
  }));
  let events = 0;
  let ends = 0;
  let seed = first;
  for (; events < EVENTS; seed++) {
    const { setting, state } = settings[randomOf(seed)(settings.length)]!;
    const walked = seeded(seed, setting, () =>
      walk(core, state, () => randomOf(seed), storm, LIFE),
    );
    events += walked.events;
    if (walked.status >= 0) ends++;
  }
  process.stderr.write(`simulated ${events} events in ${seed - first} lives from seed ${first}\n`);
  expect(seed - first).toBeGreaterThan(10);
  expect(ends).toBeGreaterThan(10);
});

test.each(policies.map((policy, index) => ({ policy, name: policy.name, seed: first + index })))(
  `serves for ${hours} hours of mixed load, weeks asleep between: $name`,
  { timeout: PATIENCE },
  ({ policy, seed }) => {
    const setting = settingsOf("small").find(
      (it) => it.policy === policy && it.world.name === (seed % 2 === 0 ? "PID 1" : "subreaper"),
    )!;
    const { specification } = setting.bounds;
    const bounds = {
      signals: serviceSignals,
      children: 3,
      ...(specification && { specification }),
    };
    const state = initialOf({ ...setting, bounds });
    const { events, lived, sleeps, status } = seeded(seed, setting, () =>
      walk(core, state, () => randomOf(seed), service, Infinity),
    );
    process.stderr.write(`served for ${hours} h from seed ${seed}: ${events} events, ${sleeps}\n`);
    expect(events).toBeGreaterThan(hours * 10_000);
    expect(sleeps).toBeGreaterThan(0);
    expect(lived).toBeGreaterThanOrEqual(hours * HOUR_MS);
    expect(status).toBeGreaterThanOrEqual(0);
  },
);
