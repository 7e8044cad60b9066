// An init's two positions, for tests whose claims hold in both.
import { whyNoPid1 } from "./lab.ts";
import type { Lab, Start } from "./lab.ts";
import type { StartedInit } from "./started.ts";
import { describe, skipLoudly, test } from "./system-test.ts";
import { CHLD } from "./signals.ts";

/** Where a test runs, and how it starts the init there. */
export interface Stage {
  readonly lab: Lab;
  readonly pid1: boolean;
  /** For skipLoudly. */
  readonly context: Parameters<typeof skipLoudly>[0];
  start(start: Start): StartedInit;
  /** An init with these options, and the probe with these steps as its command. */
  probe(options: readonly string[], ...steps: string[]): StartedInit;
}

type Claim = (claim: string, prove: (stage: Stage) => Promise<void>) => void;

/** Makes each claim of the block a test as a real PID 1, and as a child subreaper. */
export function inBothPositions(block: (claims: Claim) => void) {
  for (const pid1 of [true, false]) {
    describe(pid1 ? "as PID 1" : "as a subreaper", () => {
      block((claim, prove) => {
        test(claim, async ({ lab, skip, task }) => {
          const absent = pid1 ? whyNoPid1() : undefined;
          if (absent !== undefined) skipLoudly({ skip, task }, absent);
          const start = (more: Start) => lab.start({ pid1, ...more });
          const probe = (options: readonly string[], ...steps: string[]) =>
            start({ options, command: [lab.probe, ...steps] });
          await prove({ lab, pid1, context: { skip, task }, start, probe });
        });
      });
    });
  }
}

/** The numbers of the signals that a process of the probe got so far, but of its children's ends. */
export function got(init: StartedInit, who = ""): number[] {
  return init
    .signals(who)
    .map((it) => it.signal)
    .filter((signal) => signal !== CHLD);
}

/** How many milliseconds pass from before something is begun until something else is done. */
export async function timeFrom(
  begin: () => Promise<unknown>,
  done: Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  await begin();
  await done;
  return performance.now() - start;
}
