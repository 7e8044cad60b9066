// Modes without a command, and inits whose parent dies.
import { kill } from "../family.ts";
import type { Comparison } from "../comparison.ts";
import { endOf, gone, lives, settled, speech } from "../observe.ts";
import { membersOf } from "../peers.ts";
import { TERM, USR1 } from "../../support/signals.ts";

/** catatonit -P has no command, and waits for signals. */
const pauses = [
  ...[[TERM], [2], [1, TERM], [USR1, 2], [12, 28, TERM], [3, TERM], [20, 21, 22, TERM]].map(
    (signals) => ({ words: ["-P"], signals }),
  ),
  { words: ["-P", "--"], signals: [TERM] },
  { words: ["-gP"], signals: [TERM] },
  { words: ["-P", "/no/such/command"], signals: [TERM] },
];

const pausing = pauses.map(({ words, signals }): Comparison => ({
  peer: "catatonit",
  name: `${words.join(" ")} and the signals ${signals.join(", ")}`,
  run: async (side) => {
    const init = side.start(words);
    const pid = await init.pid();
    // A peer that pauses without blocking signals first would not be safe to signal before.
    await init.ready();
    const seen: string[] = [];
    for (const signal of signals) {
      if (!lives(pid)) break;
      process.kill(pid, signal);
      seen.push(`${signal}: ${await (signal === TERM || signal === 2 ? gone : settled)(pid)}`);
    }
    kill(pid);
    const finished = await init.finished();
    return { seen, end: endOf(finished), writes: speech(finished) };
  },
}));

/** tini -p: the init gets a signal when the process dies that started it. */
const orphaned = membersOf("tini").flatMap((peer) =>
  [[], ["-p", "SIGTERM"], ["-p", "SIGUSR1"], ["-p", "SIGKILL"], ["-g", "-p", "SIGHUP"]].map(
    (options): Comparison => ({
      peer,
      name: `${options.join(" ")} and its parent dies`,
      positions: ["a plain process"],
      run: async (side) => {
        const { probe } = side.lab;
        const host = { ...side.host, command: [probe] };
        const command = ["--", probe, "name:command", "report", "listen", "exit:0"];
        const init = side.lab.start({
          host,
          args: [
            ...["name:parent", "child{", "exec", ...side.host.command, ...options, ...command, "}"],
            ...["listen:10"],
          ],
        });
        await init.event("listening", "parent");
        await init.event("listening", "command");
        const told = await init.event("report", "command");
        await settled(told.ppid);
        await init.signal(USR1);
        await init.exit();
        const rests = await settled(told.ppid);
        await settled(told.pid);
        kill(told.pid);
        kill(told.ppid);
        await init.finished();
        return { "the init": rests, received: init.signals("command").map((it) => it.signal) };
      },
    }),
  ),
);

export const others: readonly Comparison[] = [...pausing, ...orphaned];
