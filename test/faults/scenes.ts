// What happens under the init while a call of it fails. The command does all of it alone, so that
// a cell of the table costs one run.
import { loaderlessProgram } from "../support/fixtures.ts";
import type { Lab } from "../support/lab.ts";
import { USR1 } from "../support/signals.ts";

export const [QUEUED, FENCE] = [34, 64];

export interface Scene {
  /** `file` is a name of the run's own for a recording. */
  readonly options: (file: string) => string[];
  readonly command: (lab: Lab) => string[];
  readonly status: number;
  /** The signals that the command sees, when none is refused. */
  readonly signals: readonly number[];
  /** The init leads the session of a terminal. */
  readonly terminal?: boolean;
  /** Standard input is closed. */
  readonly closed?: boolean;
}

// A pending signal is taken by number, and the last one is sent last: what has not arrived when it
// does, never will.
const signalled = [
  ...["block:all", "orphans:2", `send:parent:${USR1}`, `send:parent:${QUEUED}:5`],
  ...[`send:parent:${FENCE}`, `listen:${FENCE}`, "exit:7"],
];
const busy = {
  command: (lab: Lab) => [lab.probe, ...signalled],
  status: 7,
  signals: [USR1, QUEUED, FENCE],
};

export const scenes = {
  plain: { ...busy, options: () => [] },
  // No deadline is set, so that nothing but a signal ends a wait.
  unsandboxed: { ...busy, options: () => ["--sandbox=off"] },
  single: { ...busy, options: () => ["-c"] },
  verbose: { ...busy, options: () => ["-v", "-p", "TERM"] },
  sandbox: { ...busy, options: () => ["--sandbox=on"] },
  record: { ...busy, options: (file: string) => ["--record", `${file}-%p`] },
  closed: {
    ...busy,
    options: (file: string) => ["--record", `${file}-%p`],
    closed: true,
  },
  terminal: { ...busy, options: () => [], terminal: true },
  job: { ...busy, options: () => ["-g"], terminal: true },
  // The command ignores the TERM: its end comes from the deadline.
  stop: {
    options: () => ["--stop=TERM:100ms,KILL"],
    command: (lab: Lab) => [lab.probe, "block:all", "send:parent:15", "pause"],
    status: 137,
    signals: [],
  },
  drain: {
    options: () => ["-v", "--drain=100ms"],
    command: (lab: Lab) => [lab.probe, "session{", "pause", "}", "exit:7"],
    status: 7,
    signals: [],
  },
  // Lives long enough for the init to give up its privileges.
  settled: {
    options: () => ["-v"],
    command: () => ["sh", "-c", "sleep 0.15; exit 7"],
    status: 7,
    signals: [],
  },
  traced: {
    options: () => ["-v"],
    command: (lab: Lab) => [lab.probe, "traced", `raise:${USR1}`],
    status: 137,
    signals: [],
  },
  loaderless: {
    options: () => [],
    command: () => [loaderlessProgram()],
    status: 127,
    signals: [],
  },
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;
