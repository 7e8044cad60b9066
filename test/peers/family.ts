// A command with relatives, all of which listen: a child in its group, one with a group of its own
// and one with a session of its own.
import type { StartedInit } from "../support/started.ts";
import type { Side } from "./comparison.ts";
import type { Mode } from "./tables/modes.ts";

export const MEMBERS = ["command", "child", "group", "session"] as const;
export type Member = (typeof MEMBERS)[number];

export interface Relatives {
  readonly init: StartedInit;
  /** The init's process id. */
  readonly pid: number;
  /** Their process ids, as seen from here. */
  readonly pids: ReadonlyMap<Member, number>;
}

/** Kills a process that may be gone. */
export function kill(pid: number) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone.
  }
}

/**
 * Starts them all and waits until they listen. The children end when USR2 comes; the command does
 * so when `last` comes, and then takes the further steps.
 */
export async function startFamily(
  side: Side,
  mode: Pick<Mode, "options" | "env">,
  last?: number,
  ...further: string[]
): Promise<Relatives> {
  const init = side.start(
    [
      ...mode.options,
      ...["--", side.lab.probe],
      ...["child{", "name:child", "listen", "}"],
      ...["group{", "name:group", "listen", "}"],
      ...["session{", "name:session", "listen", "}"],
      ...["name:command", last === undefined ? "listen" : `listen:${last}`, ...further],
    ],
    { env: mode.env, cwd: side.lab.folder },
  );
  // Asked for now: as PID 1 it can't be asked for any more once the init has ended.
  const pid = await init.pid();
  const pids = new Map<Member, number>();
  for (const who of MEMBERS) {
    const event = await init.event("listening", who);
    pids.set(who, await init.outerPid(event.pid));
  }
  return { init, pid, pids };
}
