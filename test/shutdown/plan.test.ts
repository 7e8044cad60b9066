// What happens after the first stop signal, step by step.
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { got, inBothPositions, timeFrom } from "../support/positions.ts";
import { isOrphaned, state } from "../support/proc.ts";
import { expect } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { CONT, INT, KILL, QUIT, TERM, USR1, USR2 } from "../support/signals.ts";

/** A plan that would outlast every test. */
const LONG = "TERM:1h,KILL";

/** A command, and one of its group that it waits for. */
const FAMILY = [
  ...["child{", "name:rest", "listen:64", "}", "name:command", "listen:64", "wait", "exit:4"],
];

inBothPositions((claim) => {
  claim("goes through all steps with a command that ignores TERM and INT", async ({ probe }) => {
    const init = probe(["--stop", "TERM:300ms,INT:300ms,KILL"], "listen");
    await init.event("listening");
    const took = await timeFrom(() => init.signal(TERM), init.finished());
    expect(await init.finished()).toMatchObject({ status: 137, stderr: "" });
    expect(got(init)).toEqual([TERM, CONT, INT, CONT]);
    // Never before their time; a busy machine may take longer, but never the second after KILL.
    expect(took).toBeGreaterThanOrEqual(599);
    expect(took).toBeLessThan(5_000);
  });

  claim("ends at once when the command ends in the middle of a step", async ({ probe }) => {
    const init = probe(["-k", LONG], `listen:${TERM}`, "exit:3");
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.finished(10_000)).toMatchObject({ status: 3, stderr: "" });
    expect(got(init)).toEqual([TERM]);
  });

  claim("sends = as the signal that arrived, rewritten", async ({ probe }) => {
    const init = probe(["-r", "TERM:QUIT", "-k", "=:1h,KILL"], `listen:${QUIT}`, "exit:4");
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 4 });
    expect(got(init)).toEqual([QUIT]);
  });

  claim("only waits in a step none", async ({ probe }) => {
    const init = probe(["-k", "none:60ms,TERM:1h,KILL"], `listen:${TERM}`, "exit:4");
    await init.event("listening");
    const took = await timeFrom(() => init.signal(INT), init.exit());
    expect(got(init)).toEqual([TERM]);
    expect(took).toBeGreaterThanOrEqual(59);
  });

  claim("sends its own signals past --rewrite", async ({ probe }) => {
    const options = ["-r", "TERM:USR1", "-r", "INT:0", "-k", "TERM:20ms,INT:1h"];
    const init = probe(options, `listen:${INT}`, "exit:4");
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 4 });
    expect(got(init)).toEqual([TERM, CONT, INT]);
  });

  claim(
    "starts for the signals of --stop-on alone, matched before rewriting",
    async ({ probe }) => {
      const options = ["-r", "USR1:USR2", "--stop-on", "USR1", "-k", "QUIT:1h,KILL"];
      const init = probe(options, `listen:${QUIT}`, "exit:4");
      await init.event("listening");
      for (const other of [TERM, USR2]) {
        await init.signal(other);
        await init.received(other);
      }
      await init.signal(USR1);
      expect(await init.finished()).toMatchObject({ status: 4 });
      expect(got(init)).toEqual([TERM, USR2, QUIT]);
    },
  );

  claim("starts nothing for a signal that --rewrite drops", async ({ probe }) => {
    const init = probe(["-r", "TERM:none", "-k", "KILL"], `listen:64`, "exit:4");
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.signalsUntilFence()).toEqual([]);
    expect(await init.finished()).toMatchObject({ status: 4 });
  });

  claim(
    "forwards all other signals, a second stop signal too, while stopping",
    async ({ probe }) => {
      const init = probe(["-r", "INT:USR2", "-k", LONG], "listen:64", "exit:6");
      await init.event("listening");
      await init.signal(TERM);
      await init.received(CONT);
      for (const [sent, arrives] of [
        [USR1, USR1],
        [INT, USR2],
        [QUIT, QUIT],
      ] as const) {
        await init.signal(sent);
        await init.received(arrives);
      }
      await init.signal(TERM);
      expect(await init.signalsUntilFence()).toEqual([TERM, CONT, USR1, USR2, QUIT, TERM]);
      expect(await init.finished()).toMatchObject({ status: 6, stderr: "" });
    },
  );

  claim("starts nothing anew on a second stop signal", async ({ probe }) => {
    // Were the plan to start again each time, it would not end before the signals do.
    const init = probe(["-k", "TERM:100ms,KILL"], "listen");
    await init.event("listening");
    await init.signal(TERM);
    const start = performance.now();
    for (let i = 0; i < 200 && !init.hasEnded; i++) {
      const received = init.stdout.lines.length;
      await init.signalIfAlive(TERM);
      await eventually("it arrives", () => init.hasEnded || init.stdout.lines.length > received);
      await sleep(10);
    }
    expect(await init.finished()).toMatchObject({ status: 137 });
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  claim("is not held up by a storm of signals", async ({ lab, probe }) => {
    const init = probe(["-k", "none:100ms,KILL"], "block:all", "say:ready", "pause");
    await init.event("say");
    const pid = await init.pid();
    const took = timeFrom(() => init.signal(TERM), init.exit());
    while (!init.hasEnded) {
      spawnSync(lab.probe, ["repeat:20000", `send:${pid}:${USR1}`], { stdio: "ignore" });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await init.finished()).toMatchObject({ status: 137 });
    expect(await took).toBeLessThan(5_000);
  });

  claim("goes by the clock, also when the init itself was stopped", async ({ probe }) => {
    const init = probe(["-k", "USR1:300ms,USR2:1h,KILL"], `listen:${USR2}`, "exit:4");
    await init.event("listening");
    const pid = await init.pid();
    await init.signal(TERM);
    await init.received(CONT);
    process.kill(pid, "SIGSTOP");
    await eventually("the init is stopped", () => state(pid) === "T");
    // Past the deadline, which nothing but the clock tells.
    await sleep(310);
    expect(got(init)).toEqual([USR1, CONT]);
    process.kill(pid, "SIGCONT");
    // CONT to us is one more signal to forward, and may come before the step that is due or after.
    expect(await init.finished()).toMatchObject({ status: 4 });
  });

  claim(
    "kills nothing when the command ended before the init saw the deadline",
    async ({ probe }) => {
      const init = probe(["-k", "USR1:300ms,KILL"], "report", "listen:64", "exit:4");
      await init.event("listening");
      const command = await init.outerPid((await init.event("report")).pid);
      const pid = await init.pid();
      await init.signal(TERM);
      await init.received(USR1);
      process.kill(pid, "SIGSTOP");
      process.kill(command, 64);
      await eventually("the command has ended", () => state(command) === "Z");
      await sleep(310);
      process.kill(pid, "SIGCONT");
      expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
    },
  );

  claim(
    "lets a stopped command go on, so that it can act on the signal",
    async ({ pid1, probe }) => {
      const init = probe(["-k", LONG], "report", `listen:${TERM}`, "exit:4");
      await init.event("listening");
      const command = await init.outerPid((await init.event("report")).pid);
      const pid = await init.pid();
      process.kill(command, "SIGSTOP");
      await eventually("the command is stopped", () => state(command) === "T");
      // Not PID 1: it has stopped itself with its command, for the shell that may have started it.
      const follows = !pid1 && !isOrphaned(pid);
      if (follows) await eventually("the init is stopped", () => state(pid) === "T");
      await init.signal(TERM);
      if (follows) await init.signal(CONT);
      expect(await init.finished()).toMatchObject({ status: 4 });
      expect(got(init)).toContain(TERM);
    },
  );

  claim("goes on when the command stops itself while stopping", async ({ probe }) => {
    const init = probe(
      ["-k", "TERM:50ms,KILL"],
      `listen:${TERM}`,
      "listen:18",
      "raise:19",
      "pause",
    );
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.finished(10_000)).toMatchObject({ status: 137, stderr: "" });
  });

  claim("tells the group", async ({ probe }) => {
    const init = probe(["-k", "USR1:1h,KILL"], ...FAMILY);
    await init.event("listening", "rest");
    await init.event("listening", "command");
    await init.signal(TERM);
    await init.received(CONT, "rest");
    await init.received(CONT, "command");
    await init.signal(64);
    expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
    expect(got(init, "rest")).toEqual([USR1, CONT, 64]);
    expect(got(init, "command")).toEqual([USR1, CONT, 64]);
  });

  claim("with -c tells the command alone", async ({ probe }) => {
    const init = probe(["-c", "-k", "USR1:1h,KILL"], ...FAMILY);
    const rest = await init.outerPid((await init.event("listening", "rest")).pid);
    await init.event("listening", "command");
    await init.signal(TERM);
    await init.received(CONT, "command");
    process.kill(rest, 64);
    await init.received(64, "rest");
    await init.signal(64);
    expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
    expect(got(init, "rest")).toEqual([64]);
    expect(got(init, "command")).toEqual([USR1, CONT, 64]);
  });

  claim("ends the command by KILL as its last and only step", async ({ probe }) => {
    const init = probe(["-k", "KILL"], "listen");
    await init.event("listening");
    await init.signal(INT);
    expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
    expect(got(init)).toEqual([]);
  });

  claim("waits for ever after a plan that does not end in KILL", async ({ probe }) => {
    const init = probe(["-k", "TERM:10ms,INT"], "listen:64", "exit:4");
    await init.event("listening");
    await init.signal(TERM);
    await init.received(INT);
    await init.signalsUntilFence();
    expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
    expect(got(init)).toEqual([TERM, CONT, INT, CONT, 64]);
  });

  claim(
    "ends with the command's own status, mapped, also when the plan killed it",
    async ({ probe }) => {
      const init = probe(["-k", "TERM:20ms,KILL", "-e", "KILL:7"], "listen");
      await init.event("listening");
      await init.signal(TERM);
      expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    },
  );

  claim("without a plan forwards the stop signal, and nothing follows", async ({ probe }) => {
    const init = probe([], "listen:64", "exit:4");
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.signalsUntilFence()).toEqual([TERM]);
    expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
  });
});
