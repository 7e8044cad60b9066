// The variables that each peer obeys, and what the command sees of them.
import type { Comparison } from "../comparison.ts";
import { endOf, speech, standing } from "../observe.ts";
import { membersOf } from "../peers.ts";
import type { Family } from "../peers.ts";

interface Case {
  variable: string;
  values: string[];
  options?: string[][];
}

const CASES: Record<Family, Case[]> = {
  "dumb-init": [
    { variable: "DUMB_INIT_DEBUG", values: ["1", "0", "", "true", "2", "01", "11", " 1"] },
    {
      variable: "DUMB_INIT_SETSID",
      values: ["0", "1", "", "00", "false", "no", " 0", "01"],
      options: [[], ["-c"]],
    },
  ],
  tini: [
    { variable: "TINI_SUBREAPER", values: ["", "0", "1", "no"] },
    { variable: "TINI_KILL_PROCESS_GROUP", values: ["", "0", "1"] },
    {
      variable: "TINI_VERBOSITY",
      values: ["0", "1", "2", "3", "4", "10", "-1", "x", ""],
      options: [[], ["-v"], ["-s"]],
    },
  ],
  catatonit: [{ variable: "CATATONIT_DEBUG", values: ["", "0", "1", "x"] }],
};

function obeyed(family: Family): Comparison[] {
  return membersOf(family).flatMap((peer) =>
    CASES[family].flatMap(({ variable, values, options = [[]] }) =>
      values.flatMap((value) =>
        options.map((words): Comparison => ({
          peer,
          name: `${variable}=${value} ${words.join(" ")}`.trimEnd(),
          positions: ["a plain process"],
          run: async (side) => {
            const command = ["--", side.lab.probe, "report", `env:${variable}`, "read", "exit:3"];
            const start = { env: { [variable]: value }, stdin: "pipe" } as const;
            const init = side.start([...words, ...command], start);
            const standingThere = await standing(init, await init.event("report"));
            const seen = await init.event("env");
            init.stdin?.end();
            const finished = await init.finished();
            return {
              ...standingThere,
              variable: seen.value,
              end: endOf(finished),
              writes: speech(finished),
            };
          },
        })),
      ),
    ),
  );
}

/** To whom LISTEN_PID of sd_listen_fds(3) speaks when the init starts, and when the command does. */
const LISTEN_PIDS: Record<string, string[]> = {
  "of the init": ["set-pid:LISTEN_PID", "set:LISTEN_FDS=1", "open:3:/dev/null"],
  "of somebody else": ["set:LISTEN_PID=999999", "set:LISTEN_FDS=1", "open:3:/dev/null"],
  "that is no number": ["set:LISTEN_PID=x"],
};

function listenPid(family: Family): Comparison[] {
  return membersOf(family).flatMap((peer) =>
    Object.entries(LISTEN_PIDS).map(([what, prepare]): Comparison => ({
      peer,
      name: `LISTEN_PID ${what}`,
      run: async (side) => {
        const command = ["--", side.lab.probe, "report", "env:LISTEN_PID", "env:LISTEN_FDS"];
        const init = side.start(command, { prepare });
        const finished = await init.finished();
        const report = await init.event("report");
        const pid = await init.event("env", undefined, ({ name }) => name === "LISTEN_PID");
        const count = await init.event("env", undefined, ({ name }) => name === "LISTEN_FDS");
        const names = new Map([
          [report.pid, "the command's"],
          [report.ppid, "the init's"],
        ]);
        return {
          pid: names.get(Number(pid.value)) ?? pid.value,
          entries: pid.count,
          count: count.value,
          descriptors: report.descriptors,
          end: endOf(finished),
        };
      },
    })),
  );
}

export const environment: readonly Comparison[] = (Object.keys(CASES) as Family[]).flatMap(
  (family) => [...obeyed(family), ...listenPid(family)],
);
