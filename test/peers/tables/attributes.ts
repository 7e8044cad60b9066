// What the command finds when it starts, and what the init keeps for itself.
import type { Comparison } from "../comparison.ts";
import { descriptorsOf, workingDirectory } from "../../support/proc.ts";
import { attributes, endOf, settled, speech, standing } from "../observe.ts";
import { MODES, prefix } from "./modes.ts";
import type { Mode } from "./modes.ts";

/** What the init finds when it starts. */
const CIRCUMSTANCES: Record<string, string[]> = {
  "nothing special": [],
  "some signals blocked": ["block:2,10,15,34,64"],
  "all signals blocked": ["block:all"],
  "some signals ignored": ["ignore:1,13,15,35,64"],
  "the stop signals of terminals ignored": ["ignore:20,21,22"],
  "more descriptors": ["open:3:/dev/null", "open:9:/dev/null"],
  "another directory": ["chdir:/usr"],
};

function comparison(mode: Mode, what: string, prepare: string[]): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}started with ${what}`,
    run: async (side) => {
      const command = ["--", side.lab.probe, "report", "listen:12"];
      const init = side.start([...mode.options, ...command], { prepare, cwd: "/tmp" });
      await init.event("listening");
      const report = await init.event("report");
      const pid = await init.pid();
      await settled(pid);
      const kept = {
        cwd: workingDirectory(pid),
        "descriptor 9": descriptorsOf(pid).includes(9),
      };
      await init.signal(12);
      const finished = await init.finished();
      return {
        ...attributes(report),
        ...(await standing(init, report)),
        init: kept,
        writes: speech(finished),
        end: endOf(finished),
      };
    },
  };
}

export const attributesTable: readonly Comparison[] = MODES.flatMap((mode) =>
  Object.entries(CIRCUMSTANCES).map(([what, prepare]) => comparison(mode, what, prepare)),
);
