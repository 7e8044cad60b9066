// Signals that come at once, that come early, and that the command sends itself.
import type { Comparison } from "../comparison.ts";
import { endOf, settled } from "../observe.ts";
import { state } from "../../support/proc.ts";
import { eventually } from "../../support/wait.ts";
import { MODES, prefix } from "./modes.ts";
import type { Mode } from "./modes.ts";

const LAST = 64;

function together(mode: Mode): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}signals that came while the init was stopped`,
    run: async (side) => {
      const init = side.start([...mode.options, "--", side.lab.probe, `listen:${LAST}`]);
      await init.event("listening");
      const pid = await init.pid();
      await settled(pid);
      process.kill(pid, "SIGSTOP");
      await eventually("the init is stopped", () => state(pid) === "T");
      for (const signal of [45, 15, 40, 1, 28, 12, 10, 40, LAST]) process.kill(pid, signal);
      process.kill(pid, "SIGCONT");
      const end = endOf(await init.finished());
      return { order: init.signals().map(({ signal }) => signal), end };
    },
  };
}

function back(mode: Mode): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}a signal that the command sends to the init`,
    run: async (side) => {
      const steps = ["block:10,40", "send:parent:10", "listen:10", "send:parent:40", "listen:40"];
      const init = side.start([...mode.options, "--", side.lab.probe, ...steps]);
      const end = endOf(await init.finished());
      return { received: init.signals().map(({ signal }) => signal), end };
    },
  };
}

/** The init is not told when the command stops, and the command is not when it goes on. */
function stopped(mode: Mode): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}a command that stops itself`,
    run: async (side) => {
      const steps = ["report", "raise:19", "say:on", "listen:15"];
      const init = side.start([...mode.options, "--", side.lab.probe, ...steps]);
      const { pid } = await init.event("report");
      const command = await init.outerPid(pid);
      await eventually("the command is stopped", () => state(command) === "T");
      const own = await settled(await init.pid());
      await init.signal(18);
      await init.event("say");
      await init.event("listening");
      await init.signal(15);
      return { "the init": own, end: endOf(await init.finished()) };
    },
  };
}

export const order: readonly Comparison[] = MODES.flatMap((mode) => [
  together(mode),
  back(mode),
  stopped(mode),
]);
