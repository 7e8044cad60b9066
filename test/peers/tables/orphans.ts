// Processes that lost their parent: who adopts them, and whether a zombie is left.
import type { Comparison } from "../comparison.ts";
import { endOf, gone, settled, speech } from "../observe.ts";
import { zombiesOf } from "../../support/proc.ts";
import { eventually } from "../../support/wait.ts";
import { MODES, modesOf, prefix } from "./modes.ts";
import type { Mode } from "./modes.ts";
import { TERM, USR1 } from "../../support/signals.ts";

const PATIENCE_MS = 3_000;

/** How many zombies an init leaves; Node sleeps between two looks at its children, too. */
async function zombiesLeft(pid: number): Promise<number> {
  await settled(pid);
  const none = () => zombiesOf(pid).length === 0 || undefined;
  await eventually("no zombie is left", none, PATIENCE_MS).catch(() => undefined);
  return zombiesOf(pid).length;
}

function adopted(mode: Mode): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}an orphan ends`,
    run: async (side) => {
      const init = side.start(
        [
          ...[...mode.options, "--", side.lab.probe],
          ...["child{", "child{", "name:orphan", "orphaned", `listen:${USR1}`, "exit:5", "}", "}"],
          ...["name:command", "wait", "report", `listen:${TERM}`],
        ],
        { env: mode.env },
      );
      const pid = await init.pid();
      const { ppid } = await init.event("orphaned");
      const orphan = await init.event("listening", "orphan");
      const report = await init.event("report", "command");
      await init.event("listening", "command");
      const outer = await init.outerPid(orphan.pid);
      process.kill(outer, USR1);
      await gone(outer);
      const zombies = await zombiesLeft(pid);
      process.kill(pid, TERM);
      const finished = await init.finished();
      return {
        "adopted by the init": ppid === report.ppid,
        zombies,
        end: endOf(finished),
        writes: speech(finished),
      };
    },
  };
}

function many(mode: Mode): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}a thousand orphans end`,
    positions: ["PID 1"],
    run: async (side) => {
      const command = ["--", side.lab.probe, "orphans:1000", `listen:${TERM}`];
      const init = side.start([...mode.options, ...command]);
      const pid = await init.pid();
      await init.event("listening");
      const zombies = await zombiesLeft(pid);
      process.kill(pid, TERM);
      return { zombies, end: endOf(await init.finished()) };
    },
  };
}

const variables: Mode[] = [
  ...modesOf("tini", []).flatMap((mode) =>
    ["", "0", "1"].map((value) => ({ ...mode, env: { TINI_SUBREAPER: value } })),
  ),
  ...modesOf("tini", ["-w"], ["-sw"], ["-svvv"]),
];

export const orphans: readonly Comparison[] = [
  ...[...MODES, ...variables].map(adopted),
  ...MODES.map(many),
];
