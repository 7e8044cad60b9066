// The core traps on purpose, at the event that TRAP_KIND and TRAP_AT name: PID 1 lives on.
import { existsSync, writeFileSync } from "node:fs";
import { EventKind } from "../../assembly/abi.ts";
import { hostUnderTest } from "../support/host.ts";
import { trapping } from "../support/paths.ts";
import { setOf, signalSet, state } from "../support/proc.ts";
import { POSITIONS } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { KILL, TERM, USR1 } from "../support/signals.ts";

const host = hostUnderTest(trapping);

/** Environment that plants a trap at the n-th event of a kind. */
function trap(kind: EventKind, at = 1): Record<string, string> {
  const { PATH = "/usr/bin:/bin" } = process.env;
  return { PATH, TRAP_KIND: String(kind), TRAP_AT: String(at) };
}

/** No signal waits any more, and the process waits for the next one. */
function hasTaken(pid: number, signal: number): boolean {
  const pending = signalSet(pid, "ShdPnd");
  return pending !== undefined && (pending & setOf(signal)) === 0n && state(pid) === "S";
}

function line(kind: EventKind): RegExp {
  return new RegExp(`^wasm-init: the core trapped [^\\n]* at event 0?${kind}:[^\\n]*\\n$`);
}

test("the build with the planted trap is there", () => {
  expect(existsSync(trapping)).toBe(true);
});

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  test("a trap before the spawn ends with 125 and one line", async ({ lab }) => {
    const args = ["sh", "-c", "echo started"];
    const init = lab.start({ host, pid1, args, env: trap(EventKind.Named) });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(stderr).toMatch(line(EventKind.Named));
  });

  test("a trap right after the spawn keeps the command and its status", async ({ lab }) => {
    const args = ["sh", "-c", "echo lives; exit 7"];
    const init = lab.start({ host, pid1, args, env: trap(EventKind.Spawned) });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout }).toEqual({ status: 7, stdout: "lives\n" });
    expect(stderr).toMatch(line(EventKind.Spawned));
  });

  test("a trap at a signal forwards the signals that come after it", async ({ lab }) => {
    const script = "trap 'echo got USR1' USR1; echo ready; while :; do sleep 0.05; done";
    const env = trap(EventKind.SignalReceived);
    const init = lab.start({ host, pid1, args: ["sh", "-c", script], env });
    await init.stdout.line(/ready/);
    await init.signal(USR1);
    await init.stderr.line(/trapped/);
    await init.signal(USR1);
    await init.stdout.line(/got USR1/);
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 128 + TERM });
  });

  test("a trap in a drain forwards nothing more, and keeps the command's status", async ({
    lab,
  }) => {
    // Left in the command's group, which nobody may signal any more.
    const left = `trap '' TERM; trap 'echo got USR1' USR1; kill -KILL $PPID; echo left
      while [ ! -e ${lab.folder}/go ]; do sleep 0.05; done; echo done`;
    const args = [
      "--subreaper",
      "--drain=100ms",
      "--",
      "sh",
      "-c",
      `sh -c "$1" & wait`,
      "sh",
      left,
    ];
    const init = lab.start({ host, pid1, args, env: trap(EventKind.DeadlineReached) });
    await init.stdout.line(/left/);
    await init.stderr.line(/trapped/);
    await init.signal(USR1);
    await eventually("the signal is taken", async () => hasTaken(await init.pid(), USR1));
    writeFileSync(`${lab.folder}/go`, "");
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout }).toEqual({ status: 128 + KILL, stdout: "left\ndone\n" });
    expect(stderr).toMatch(line(EventKind.DeadlineReached));
  });

  test("a trap at the end of a child reaps it, and the command's end is ours", async ({ lab }) => {
    const args = ["sh", "-c", "exit 9"];
    const init = lab.start({ host, pid1, args, env: trap(EventKind.ChildExited) });
    expect(await init.finished()).toMatchObject({ status: 9 });
  });
});
