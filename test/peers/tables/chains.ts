// An init under an init under an init, each peer in each position; and scripts that name an init
// in their first line.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill } from "../family.ts";
import type { Comparison, Side } from "../comparison.ts";
import { endOf, lives, numbersIn, standing } from "../observe.ts";
import { membersOf, realPeer } from "../peers.ts";
import type { Family, PeerName } from "../peers.ts";
import { state } from "../../support/proc.ts";
import { eventually } from "../../support/wait.ts";
import { INT, TERM, WINCH } from "../../support/signals.ts";

const NAMES: readonly PeerName[] = ["dumb-init", "tini", "catatonit"];

/** Each order of the three, and each three times. */
const ORDERS = NAMES.flatMap((a) =>
  NAMES.flatMap((b) => NAMES.map((c) => [a, b, c] as const)),
).filter((order) => [1, 3].includes(new Set(order).size));

function chained(order: readonly PeerName[], place: number): Comparison {
  const names = order.map((name, index) => (index === place ? name.toUpperCase() : name));
  return {
    peer: order[place] as PeerName,
    name: `a chain of ${names.join(", ")}`,
    run: async (side) => {
      // One of the three is the program that is compared, the others are Debian's.
      const [outer = [], ...inner] = order.map((name, index) => [
        ...(index === place ? side.host : realPeer(name)).command,
        ...(name === "dumb-init" && index > 0 ? ["-c"] : []),
      ]);
      const host = { ...side.host, command: outer };
      const steps = ["report", `listen:${TERM}`, "exit:9"];
      const args = ["--", ...inner.flatMap((words) => [...words, "--"]), side.lab.probe, ...steps];
      const init = side.lab.start({ host, args, pid1: side.position === "PID 1" });
      await init.event("listening");
      const report = await init.event("report");
      for (const signal of [INT, WINCH, TERM]) {
        await init.signal(signal);
        await init.received(signal);
      }
      const end = endOf(await init.finished());
      return {
        end,
        // An init in the group that is signalled hands on what the group has got already.
        received: [...new Set(init.signals().map((it) => it.signal))],
        blocked: numbersIn(report.blocked),
        ...(await standing(init, report).catch(() => ({}))),
      };
    },
  };
}

/** A script that starts one process in the background and one in the foreground. */
function scriptOf(side: Side, init: string): string {
  const path = join(side.lab.folder, "script");
  const text = [
    `#!${init} /bin/sh`,
    `${side.lab.probe} name:background listen:${TERM} &`,
    `${side.lab.probe} name:foreground listen:${TERM}`,
    "",
  ].join("\n");
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

function shebang(peer: PeerName, env: Record<string, string> = {}): Comparison {
  const words = Object.entries(env).map((it) => it.join("="));
  return {
    peer,
    name: `a script that begins with #!${[peer, "/bin/sh", ...words].join(" ")}`,
    run: async (side) => {
      const path = side.host.command.at(-1) ?? "";
      const host = { ...side.host, command: [scriptOf(side, path)] };
      const pid1 = side.position === "PID 1";
      const init = side.lab.start({ host, args: ["a"], pid1, env });
      const members = new Map<string, number>();
      for (const who of ["background", "foreground"]) {
        const { pid } = await init.event("listening", who);
        members.set(who, await init.outerPid(pid));
      }
      await init.signal(TERM);
      const end = endOf(await init.exit());
      // Those who got the signal end of it, and the others never do.
      const alive = await eventually("the script's processes get what they get", () => {
        const left = [...members].filter(([, pid]) => lives(pid));
        const resting = left.every(([, pid]) => state(pid) === "S");
        return resting && (!pid1 || left.length === 0) && { left };
      });
      for (const pid of members.values()) kill(pid);
      await init.finished();
      return { end, alive: alive.left.map(([who]) => who) };
    },
  };
}

const groups: Record<Family, Record<string, string>[]> = {
  "dumb-init": [{}],
  tini: [{}, { TINI_KILL_PROCESS_GROUP: "1" }],
  catatonit: [{}],
};

export const chains: readonly Comparison[] = [
  ...ORDERS.flatMap((order) => order.map((_, place) => chained(order, place))),
  ...(Object.keys(groups) as Family[]).flatMap((family) =>
    membersOf(family).flatMap((peer) => groups[family].map((env) => shebang(peer, env))),
  ),
];
