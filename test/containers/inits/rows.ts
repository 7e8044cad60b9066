// What is tried under each init that an engine starts, what is seen, and where the inits differ.
import type { Engine, RunningContainer } from "../../support/engine.ts";
import type { ColumnName } from "./columns.ts";
import type { Reason } from "./reasons.ts";

/** What is seen of a container. */
export interface Seen {
  status: number;
  /** The lines that its command printed. */
  said: string[];
  /** Whether it ended well before the engine would have killed it. */
  early: boolean;
}

export interface Row {
  readonly name: string;
  readonly options?: readonly string[];
  readonly command: readonly string[];
  /** What is done to the container, once it has said "ready". */
  act?(engine: Engine, container: RunningContainer): Promise<unknown>;
  readonly seen: Partial<Seen>;
  /** What is seen under another init than ours as podman starts it. */
  readonly but?: readonly { under: ColumnName[]; seen: Partial<Seen>; reason: Reason }[];
}

const shell = (script: string) => ["sh", "-c", script];

/** Says that its traps are set, and lives on: a shell runs a trap between two commands. */
const LIVES = "echo ready; while :; do sleep 0.02; done";
/** Whoever is left behind tells of TERM. */
const tells = (words: string) => `trap 'echo ${words}; exit' TERM; ${LIVES}`;

const kill =
  (signal: string) =>
  (engine: Engine, { name }: RunningContainer) =>
    engine.must("kill", "--signal", signal, name);
const stop =
  (seconds: number) =>
  (engine: Engine, { name }: RunningContainer) =>
    engine.must("stop", "--time", String(seconds), name);

/** As the engine gives the options of an init that it starts by itself. */
const withOptions = (words: string) => ["--env", `WASM_INIT_OPTIONS=${words}`];

/** The grace that an early end has to stay below: it is waited for in full where none is early. */
const GRACE_S = 5;

export const rows: readonly Row[] = [
  {
    name: "the command's status",
    command: shell("exit 7"),
    seen: { status: 7, said: [] },
  },
  {
    name: "the status of a command that KILL ended",
    command: shell("kill -KILL $$"),
    seen: { status: 137 },
  },
  {
    name: "a command that is not there",
    command: ["/no/such/command"],
    seen: { status: 127, said: [] },
    but: [{ under: ["catatonit"], seen: { status: 1 }, reason: "one status for all" }],
  },
  {
    name: "a file that is no program",
    command: ["/etc/plain"],
    seen: { status: 126, said: [] },
    but: [{ under: ["catatonit"], seen: { status: 1 }, reason: "one status for all" }],
  },
  ...[
    ["HUP", "HUP"],
    ["USR1", "USR1"],
    ["TERM", "TERM"],
    ["RTMIN+3", "37"],
  ].map(([signal = "", trap]): Row => ({
    name: `kill --signal ${signal}`,
    command: shell(`trap 'echo got; exit 4' ${trap}; ${LIVES}`),
    act: kill(signal),
    seen: { status: 4, said: ["got"] },
  })),
  {
    name: "stop, and a command that leaves TERM as it is",
    command: shell(LIVES),
    act: stop(30),
    seen: { status: 143, early: true },
  },
  {
    name: "stop, and a deaf command",
    command: shell(`trap '' TERM; ${LIVES}`),
    act: stop(1),
    seen: { status: 137 },
  },
  {
    name: "stop, and a deaf command with a stop plan",
    options: withOptions("--stop TERM:200ms,KILL"),
    command: shell(`trap '' TERM; ${LIVES}`),
    act: stop(GRACE_S),
    seen: { status: 137, early: true },
    but: [{ under: ["catatonit", "tini"], seen: { early: false }, reason: "no stop plan" }],
  },
  {
    name: "stop, and a command that awaits its job in the background",
    command: shell(`trap 'wait; exit 5' TERM; (${tells("job told")}) & wait`),
    act: stop(2),
    seen: { status: 5, said: ["job told"] },
    but: [
      {
        under: ["catatonit", "docker-init", "tini"],
        seen: { status: 137, said: [] },
        reason: "the command alone",
      },
    ],
  },
  {
    name: "whoever is left when the command ends",
    options: withOptions("--drain=10s"),
    command: shell(
      `(trap 'echo left told; exit' TERM; >/tmp/up; while :; do sleep 0.02; done) & ` +
        "until [ -e /tmp/up ]; do sleep 0.02; done; exit 3",
    ),
    seen: { status: 3, said: ["left told"] },
    but: [{ under: ["catatonit", "tini"], seen: { said: [] }, reason: "no drain" }],
  },
  {
    name: "--read-only",
    options: ["--read-only"],
    command: shell("touch /file 2>/dev/null && echo written || echo refused"),
    seen: { status: 0, said: ["refused"] },
  },
  {
    name: "--cap-drop=all",
    options: ["--cap-drop=all"],
    command: shell("grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status"),
    seen: {
      status: 0,
      said: ["CapPrm", "CapEff", "CapBnd"].map((set) => `${set}:\t0000000000000000`),
    },
  },
  {
    name: "--user 65534",
    options: ["--user", "65534"],
    command: shell("id -u; set -- $(grep ^Uid: /proc/1/status); echo $3"),
    seen: { status: 0, said: ["65534", "65534"] },
  },
  {
    name: "--security-opt=no-new-privileges",
    options: ["--security-opt=no-new-privileges"],
    command: shell("grep -h NoNewPrivs: /proc/1/status /proc/self/status"),
    seen: { status: 0, said: ["NoNewPrivs:\t1", "NoNewPrivs:\t1"] },
  },
  {
    name: "--pids-limit 20",
    options: ["--pids-limit", "20"],
    command: shell(
      "sh -c 'i=0; while [ $i -lt 40 ]; do sleep 1000 & i=$((i+1)); done' 2>/dev/null " +
        "|| echo a fork fails; set -- /proc/[0-9]*; [ $# -le 20 ] && echo twenty at most",
    ),
    seen: { status: 0, said: ["a fork fails", "twenty at most"] },
  },
  {
    name: "--memory 8m",
    options: ["--memory", "8m"],
    command: shell("dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null; echo $?"),
    seen: { status: 0, said: ["137"] },
  },
];

/** Orphans by the thousand, each of which loses its parent at once; nobody but the init waits. */
export function orphans(count: number): Row {
  return {
    name: `${count.toLocaleString("en")} orphans within a limit of 1,000 processes`,
    options: ["--pids-limit", "1000"],
    command: shell(
      `i=0; while [ $i -lt ${count} ]; do (: &) || exit 9; i=$((i+1)); done; ` +
        "n=0; while grep -q '^State:.Z' /proc/[0-9]*/status 2>/dev/null; do " +
        "n=$((n+1)); [ $n -gt 500 ] && exit 8; sleep 0.01; done; echo none left",
    ),
    seen: { status: 0, said: ["none left"] },
  };
}

/** Runs a row's container, and tells what is seen of it. */
export async function look(
  engine: Engine,
  image: string,
  init: string[],
  { options = [], command, act }: Row,
): Promise<Seen> {
  const container = engine.run(image, [...init, "--entrypoint", "", ...options], ...command);
  let early = true;
  if (act) {
    await container.stdout.line(/^ready$/);
    const begin = Date.now();
    await act(engine, container);
    early = Date.now() - begin < GRACE_S * 1000;
  }
  const { status, stdout } = await container.finished();
  const said = stdout.split("\n").filter((line) => line !== "" && line !== "ready");
  return { status: status ?? -1, said, early };
}
