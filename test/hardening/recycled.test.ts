// Process ids that are used again at once, in a namespace that has few: a signal never reaches a
// process that is not ours. Here the init is no PID 1, and has strangers beside it.
import { recycleProgram } from "../support/fixtures.ts";
import { hostUnderTest } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { launched } from "../support/paths.ts";
import { signalSet, waitsForSignals } from "../support/proc.ts";
import { whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { USR1 } from "../support/signals.ts";

const NAMESPACE = ["--pid", "--fork", "--mount-proc", "--kill-child"];

/** Runs an init so many times among strangers; returns what became of them. */
async function among(lab: Lab, rounds: number, init: string[], options: string[]) {
  const program = recycleProgram();
  const words = [...init, ...launched, ...options, "--drain=5ms", "--", program, "family"];
  const args = [...NAMESPACE, program, String(rounds), ...words];
  const { stdout, stderr } = await lab.run("unshare", ...args);
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${stdout}\n${stderr}`, { cause: error });
  }
}

/** Every signal waits for so long, in microseconds, after it was decided on. */
const slowly = (lab: Lab, time: number) => [
  ...["strace", "-D", "-o", `${lab.folder}/strace`, "-e", "trace=kill,pidfd_send_signal"],
  ...["-e", `inject=kill,pidfd_send_signal:delay_enter=${time}`],
];
const UNHARMED = { signalled: 0, killed: 0, signals: "0", failures: 0 };

describe("of strangers who take every id that gets free, none is signalled", () => {
  for (const plan of [[], ["--stop=TERM:2ms,KILL"]]) {
    const what = plan.length ? "a stop plan and a drain" : "a drain";
    test(`by ${what}`, async ({ lab, skip, task }) => {
      const why = whyNoPid1();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      expect(await among(lab, 6, [], plan)).toMatchObject(UNHARMED);
    });

    test(`by ${what} whose signals come late`, async ({ lab, skip, task }) => {
      const why = whyNoPid1() ?? whyNoStrace();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      const options = ["--sandbox=off", ...plan];
      expect(await among(lab, 3, slowly(lab, 3_000), options)).toMatchObject(UNHARMED);
    });
  }
});

// The ids are known: 1 is the shell, 2 the init, 3 the command, which leads the group, and 4 what
// the drain waits for. Then 3 is a stranger's.
const SCRIPT = [
  '"$@" & read line',
  "echo 2 > /proc/sys/kernel/ns_last_pid",
  'setsid "$PROBE" name:stranger listen:64 & read line',
  "kill -KILL 4; wait 2; echo status $?",
].join("\n");

test("a signal that comes during a drain stays away from the next owner of the group's id", async ({
  lab,
  skip,
  task,
}) => {
  const why = whyNoPid1();
  if (why !== undefined) skipLoudly({ skip, task }, why);
  const init = [
    ...launched,
    "--drain=1h",
    "--",
    lab.probe,
    ...["session{", "name:daemon", "listen", "}"],
    ...["name:command", `listen:${USR1}`, "exit:0"],
  ];
  const shell = lab.start({
    host: { ...hostUnderTest(), command: ["sh"] },
    pid1: true,
    stdin: "pipe",
    env: { PROBE: lab.probe },
    args: ["-c", SCRIPT, "sh", ...init],
  });
  await shell.event("listening", "daemon");
  await shell.event("listening", "command");
  // The command ends by this, and the drain begins: not before the daemon can hear its TERM.
  process.kill(await shell.outerPid(2), USR1);
  await shell.received(15, "daemon");
  shell.stdin?.write("\n");
  expect(await shell.event("listening", "stranger")).toMatchObject({ pid: 3 });
  const pid = await shell.outerPid(2);
  process.kill(pid, USR1);
  await eventually("the signal was taken", () => {
    return waitsForSignals(pid) && signalSet(pid, "ShdPnd") === 0n;
  });
  // The last signal of all: what was sent before it has arrived when it does.
  process.kill(await shell.outerPid(3), 64);
  await shell.received(64, "stranger");
  shell.stdin?.write("\n");
  await shell.stdout.line(/^status 0$/);
  await shell.finished();
  expect(shell.signals("stranger").map(({ signal }) => signal)).toEqual([64]);
});
