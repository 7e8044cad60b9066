/** What is explored: policies, each in every world. */
import type { Bounds, Explored, NamedWorld } from "wasm-init/replay";
import { explore, freshCore, Target, worlds } from "wasm-init/replay";
import { longPlan, oddPlan, openPlan, specificationIn, type Written } from "./promises.ts";

const PLAN = "TERM:100ms,INT:50ms,KILL";

export interface Policy {
  name: string;
  options: string[];
  /** Whether TERM starts a plan, and whether it drains. */
  plan: boolean;
  drain: boolean;
  /** Its specification, by hand; for others the core is asked. */
  written?: Written;
}

const modes = [
  { name: "session", options: [], target: Target.Group },
  { name: "single-child", options: ["-c"], target: Target.Process },
];
const plans = [
  { name: "no plan", options: [], plan: false },
  { name: "plan", options: ["-k", PLAN], plan: true },
];
const drains = [
  { name: "no drain", options: [], drain: false },
  { name: "drain", options: ["--drain=80ms"], drain: true },
];

const combined: Policy[] = modes.flatMap((mode) =>
  plans.flatMap(({ plan, ...how }) =>
    drains.map(({ drain, ...end }) => ({
      name: [mode.name, how.name, end.name].join(", "),
      options: [...mode.options, ...how.options, ...end.options],
      plan,
      drain,
      written: {
        target: mode.target,
        ownGroup: mode.target === Target.Process,
        ...(plan ? { plan: longPlan } : {}),
        ...(drain ? { drain: 80 } : {}),
      },
    })),
  ),
);

export const policies: Policy[] = [
  ...combined,
  {
    name: "the signal that came, a rewrite, and a step that sends nothing",
    options: ["-g", "-r", "TERM:QUIT", "-k", "=:30ms,none:20ms,KILL"],
    plan: true,
    drain: false,
    written: oddPlan,
  },
  {
    name: "a plan without KILL, a sandbox at once, and a signal that is dropped",
    options: [
      "-r",
      "USR1:none",
      "-r",
      "HUP:none",
      "--stop-on=HUP,TERM",
      "-k",
      "INT:30ms,TERM",
      "--sandbox=on",
    ],
    plan: true,
    drain: false,
    written: openPlan,
  },
  {
    name: "mapped statuses",
    options: ["-e", "3:40", "-e", "KILL:41", "-v", "--sandbox=off"],
    plan: false,
    drain: false,
    written: { target: Target.Group, statuses: { own: 40, killed: 41 } },
  },
  {
    name: "a drain that waits, tells twice, and kills",
    options: ["--drain=none:30ms,TERM:30ms,INT:20ms,KILL", "--sandbox=off"],
    plan: false,
    drain: true,
  },
  {
    name: "a drain without KILL, after a plan",
    options: ["-k", "TERM:50ms,KILL", "--drain=QUIT:30ms", "--sandbox=off"],
    plan: true,
    drain: true,
  },
  ...["dumb-init", "tini", "catatonit"].map((name) => {
    return { name: `as ${name}`, options: [`--as=${name}`], plan: false, drain: false };
  }),
];

/** One world under one policy. */
export interface Setting {
  policy: Policy;
  world: NamedWorld;
  bounds: Bounds;
}

interface Size {
  signals: string[];
  children: number;
  /** By how many fewer there are in other worlds: a job's change nothing for its terminal. */
  fewer: number;
  patience?: number;
}

/** How much comes, and how many descendants there are. */
const sizes = {
  tiny: { signals: ["TERM", "TSTP"], children: 1, fewer: 0 },
  small: { signals: ["TERM", "INT", "USR1"], children: 2, fewer: 1 },
  "more signals": { signals: ["TERM", "INT", "USR1", "queued TERM"], children: 2, fewer: 1 },
  "more descendants": { signals: ["TERM", "USR1"], children: 3, fewer: 1 },
  deeper: { signals: ["TERM", "TERM", "TERM", "HUP", "HUP"], children: 1, fewer: 0, patience: 6 },
} satisfies Record<string, Size>;

/** Signals that few worlds need. */
const ODD = ["TTIN", "CHLD", "INT"];

function oddIn({ name, bounds }: NamedWorld): readonly string[] {
  return name === "PID 1" || name === "subreaper" ? ODD : (bounds.ignores ?? []);
}

/** Every policy in every world. */
export function settingsOf(size: keyof typeof sizes): Setting[] {
  const { signals, children, fewer, patience }: Size = sizes[size];
  return policies.flatMap((policy) =>
    worlds.map((world): Setting => {
      const { more = [], bounds, bootFlags } = world;
      const { written } = policy;
      const specification =
        written === undefined ? {} : { specification: specificationIn(world, written) };
      return {
        policy,
        world,
        bounds: {
          ...bounds,
          ...specification,
          signals: [...signals, ...more, ...(size === "tiny" ? oddIn(world) : [])],
          children: children - (bootFlags === 0 ? 0 : fewer),
          ...(patience === undefined ? {} : { patience }),
        },
      };
    }),
  );
}

/** What `explore` takes to explore one of them, ready for a thread of its own. */
export function argumentsOf({ policy, world: { pid, bootFlags }, bounds }: Setting) {
  return [["wasm-init", ...policy.options, "server"], bounds, { pid, bootFlags }] as const;
}

/** Explores one of them. */
export function exploreSetting(setting: Setting, core = freshCore()): Explored {
  return explore(...argumentsOf(setting), core);
}
