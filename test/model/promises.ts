/**
 * The specification of our own command line, by hand: were the core asked, as `check` asks it, a
 * mistake there could be taken for the policy.
 */
import { BootFlag, type NamedWorld, type Specification, Target } from "wasm-init/replay";
import { HUP, INT, KILL, QUIT, STOP, TERM, TSTP, USR1 } from "../support/signals.ts";

const LAST_WAIT_MS = 1000;
const SAME = -1;
const STOP_SIGNALS = [INT, QUIT, TERM];

/** A policy, as far as it is written down. */
export interface Written {
  target: Target;
  /** Without it, a session of the command's own. */
  ownGroup?: boolean;
  rewrites?: Readonly<Record<number, number>>;
  plan?: { signal: number; waits: number }[];
  stopOn?: number[];
  drain?: number;
  statuses?: { own: number; killed: number };
}

export const longPlan = [
  { signal: TERM, waits: 100 },
  { signal: INT, waits: 50 },
  { signal: KILL, waits: -1 },
];

export const oddPlan: Written = {
  target: Target.Group,
  ownGroup: true,
  rewrites: { [TERM]: QUIT },
  plan: [
    { signal: SAME, waits: 30 },
    { signal: 0, waits: 20 },
    { signal: KILL, waits: -1 },
  ],
};

export const openPlan: Written = {
  target: Target.Group,
  rewrites: { [USR1]: 0, [HUP]: 0 },
  stopOn: [HUP, TERM],
  plan: [
    { signal: INT, waits: 30 },
    { signal: TERM, waits: -1 },
  ],
};

/** The specification of a policy in a world. */
export function specificationIn(
  { bootFlags }: NamedWorld,
  written: Written,
): Partial<Specification> {
  const { target, ownGroup = false, rewrites = {}, plan = [], drain = -1 } = written;
  const inShell =
    (bootFlags & BootFlag.Terminal) !== 0 && (bootFlags & BootFlag.SessionLeader) === 0;
  const ownSession = !ownGroup && !inShell;
  const as = Int32Array.from({ length: 65 }, (_, signal) => rewrites[signal] ?? signal);
  if (ownSession) as[TSTP] = STOP;
  const starts = new Uint8Array(65);
  const stopOn = plan.length > 0 ? (written.stopOn ?? STOP_SIGNALS) : [];
  for (const signal of stopOn) starts[signal] = as[signal] === 0 ? 0 : 1;
  const kills = plan.at(-1)?.signal === KILL;
  const waits = plan.reduce((sum, step) => sum + Math.max(step.waits, 0), 0);
  const draining = drain < 0 ? 0 : drain + LAST_WAIT_MS;
  return {
    target,
    ownSession,
    as,
    starts,
    plan,
    drain,
    groupTerm: target === Target.Group && drain < 0,
    longestStop: kills ? waits + LAST_WAIT_MS + draining : -1,
    statuses: written.statuses ?? { own: 3, killed: 128 + KILL },
  };
}
