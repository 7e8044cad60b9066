// Children that kill all they may, and commands that are killed before they are one.
import { after } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { copiesFor, whyNoOtherUser } from "../support/others.ts";
import { inBothPositions } from "../support/positions.ts";
import { whyNoStrace } from "../support/strace.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { KILL, SEGV } from "../support/signals.ts";

/** A user id of this file's own: all that it has is killed. */
const USER = 61_238;
const FENCE = 64;

test("outlives a command that kills all it may, as PID 1", async ({ lab, skip, task }) => {
  const why = whyNoPid1();
  if (why !== undefined) skipLoudly({ skip, task }, why);
  const script = "sleep 1000 & kill -9 1; kill -9 -1; exit 7";
  const init = lab.start({ pid1: true, command: ["sh", "-c", script] });
  expect(await init.finished()).toMatchObject({ status: 7 });
});

inBothPositions((claim) => {
  claim("outlives another user's command that kills all it may", async (stage) => {
    const why = whyNoOtherUser();
    if (why !== undefined) return skipLoudly(stage.context, why);
    const { host, probe } = copiesFor(stage.lab);
    const others = ["child{", "pause", "}", "session{", "pause", "}"];
    const steps = [`user:${USER}`, ...others, "kill-all", "wait", `listen:${FENCE}`, "exit:7"];
    const init = stage.start({ host, command: [probe, ...steps] });
    await init.event("listening");
    await init.signal(FENCE);
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });

  claim("ends with the status of a command that its own child kills", async (stage) => {
    const why = whyNoOtherUser();
    if (why !== undefined) return skipLoudly(stage.context, why);
    const { host, probe } = copiesFor(stage.lab);
    const steps = ["block:all", `user:${USER}`, "session{", "kill-all", "}", "pause"];
    const init = stage.start({ host, command: [probe, ...steps] });
    expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
  });

  claim("ends with the signal that killed the command before exec", async (stage) => {
    const why = whyNoStrace();
    if (why !== undefined) return skipLoudly(stage.context, why);
    // Of the two, only the child makes a session.
    const inject = ["-e", "trace=setsid", "-e", "inject=setsid:signal=SIGKILL"];
    const host = after(["strace", "-D", "-f", "-o", "/dev/null", ...inject, "--"]);
    const init = stage.start({ host, command: ["echo", "started"] });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout, stderr }).toEqual({ status: 128 + KILL, stdout: "", stderr: "" });
  });

  claim("ends with the signal that killed the command within exec", async (stage) => {
    // Node itself does not fit: the kernel finds out when there is no program to go back to.
    const host = after(["prlimit", "--as=2097152:2097152"]);
    const init = stage.start({ host, command: [process.execPath, "--version"] });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout, stderr }).toEqual({ status: 128 + SEGV, stdout: "", stderr: "" });
  });
});
