// An init without any privilege: as nobody, with a setuid command.
import { theOnlyLine } from "../support/lines.ts";
import { copiesFor, whyNoOtherUser } from "../support/others.ts";
import { inBothPositions } from "../support/positions.ts";
import type { Stage } from "../support/positions.ts";
import { signalSet, statusField, waitsForSignals } from "../support/proc.ts";
import { expect, skipLoudly } from "../support/system-test.ts";
import type { StartedInit } from "../support/started.ts";
import { eventually } from "../support/wait.ts";
import { TERM, USR1 } from "../support/signals.ts";

const NOBODY = 65_534;

/** Starts an init as nobody, with a command that is a setuid program of root's. */
async function setuid({ lab, start, context }: Stage, ...steps: string[]): Promise<StartedInit> {
  const why = whyNoOtherUser();
  if (why !== undefined) skipLoudly(context, why);
  const { host, probe } = copiesFor(lab, 0o4755);
  const init = start({
    host,
    cwd: lab.folder,
    prepare: [`user:${NOBODY}`],
    stdin: "pipe",
    command: [probe, ...steps],
  });
  if ((await init.event("report")).euid === 0) return init;
  await lab.endTheRest();
  return skipLoudly(context, `${lab.folder} is mounted nosuid`);
}

/** Sends a signal to the init, and waits until it has been dealt with. */
async function dealtWith(init: StartedInit, signal: number) {
  const pid = await init.pid();
  await init.signal(signal);
  await eventually(`${signal} was taken`, () => {
    return signalSet(pid, "ShdPnd") === 0n && waitsForSignals(pid);
  });
}

inBothPositions((claim) => {
  claim("goes on after one warning, with a command that has become root", async (stage) => {
    const init = await setuid(
      stage,
      "user:0",
      "report",
      "orphans:10",
      "say:ready",
      "read",
      "exit:7",
    );
    await init.event("say");
    expect(statusField(await init.pid(), "Uid")).toBe(Array(4).fill(NOBODY).join("\t"));
    for (const signal of [TERM, USR1, TERM]) await dealtWith(init, signal);
    init.stdin?.end();
    const { status, stderr } = await init.finished();
    expect(status).toBe(7);
    expect(theOnlyLine(stderr)).toMatch(/TERM.*not permitted/);
  });

  claim("signals a setuid command whose real user is nobody still", async (stage) => {
    const init = await setuid(stage, "report", "listen:64", "exit:7");
    await init.event("listening");
    for (const signal of [TERM, USR1, 64]) await init.signal(signal);
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    expect(init.signals().map((it) => it.signal)).toEqual(expect.arrayContaining([TERM, USR1]));
  });
});
