// Scenarios: what happens under an init, told so that it can be done again under another one and
// the observations be compared, side by side or with what we expect.
import { describe, expect, skipLoudly, test } from "./system-test.ts";
import type { Host, InitOptions } from "./host.ts";
import { whyNoPid1 } from "./lab.ts";
import type { Lab, Start } from "./lab.ts";
import type { StartedInit } from "./started.ts";

/** What a scenario saw: plain data, equal when it is the same behaviour. */
export type Observations = Readonly<Record<string, unknown>>;

/** As PID 1 of a namespace, or as any process. */
export type Position = "PID 1" | "a plain process";

export const POSITIONS: readonly Position[] = ["PID 1", "a plain process"];

/** Where a scenario runs. */
export interface Scene {
  readonly lab: Lab;
  readonly host: Host;
  readonly position: Position;
  /** Starts the host with the scenario's options, and the probe with these steps. */
  probe(...steps: string[]): StartedInit;
  /** The same with any command, or any other difference. */
  start(start: Start): StartedInit;
}

export interface Scenario {
  /** A claim. */
  readonly name: string;
  readonly initOptions?: InitOptions;
  /** Left out: in both. */
  readonly positions?: readonly Position[];
  run(scene: Scene): Promise<Observations>;
  /** What we hold to be right. */
  readonly expected: Observations | ((scene: Scene) => Observations);
}

/** Sets the stage, or returns undefined when the host has no such options. */
function sceneFor(
  lab: Lab,
  host: Host,
  position: Position,
  wanted: InitOptions = {},
): Scene | undefined {
  const options = host.options(wanted);
  if (options === undefined) return undefined;
  const start = (more: Start) => lab.start({ host, options, pid1: position === "PID 1", ...more });
  return {
    lab,
    host,
    position,
    start,
    probe: (...steps) => start({ command: [lab.probe, ...steps] }),
  };
}

/** Makes one test for each scenario under each host in each position. */
export function testScenarios(hosts: readonly Host[], scenarios: readonly Scenario[]) {
  for (const host of hosts) {
    for (const position of POSITIONS) {
      describe(`${host.name} as ${position}`, () => {
        for (const scenario of scenarios) {
          if (scenario.positions && !scenario.positions.includes(position)) continue;
          test(scenario.name, async ({ lab, skip, task }) => {
            const absent = position === "PID 1" ? whyNoPid1() : undefined;
            if (absent !== undefined) skipLoudly({ skip, task }, absent);
            const scene = sceneFor(lab, host, position, scenario.initOptions);
            if (!scene) throw new Error(`${host.name} has no options for this scenario`);
            const { expected } = scenario;
            expect(await scenario.run(scene)).toEqual(
              typeof expected === "function" ? expected(scene) : expected,
            );
          });
        }
      });
    }
  }
}
