// The main job: real commands under the real binary, as a real PID 1.
import { launched } from "../support/paths.ts";
import { childrenOf, state } from "../support/proc.ts";
import { POSITIONS } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { HUP, TERM } from "../support/signals.ts";

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  test("prints what the command prints, and ends with its status", async ({ lab }) => {
    const init = lab.start({ pid1, args: ["sh", "-c", "echo hello; echo oops >&2; exit 7"] });
    expect(await init.finished()).toEqual({
      status: 7,
      signal: null,
      stdout: "hello\n",
      stderr: "oops\n",
    });
  });

  test("leaves standard input to the command", async ({ lab }) => {
    const init = lab.start({ pid1, stdin: "pipe", args: ["cat"] });
    init.stdin?.write("first\n");
    await init.stdout.line(/^first$/);
    init.stdin?.end("second\n");
    expect(await init.finished()).toMatchObject({ status: 0, stdout: "first\nsecond\n" });
  });

  test("ends a shell and what it runs with one TERM", async ({ lab }) => {
    const script = "sleep 1000 & echo started; sleep 1000";
    const init = lab.start({ pid1, args: ["sh", "-c", script] });
    await init.stdout.line(/started/);
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 128 + TERM, stderr: "" });
  });

  test("gives a shell's trap the time that it takes", async ({ lab }) => {
    const script =
      "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 1000 & wait $!; done";
    const init = lab.start({ pid1, args: ["-c", "sh", "-c", script] });
    await init.stdout.line(/ready/);
    await init.signal(TERM);
    await init.stdout.line(/bye/);
    expect(await init.exit()).toMatchObject({ status: 3 });
    // With -c, the shell's own child is nobody's affair.
    await lab.endTheRest();
  });

  test("reaps a daemon that outlives the shell that started it", async ({ lab }) => {
    const daemon = `(setsid sh -c 'echo daemon; exit 5' &)`;
    const init = lab.start({ pid1, stdin: "pipe", args: ["sh", "-c", `${daemon}; cat`] });
    await init.stdout.line(/daemon/);
    const pid = await init.pid();
    await eventually("the command is the only child", () => childrenOf(pid).length === 1);
    init.stdin?.end();
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
  });

  test("works under itself, signals and status and all", async ({ lab }) => {
    const nested = [...launched, "--", ...launched, "-c", "--", lab.probe];
    const init = lab.start({ pid1, args: ["--", ...nested, `listen:${HUP}`, "exit:7"] });
    await init.event("listening");
    await init.signal(TERM);
    await init.received(TERM);
    await init.signal(HUP);
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });

  test("ends bash, which ignores TERM, by HUP", async ({ lab }) => {
    const init = lab.start({
      pid1,
      stdin: "pipe",
      options: ["-r", "TERM:HUP"],
      command: ["/bin/bash", "--norc", "-i"],
    });
    init.stdin?.write("echo ready $$\n");
    const ready = await init.stdout.line(/^ready \d+/);
    const bash = await init.outerPid(Number(ready.split(" ")[1]));
    // Bash acts on a signal that comes just before its read(2) only after the next line.
    await init.stderr.until("the next prompt", () => /ready[^]*# $/.test(init.stderr.text));
    await eventually("bash reads", () => state(bash) === "S");
    await init.signal(TERM);
    expect((await init.finished()).status).toBe(128 + HUP);
  });
});
