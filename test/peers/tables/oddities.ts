// Where some peer fails, and we don't.
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kill } from "../family.ts";
import type { Comparison } from "../comparison.ts";
import { endOf, lives, settled, speech } from "../observe.ts";
import { copyOf } from "../../support/copies.ts";
import { signalIfAlive, switches } from "../../support/proc.ts";
import { eventually } from "../../support/wait.ts";
import { PLAIN } from "./modes.ts";
import type { Mode } from "./modes.ts";
import { TERM, USR1 } from "../../support/signals.ts";

/** A user id that nobody has. */
const NOBODY = 61_235;
/** What hangs for so long hangs for ever: nothing is left that could wake it. */
const LONG_ENOUGH_MS = 2_500;

/** An orphan has its new parent, the init, trace it, and then stops. */
function traced({ peer, options }: Mode): Comparison {
  return {
    peer,
    name: "an orphan stops that is traced by the init",
    positions: ["PID 1"],
    run: async (side) => {
      const listens = ["name:orphan", "orphaned", `listen:${USR1}`];
      const orphan = [...listens, "traced", "raise:10", "exit:5"];
      const init = side.start(
        [
          ...[...options, "--", side.lab.probe, "child{", "child{", ...orphan, "}", "}"],
          ...["name:command", "wait", `listen:${TERM}`],
        ],
        { cwd: side.lab.folder },
      );
      const pid = await init.pid();
      await init.event("listening", "command");
      const outer = await init.outerPid((await init.event("listening", "orphan")).pid);
      process.kill(outer, USR1);
      const ended = await eventually("the orphan ends", () => !lives(outer), LONG_ENOUGH_MS).catch(
        () => false,
      );
      // If the init lives, it hands this on to the command, which then ends with 0.
      signalIfAlive(pid, TERM);
      return { "the orphan ends": ended, end: endOf(await init.finished()) };
    },
  };
}

/** With CHLD ignored from the start, the kernel itself reaps, and says nothing. */
function childIgnored({ peer, options }: Mode): Comparison {
  return {
    peer,
    name: "a command ends, and CHLD was ignored from the start",
    run: async (side) => {
      const words = [...options, "--", side.lab.probe, "listen:10", "exit:3"];
      const init = side.start(words, { prepare: ["ignore:17"] });
      const { pid } = await init.event("listening");
      const [own, command] = [await init.pid(), await init.outerPid(pid)];
      process.kill(command, USR1);
      const end = await init.exit(LONG_ENOUGH_MS).then(endOf, () => "never");
      kill(own);
      await init.finished();
      return { end };
    },
  };
}

/** The command has become another user for good, and the init is not root. */
function refused({ peer, options }: Mode): Comparison {
  return {
    peer,
    name: "the kernel refuses to let the init signal its command",
    positions: ["a plain process"],
    run: async (side) => {
      const { folder, probe } = side.lab;
      // Copies in a folder that another user may enter.
      const path = side.host.command.at(-1) ?? "";
      mkdirSync(join(folder, "copy"));
      const own = join(folder, "copy", basename(path));
      const setuid = join(folder, "setuid");
      const copy = copyOf(path, own);
      copyFileSync(probe, setuid);
      chmodSync(setuid, 0o4755);
      const host = { ...side.host, command: copy };
      const init = side.lab.start({
        host,
        cwd: folder,
        prepare: [`user:${NOBODY}`],
        args: [...options, "--", setuid, `listen:${USR1}`, "user:0", "report", "listen"],
      });
      // Not before the init has finished its start: catatonit signals the command there, too.
      const command = (await init.event("listening")).pid;
      const pid = await init.pid();
      await settled(pid);
      process.kill(command, USR1);
      await init.event("report");
      await init.signal(TERM);
      const rests = await settled(pid);
      kill(command);
      const finished = await init.finished();
      return { "the init": rests, end: endOf(finished), writes: speech(finished) };
    },
  };
}

/** Nothing happens. */
function idle({ peer, options }: Mode): Comparison {
  return {
    peer,
    name: "nothing happens",
    positions: ["a plain process"],
    run: async (side) => {
      const init = side.start([...options, "--", side.lab.probe, "listen:15"]);
      await init.event("listening");
      const pid = await init.pid();
      await settled(pid);
      // What it still has to do once the command runs.
      await sleep(500);
      const before = switches(pid);
      await sleep(LONG_ENOUGH_MS);
      const sleeps = switches(pid) === before;
      await init.signal(TERM);
      return { "the init sleeps": sleeps, end: endOf(await init.finished()) };
    },
  };
}

export const oddities: readonly Comparison[] = PLAIN.flatMap((mode) => [
  traced(mode),
  childIgnored(mode),
  refused(mode),
  idle(mode),
]);
