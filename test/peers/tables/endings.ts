// How an init ends after its command did: with which status, and who is told, or left alive.
import { kill, MEMBERS, startFamily } from "../family.ts";
import type { Comparison, Side } from "../comparison.ts";
import { endOf, lives, settled, speech } from "../observe.ts";
import { MODES, modesOf, PLAIN, prefix } from "./modes.ts";
import type { Mode } from "./modes.ts";
import type { Position } from "../../support/scenario.ts";
import { DEADLY } from "../../support/kernel.ts";
import { USR1 } from "../../support/signals.ts";

/** The command ends in this way when the test tells it to, and leaves a family behind. */
async function leaveFamily(side: Side, mode: Mode, ending: string) {
  const family = await startFamily(side, mode, USR1, ending);
  const { init, pids } = family;
  process.kill(pids.get("command") as number, USR1);
  const end = endOf(await init.exit());
  const alive = [];
  for (const who of MEMBERS) {
    const pid = pids.get(who) as number;
    // As PID 1, whoever is left is killed by the kernel, and may or may not have taken its TERM.
    if (init.isPid1) continue;
    await settled(pid);
    if (lives(pid)) alive.push(who);
  }
  for (const pid of pids.values()) kill(pid);
  await init.finished();
  const told = MEMBERS.slice(1).map((who) => [who, init.signals(who).map((it) => it.signal)]);
  return { end, alive, ...(init.isPid1 ? {} : { told: Object.fromEntries(told) as object }) };
}

const familyModes: Mode[] = [
  ...MODES,
  ...modesOf("dumb-init", ["-r", "15:0"], ["-r", "15:2"], ["-c", "-r", "15:2"], ["-r", "15:9"]),
  ...modesOf("tini", ["-g", "-e", "143"], ["-e", "7"]),
];

const withFamily = familyModes.flatMap((mode) =>
  ["exit:0", "exit:7", "die:15", "die:9"].map((ending): Comparison => ({
    peer: mode.peer,
    name: `${prefix(mode)}a command that leaves a family ends by ${ending}`,
    run: (side) => leaveFamily(side, mode, ending),
  })),
);

function alone(mode: Mode, ending: string, positions?: Position[]): Comparison {
  return {
    peer: mode.peer,
    positions,
    name: `${prefix(mode)}a command ends by ${ending}`,
    run: async (side) => {
      const words = [...mode.options, "--", side.lab.probe, ending];
      // In the lab's folder, a core dump is removed with it.
      const finished = await side.start(words, { cwd: side.lab.folder, env: mode.env }).finished();
      return { end: endOf(finished), writes: speech(finished) };
    },
  };
}

const statuses = [0, 1, 2, 125, 126, 127, 128, 137, 255].map((status) => `exit:${status}`);
const deaths = DEADLY.map((signal) => `die:${signal}`);

const mapped = modesOf("tini", ["-e", "0"], ["-e", "7"], ["-e143"], ["-e", "1", "-e", "255"]);

export const endings: readonly Comparison[] = [
  ...withFamily,
  ...PLAIN.flatMap((mode) => [
    ...statuses.map((ending) => alone(mode, ending)),
    ...deaths.map((ending) => alone(mode, ending, ["a plain process"])),
    ...["die:6", "die:9", "die:11", "die:15", "die:34"].map((ending) =>
      alone(mode, ending, ["PID 1"]),
    ),
  ]),
  ...modesOf("dumb-init", ["-c"], ["-v"]).flatMap((mode) =>
    ["exit:3", "die:6", "die:15", "die:9"].map((ending) => alone(mode, ending)),
  ),
  ...mapped.flatMap((mode) =>
    ["exit:0", "exit:7", "exit:1", "exit:255", "exit:143", "die:15"].map((ending) =>
      alone(mode, ending),
    ),
  ),
];
