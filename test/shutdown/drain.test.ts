// After the command's end: everyone left is told to end, waited for, and killed in the end.
import { existsSync } from "node:fs";
import { leaderlessProgram } from "../support/fixtures.ts";
import { theOnlyLine } from "../support/lines.ts";
import { got, inBothPositions, timeFrom } from "../support/positions.ts";
import { isAged, state } from "../support/proc.ts";
import { anyProgram } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { CONT, INT, TERM, USR1, WINCH } from "../support/signals.ts";

/** Steps of a command that starts a daemon, waits until it is told to end, and ends. */
const command = (kind: "child{" | "session{" | "group{", ...daemon: string[]) => [
  ...[kind, "name:daemon", ...daemon, "}", "name:command", `listen:${USR1}`, "exit:3"],
];

inBothPositions((claim) => {
  for (const kind of ["session{", "group{", "child{"] as const) {
    claim(
      `tells a daemon in a ${kind.slice(0, -1)} of its own once, and awaits it`,
      async ({ probe }) => {
        // The first CONT follows TERM; the end comes by a signal of the test's own.
        const init = probe(["--drain=1h"], ...command(kind, "listen:64", "exit:9"));
        await init.event("listening", "command");
        const daemon = await init.outerPid((await init.event("listening", "daemon")).pid);
        await init.signal(USR1);
        await init.received(CONT, "daemon");
        expect(init.hasEnded).toBe(false);
        process.kill(daemon, 64);
        expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
        expect(got(init, "daemon").filter((signal) => signal !== USR1)).toEqual([TERM, CONT, 64]);
      },
    );
  }

  claim("does not tell again a group that had TERM, and awaits it", async ({ probe }) => {
    const init = probe(
      ["--drain=1h"],
      ...["child{", "name:worker", "listen:64", "exit:0", "}"],
      ...["session{", "name:daemon", "listen:64", "exit:0", "}"],
      ...["name:command", `listen:${TERM}`, "exit:3"],
    );
    for (const name of ["command", "worker", "daemon"]) await init.event("listening", name);
    const worker = await init.outerPid((await init.event("listening", "worker")).pid);
    const daemon = await init.outerPid((await init.event("listening", "daemon")).pid);
    await eventually("the worker is a clock tick old", () => isAged(worker));
    await init.signal(TERM);
    // The daemon left the group: it is told by the drain.
    await init.received(CONT, "daemon");
    process.kill(daemon, 64);
    process.kill(worker, 64);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    expect(got(init, "worker")).toEqual([TERM, 64]);
    expect(got(init, "daemon")).toEqual([TERM, CONT, 64]);
  });

  claim("tells those of the group who ignore the signal that it had", async ({ probe }) => {
    const init = probe(
      ["--drain=1h"],
      ...["child{", "ignore:2", "say:ready", "pause", "}"],
      ...["name:command", `listen:${INT}`, "exit:3"],
    );
    await init.event("listening", "command");
    await init.event("say");
    await init.signal(INT);
    // The worker ends by TERM: of INT it would never.
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
  });

  claim("tells those of the group who ignore the signal by default", async ({ probe }) => {
    const init = probe(
      ["--stop-on=WINCH", "--drain=1h"],
      ...["child{", "say:ready", "pause", "}"],
      ...["name:command", `listen:${WINCH}`, "exit:3"],
    );
    await init.event("listening", "command");
    await init.event("say");
    await init.signal(WINCH);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
  });

  claim("tells those who came into the group after the signal that it had", async ({ probe }) => {
    const init = probe(
      ["--drain=1h"],
      ...["name:command", `listen:${TERM}`],
      ...["child{", "name:late", `listen:${CONT}`, "exit:0", "}", "exit:3"],
    );
    await init.event("listening", "command");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    expect(got(init, "late")).toEqual([TERM, CONT]);
  });

  claim("tells nobody if all end by themselves in a plan's first wait", async ({ probe }) => {
    const init = probe(
      ["--drain=none:1h,TERM:1h,KILL"],
      ...command("session{", "listen:64", "exit:0"),
    );
    const main = await init.outerPid((await init.event("listening", "command")).pid);
    const daemon = await init.outerPid((await init.event("listening", "daemon")).pid);
    await init.signal(USR1);
    await eventually("the command is reaped", () => !existsSync(`/proc/${main}`));
    process.kill(daemon, 64);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    expect(got(init, "daemon")).toEqual([64]);
  });

  claim("takes the steps of a plan in order", async ({ lab, probe }) => {
    const init = probe(
      ["--drain=none:20ms,USR2:300ms,TERM:300ms,KILL"],
      ...command("session{", "listen"),
    );
    await init.event("listening", "command");
    await init.event("listening", "daemon");
    await init.signal(USR1);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    expect(got(init, "daemon")).toEqual([12, CONT, TERM, CONT]);
    await lab.isQuiet();
  });

  claim("kills what ignores TERM when the time is over", async ({ lab, probe }) => {
    const init = probe(["-v", "--drain=300ms"], ...command("session{", "listen"));
    await init.event("listening", "command");
    await init.event("listening", "daemon");
    const took = await timeFrom(() => init.signal(USR1), init.finished());
    expect((await init.finished()).status).toBe(3);
    expect(got(init, "daemon")).toEqual([TERM, CONT]);
    expect(took).toBeGreaterThanOrEqual(299);
    expect(took).toBeLessThan(5_000);
    expect(init.stderr.text).toMatch(/draining: sending TERM.*\n(.*\n)*.*draining: sending KILL/);
    await lab.isQuiet();
  });

  claim("kills daemons of daemons that were orphaned long ago", async ({ lab, probe }) => {
    const init = probe(
      ["--drain=20ms"],
      ...[
        "session{",
        "session{",
        "session{",
        "name:deep",
        "orphaned",
        "ignore:15",
        "say:here",
        "pause",
        "}",
        "}",
        "}",
      ],
      ...[`listen:${USR1}`, "exit:3"],
    );
    await init.event("listening");
    await init.event("say", "deep");
    await init.signal(USR1);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    await lab.isQuiet();
  });

  claim("lets a stopped daemon go on, so that it can end", async ({ probe }) => {
    const init = probe(["--drain=1h"], ...command("session{", "say:ready", "pause"));
    await init.event("listening", "command");
    await init.event("say", "daemon");
    const daemon = await init.outerPid((await init.event("forked")).pid);
    process.kill(daemon, "SIGSTOP");
    await eventually("the daemon is stopped", () => state(daemon) === "T");
    await init.signal(USR1);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
  });

  claim("kills a process whose main thread has ended", async ({ lab, start }) => {
    const init = start({
      options: ["--drain=20ms"],
      command: [
        ...[lab.probe, "child{", "exec", leaderlessProgram(), "}"],
        ...[`listen:${USR1}`, "exit:3"],
      ],
    });
    await init.event("listening");
    await init.stdout.line(/leaderless/);
    await init.signal(USR1);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    await lab.isQuiet();
  });

  claim("sends arriving signals to the group, rewritten", async ({ probe }) => {
    const init = probe(
      ["-r", "QUIT:USR2", "--drain=1h"],
      ...command("child{", "listen:12", "exit:0"),
    );
    await init.event("listening", "command");
    await init.event("listening", "daemon");
    await init.signal(USR1);
    await init.received(CONT, "daemon");
    await init.signal(3);
    expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
    expect(got(init, "daemon")).toEqual([USR1, TERM, CONT, 12]);
  });

  claim("drops arriving signals with a line under -c", async ({ probe }) => {
    const init = probe(["-c", "--drain=1h"], ...command("child{", "listen:64", "exit:0"));
    await init.event("listening", "command");
    const daemon = await init.outerPid((await init.event("listening", "daemon")).pid);
    await init.signal(USR1);
    await init.received(CONT, "daemon");
    await init.signal(12);
    await init.stderr.line(/./);
    process.kill(daemon, 64);
    expect((await init.finished()).status).toBe(3);
    expect(theOnlyLine(init.stderr.text)).toMatch(/dropped USR2/);
    expect(got(init, "daemon")).toEqual([TERM, CONT, 64]);
  });

  claim("ends at once when nobody is left", async ({ probe }) => {
    expect(await probe(["-d"], "exit:3").finished(10_000)).toMatchObject({ status: 3, stderr: "" });
  });

  claim(
    "takes five seconds if none are given, and ends before that if it can",
    async ({ probe }) => {
      const init = probe(["-d"], ...command("session{", `listen:${TERM}`));
      await init.event("listening", "command");
      await init.event("listening", "daemon");
      expect(await timeFrom(() => init.signal(USR1), init.finished())).toBeLessThan(4_500);
      expect((await init.finished()).status).toBe(3);
    },
  );

  claim("keeps the status that the exit map gives", async ({ probe }) => {
    const init = probe(["-d", "-e", "3:0"], ...command("session{", `listen:${TERM}`));
    await init.event("listening", "command");
    await init.event("listening", "daemon");
    await init.signal(USR1);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
  });

  claim(
    "follows a stop plan, whose KILL can't reach a daemon's own session",
    async ({ lab, probe }) => {
      const init = probe(
        ["-k", "TERM:20ms,KILL", "--drain=500ms"],
        ...["session{", "name:daemon", "listen", "}", "name:command", "listen"],
      );
      await init.event("listening", "command");
      await init.event("listening", "daemon");
      await init.signal(TERM);
      expect(await init.finished()).toMatchObject({ status: 137, stderr: "" });
      expect(got(init, "command")).toEqual([TERM, CONT]);
      expect(got(init, "daemon")).toEqual([TERM, CONT]);
      await lab.isQuiet();
    },
  );

  claim("follows --pause, too", async ({ start, lab }) => {
    // The daemon is adopted: its parent, which became the init, has it as a child from the start.
    const init = start({
      args: ["--pause", "--drain=20ms"],
      prepare: ["session{", "name:daemon", "listen", "}"],
    });
    await init.event("listening", "daemon");
    await init.ready();
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
    expect(got(init, "daemon")).toEqual([TERM, CONT]);
    await lab.isQuiet();
  });
});

// Not as PID 1, which has every process of its namespace to look after.
test("where orphans are not adopted, sends the group no second TERM", async ({ lab }) => {
  const init = lab.probeUnder(
    { options: ["--subreaper=off", "--drain=1h"] },
    ...["child{", "name:rest", "listen:64", "exit:0", "}"],
    ...["name:command", `listen:${TERM}`, "exit:3"],
  );
  const { pid } = await init.event("listening", "rest");
  await init.event("listening", "command");
  await init.signal(TERM);
  expect(await init.exit()).toMatchObject({ status: 3 });
  process.kill(pid, 64);
  await init.finished();
  expect(got(init, "rest")).toEqual([TERM, 64]);
});

test("where orphans are not adopted, sends the group nothing if the plan waits", async ({
  lab,
}) => {
  const init = lab.probeUnder(
    { options: ["--subreaper=off", "--drain=none:1h,TERM:1h,KILL"] },
    ...["child{", "name:rest", "listen:64", "exit:0", "}"],
    ...["name:command", `listen:${USR1}`, "exit:3"],
  );
  await init.event("listening", "command");
  const { pid } = await init.event("listening", "rest");
  await init.signal(USR1);
  expect(await init.exit()).toMatchObject({ status: 3 });
  process.kill(pid, 64);
  await init.finished();
  expect(got(init, "rest")).toEqual([USR1, 64]);
});

/** Starts a process in the init's pid namespace whose parent is outside, as `docker exec` does. */
test("awaits as PID 1 a process that came in from outside", async ({ lab, skip, task }) => {
  const absent = whyNoPid1();
  if (absent !== undefined) skipLoudly({ skip, task }, absent);
  const steps = ["name:command", `listen:${USR1}`, "exit:3"];
  const init = lab.probeUnder({ pid1: true, options: ["--drain=1h"] }, ...steps);
  await init.event("listening", "command");
  const guest = lab.start({
    host: anyProgram("nsenter"),
    args: [
      ...["--target", String(await init.pid()), "--pid", lab.probe],
      ...["name:guest", "listen:64", "exit:0"],
    ],
  });
  const { pid } = await guest.event("listening", "guest");
  const outside = await init.outerPid(pid);
  await init.signal(USR1);
  await guest.received(CONT, "guest");
  expect(init.hasEnded).toBe(false);
  process.kill(outside, 64);
  expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
  expect(got(guest, "guest")).toEqual([TERM, CONT, 64]);
  expect((await guest.finished()).status).toBe(0);
});
