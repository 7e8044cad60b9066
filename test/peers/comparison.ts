// Runs a scenario under a peer and under us as that peer, and compares what was observed. The
// differences must be those that differences.ts lists for it: not one more, and not one less.
import { observedOtherwise } from "../support/beyond-node.ts";
import { Lab, whyNoPid1 } from "../support/lab.ts";
import type { Start } from "../support/lab.ts";
import { POSITIONS } from "../support/scenario.ts";
import type { Observations, Position } from "../support/scenario.ts";
import type { Host } from "../support/host.ts";
import { underNode } from "../support/paths.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, nameOf, skipLoudly, test } from "../support/system-test.ts";
import { differences } from "./differences.ts";
import type { Difference } from "./differences.ts";
import { familyOf, ourPeer, realPeer } from "./peers.ts";
import type { PeerName } from "./peers.ts";

/** Where one side of a comparison runs. */
export interface Side {
  readonly lab: Lab;
  readonly host: Host;
  readonly peer: PeerName;
  readonly position: Position;
  /** Starts the init of this side with these words, all of them. */
  start(words: readonly string[], more?: Start): StartedInit;
}

/** One scenario under one peer. */
export interface Comparison {
  readonly peer: PeerName;
  /** Unique among the comparisons of a peer. */
  readonly name: string;
  /** Left out: in both. */
  readonly positions?: readonly Position[];
  run(side: Side): Promise<Observations>;
}

/** An observation that is not the same. */
export interface Seen {
  observation: string;
  theirs: unknown;
  ours: unknown;
}

/** Objects become paths, so that a difference can be named; all else is a value. */
function flatten(value: unknown, path = "", into = new Map<string, unknown>()) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    into.set(path, value);
    return into;
  }
  for (const [key, part] of Object.entries(value)) {
    flatten(part, path === "" ? key : `${path}.${key}`, into);
  }
  return into;
}

const byObservation = (a: Seen, b: Seen) => (a.observation < b.observation ? -1 : 1);

/** What differs, in the order of its names. */
export function compare(theirs: Observations, ours: Observations): Seen[] {
  const [left, right] = [flatten(theirs), flatten(ours)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((observation) => ({
      observation,
      theirs: left.get(observation),
      ours: right.get(observation),
    }))
    .filter((it) => JSON.stringify(it.theirs) !== JSON.stringify(it.ours))
    .sort(byObservation);
}

/** Whether a row of the list speaks of this comparison. */
export function appliesTo(row: Difference, { peer, name }: Comparison, position: Position) {
  const named =
    typeof row.comparison === "string" ? row.comparison === name : row.comparison.test(name);
  return row.family === familyOf(peer) && named && (row.position ?? position) === position;
}

/** The positions that a comparison runs in. */
export function positionsOf(comparison: Comparison): readonly Position[] {
  return comparison.positions ?? POSITIONS;
}

function allowed(comparison: Comparison, position: Position): Seen[] {
  return differences
    .filter((row) => appliesTo(row, comparison, position))
    .flatMap((row) =>
      Object.entries(row.observations).map(([observation, [theirs, ours]]) => ({
        observation,
        theirs,
        ours,
      })),
    )
    .sort(byObservation);
}

function sideOf(lab: Lab, host: Host, peer: PeerName, position: Position): Side {
  return {
    lab,
    host,
    peer,
    position,
    start: (words, more) => lab.start({ ...more, host, args: words, pid1: position === "PID 1" }),
  };
}

// Two namespaces have the same process ids: in one lab, one side would find the other's processes.
async function inALabOfItsOwn<T>(use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = new Lab();
  try {
    return await use(lab);
  } finally {
    await lab.close();
  }
}

/** Makes one test for each comparison in each of its positions. */
export function testComparisons(comparisons: readonly Comparison[]) {
  for (const position of POSITIONS) {
    const here = comparisons.filter((comparison) => positionsOf(comparison).includes(position));
    if (here.length === 0) continue;
    describe(`as ${position}`, () => {
      for (const comparison of here) {
        const { peer, name } = comparison;
        test.concurrent(`does as ${peer} does: ${name}`, async ({ lab, skip, task }) => {
          const real = realPeer(peer);
          const absent = real.whyAbsent() ?? (position === "PID 1" ? whyNoPid1() : undefined);
          if (absent !== undefined) skipLoudly({ skip, task }, absent);
          const [theirs, ours] = await Promise.all([
            comparison.run(sideOf(lab, real, peer, position)),
            inALabOfItsOwn((ourLab) =>
              comparison.run(sideOf(ourLab, ourPeer(ourLab, peer), peer, position)),
            ),
          ]);
          const [seen, expected] = [compare(theirs, ours), allowed(comparison, position)];
          const otherwise = underNode ? observedOtherwise(nameOf(task)) : [];
          if (otherwise.length === 0) {
            expect(seen).toEqual(expected);
          } else {
            const same = ({ observation }: Seen) => !otherwise.includes(observation);
            expect(seen.filter(same)).toEqual(expected.filter(same));
            expect(seen, "a row of docs/hosts.md that is none any more").not.toEqual(expected);
          }
        });
      }
    });
  }
}
