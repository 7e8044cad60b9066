/** The worlds that are explored: every combination of what the policy can be. */
import { Fact as FactBit } from "../../assembly/abi";
import type { Setting, Stimulus } from "./world.ts";

const PLAN = "TERM:100ms,INT:50ms,KILL";

const modes = [
  { name: "session", options: [], group: true },
  { name: "single-child", options: ["-c"], group: false },
];
const plans = [
  { name: "no plan", options: [], plan: false },
  { name: "plan", options: ["-k", PLAN], plan: true },
];
const drains = [
  { name: "no drain", options: [], drain: false },
  { name: "drain", options: ["--drain=80ms"], drain: true },
];
const places = [
  { name: "PID 1", pid: 1, facts: 0 },
  { name: "subreaper", pid: 7, facts: 0 },
  { name: "in a shell", pid: 7, facts: FactBit.Terminal | FactBit.Foreground },
];
const kernels = [
  { name: "signals pass", refused: false },
  { name: "signals refused", refused: true },
];

const common: Stimulus[] = ["TERM", "INT", "USR1", "HUP", "stop", "wait"];

export const settings: Setting[] = modes.flatMap((mode) =>
  plans.flatMap((plan) =>
    drains.flatMap((drain) =>
      places.flatMap((place) =>
        kernels.map(({ name, refused }): Setting => {
          const options = ["-q", "--sandbox=off", ...mode.options, ...plan.options];
          return {
            name: [mode.name, plan.name, drain.name, place.name, name].join(", "),
            options: [...options, ...drain.options],
            pid: place.pid,
            facts: place.facts,
            group: mode.group,
            plan: plan.plan,
            drain: drain.drain,
            refused,
            stimuli: [...common.slice(refused ? 2 : 0), ...(refused ? (["TERM"] as const) : [])],
          };
        }),
      ),
    ),
  ),
);

/** The same, with what is rarer: a command that is lost, and the terminal's stop. */
export const rareSettings: Setting[] = settings
  .filter(({ refused }) => !refused)
  .map((setting) => ({
    ...setting,
    name: `${setting.name}, rare`,
    stimuli: ["TERM", "TSTP", "lose", "wait"],
  }));
