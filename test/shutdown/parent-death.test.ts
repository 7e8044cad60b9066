// A signal when the parent of the init dies.
import { innerPid, parentOf, pidsWithEnvironment } from "../support/proc.ts";
import { got } from "../support/positions.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { hostUnderTest } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import type { StartedInit } from "../support/started.ts";
import { eventually } from "../support/wait.ts";
import { KILL, TERM, USR1 } from "../support/signals.ts";

/** The command of an init whose parent can be killed: neither unshare nor the test itself. */
async function underMortalParent(
  lab: Lab,
  pid1: boolean,
  options: string[],
  ...steps: string[]
): Promise<{ outer: StartedInit; init: number; parent: number }> {
  // As PID 1 the parent is unshare, in the outer namespace, without its --kill-child.
  const namespace = pid1 ? ["unshare", "--pid", "--fork", "--mount-proc"] : [];
  const inner = [...namespace, ...hostUnderTest().command, ...options, "--", lab.probe, ...steps];
  const outer = lab.start({
    command: pid1 ? inner : [lab.probe, "child{", "exec", ...inner, "}", "wait"],
    options: ["-c"],
  });
  const { pid } = await outer.event("listening");
  const command = await eventually("the command is seen", () =>
    pidsWithEnvironment(lab.mark).find(
      (it) => innerPid(it) === pid && (!pid1 || innerPid(it) !== it),
    ),
  );
  const init = parentOf(command) ?? 0;
  return { outer, init, parent: parentOf(init) ?? 0 };
}

describe.each([
  ["PID 1 of its namespace", true],
  ["any process", false],
])("the death of the parent of an init that is %s", (_, pid1) => {
  for (const option of [["-p", "USR1"], ["--parent-death=SIGUSR1"], ["--parent-death", "10"]]) {
    test(`reaches the command as a signal: ${option.join(" ")}`, async ({ lab }) => {
      const { outer, parent } = await underMortalParent(lab, pid1, option, `listen:${USR1}`);
      process.kill(parent, "SIGKILL");
      await outer.received(USR1);
      await lab.isQuiet();
      expect([...new Set(got(outer))]).toEqual([USR1]);
    });
  }

  test("is forwarded rewritten, and starts a stop plan", async ({ lab }) => {
    const options = ["-p", "TERM", "-r", "TERM:QUIT", "-k", "=:1s,KILL"];
    const { outer, parent } = await underMortalParent(lab, pid1, options, "listen");
    process.kill(parent, "SIGKILL");
    await outer.received(3);
    await lab.isQuiet();
    // Whoever takes the parent's place may die as well, of the same kill: one more QUIT, forwarded.
    expect([...new Set(got(outer))]).toEqual([3, 18]);
    expect(got(outer)).not.toContain(TERM);
  });

  test("by KILL ends the init and the command", async ({ lab }) => {
    const { outer, parent } = await underMortalParent(lab, pid1, ["-p", "KILL"], "listen");
    process.kill(parent, "SIGKILL");
    await lab.isQuiet();
    expect(got(outer)).toEqual([]);
  });

  test("means nothing without the option", async ({ lab }) => {
    const { outer, init, parent } = await underMortalParent(lab, pid1, [], "listen:64");
    process.kill(parent, "SIGKILL");
    await eventually("the init has another parent", () => parentOf(init) !== parent);
    process.kill(init, 64);
    await outer.received(64);
    await lab.isQuiet();
    expect(got(outer)).toEqual([64]);
  });
});

test("a killed init takes its command with it by -p KILL", async ({ lab }) => {
  const init = lab.probeUnder({ options: ["-p", "KILL"] }, "listen");
  await init.event("listening");
  await init.signal(KILL);
  expect(await init.finished()).toMatchObject({ status: null, signal: "SIGKILL" });
  await lab.isQuiet();
});
