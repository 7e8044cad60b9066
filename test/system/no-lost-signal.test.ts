// No TERM is lost, from the moment on that the init has blocked its signals, or handles them.
import { sweepProgram } from "../support/fixtures.ts";
import { listensBy } from "../support/host.ts";
import { launched, underNode } from "../support/paths.ts";
import { describe, test } from "../support/system-test.ts";

/** Each start of Node takes as long as a dozen of the static binary's. */
const STARTS = underNode ? 20 : 2_000;
const DELAY_US_MAX = 4_000;
/** A signal counts as lost when the init has not ended by then. */
const PATIENCE_MS = 5_000;

describe(`of ${STARTS} starts with a TERM after 0-4 ms, none loses it`, () => {
  for (const position of ["pid1", "plain"]) {
    for (const options of [[], ["-c"]]) {
      const mode = options.length ? "-c" : "the group";
      // Each start spends most of its time asleep, so several can go on side by side.
      test.concurrent(`${position}, ${mode}`, { timeout: 150_000 }, async ({ lab, expect }) => {
        const { status, stdout, stderr } = await lab.run(
          ...[sweepProgram(), String(STARTS), position, String(DELAY_US_MAX)],
          ...[String(PATIENCE_MS), listensBy, ...launched, ...options, "--", lab.probe, "pause"],
        );
        expect(stderr).toBe("");
        expect(status).toBe(0);
        expect(JSON.parse(stdout)).toEqual({
          lost: [],
          starts: STARTS,
          otherStatus: 0,
          leftBehind: 0,
        });
      });
    }
  }
});
