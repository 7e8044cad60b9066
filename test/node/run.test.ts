// The library: what run() answers, and what it leaves as it was.
import { replayOf } from "../replay/recording.ts";
import { theOnlyLine } from "../support/lines.ts";
import { describe, expect, outputOf, start, test } from "./program.ts";

describe("run()", () => {
  test("answers the command's status", async ({ lab }) => {
    const { stdout } = await outputOf(lab, `say(await run(["--", "sh", "-c", "exit 7"]));`);
    expect(stdout).toBe("7\n");
  });

  test("speaks the whole command line", async ({ lab }) => {
    const words = `["--as", "tini", "-e", "3", "--", "sh", "-c", "exit 3"]`;
    expect((await outputOf(lab, `say(await run(${words}));`)).stdout).toBe("0\n");
  });

  test("answers 128 and the signal that ended the command", async ({ lab }) => {
    const code = `say(await run(["--", "sh", "-c", "kill -KILL $$"]));`;
    expect((await outputOf(lab, code)).stdout).toBe("137\n");
  });

  test("answers 125 for wrong options, and 127 for a missing command, with a line each", async ({
    lab,
  }) => {
    const wrong = await outputOf(lab, `say(await run(["--wrong"]));`);
    expect(wrong.stdout).toBe("125\n");
    expect(theOnlyLine(wrong.stderr)).toMatch(/unknown option '--wrong'/);
    const missing = await outputOf(lab, `say(await run(["no-such-command"]));`);
    expect(missing.stdout).toBe("127\n");
    expect(theOnlyLine(missing.stderr)).toMatch(/cannot run 'no-such-command'/);
  });

  test("records each run whole, and leaves no file open", async ({ lab }) => {
    const files = ["one", "two"].map((name) => `${lab.folder}/${name}`);
    const code = `
      import { readdirSync, readlinkSync } from "node:fs";
      for (const file of ${JSON.stringify(files)})
        await run(["--record", file, "--record-argv", "--", "sh", "-c", "exit 7"]);
      const linked = (fd) => { try { return readlinkSync("/proc/self/fd/" + fd); } catch { return ""; } };
      say(readdirSync("/proc/self/fd").filter((fd) => linked(fd).startsWith("${lab.folder}/")).length);`;
    expect((await outputOf(lab, code)).stdout).toBe("0\n");
    for (const file of files) {
      const replayed = replayOf(file);
      expect(replayed).toMatchObject({ fromBoot: true, lost: 0 });
      expect(replayed.difference).toBeUndefined();
    }
  });

  test("answers 125 where a sandbox is a must", async ({ lab }) => {
    const { stdout, stderr } = await outputOf(lab, `say(await run(["--sandbox=on", "true"]));`);
    expect(stdout).toBe("125\n");
    expect(theOnlyLine(stderr)).toMatch(/sandbox/);
  });

  test("gives the command an environment, but what is meant for the init", async ({ lab }) => {
    const code = `
      const env = { PATH: process.env.PATH, ONE: "1", WASM_INIT_OPTIONS: "-e 4:5" };
      say(await run(["sh", "-c", 'echo "$ONE,$WASM_INIT_OPTIONS"; exit 4'], { env }));`;
    expect((await outputOf(lab, code)).stdout).toBe("1,\n5\n");
  });

  test("shows its events and actions, and survives an observer that throws", async ({ lab }) => {
    const code = `
      const { ActionKind, EventKind } = library;
      process.on("uncaughtException", (error) => say("uncaught", error.message));
      const events = [], actions = [];
      const status = await run(["sh", "-c", "exit 6"], {
        onEvent: ({ kind }) => events.push(EventKind[kind]),
        onAction: ({ kind }) => {
          actions.push(ActionKind[kind]);
          if (kind === ActionKind.Spawn) throw new Error("by the observer");
        },
      });
      await sleep(1);
      say(status, events.at(0), events.includes("Spawned"), events.at(-1), actions.at(-1));`;
    const { stdout } = await outputOf(lab, code);
    expect(stdout).toBe("uncaught by the observer\n6 Booted true ChildExited Exit\n");
  });
});

test("the command leads a session, with standard streams, folder and no signal held back", async ({
  lab,
}) => {
  // Fields of stat(5): the session, and the number of the terminal.
  const script = `read -r a b c d e session terminal rest < /proc/$$/stat
    [ $session = $$ ] && echo $terminal
    ls /proc/$$/fd; pwd
    exec grep -E '^Sig(Blk|Ign)' /proc/self/status`;
  const code = `await run(["sh", "-c", ${JSON.stringify(script)}]);`;
  const { stdout } = await outputOf(lab, code, {
    prepare: ["open:9:/dev/null", "open:40:/dev/null"],
    cwd: lab.folder,
  });
  // Node itself ignores PIPE.
  const none = "0".repeat(16);
  const masks = `SigBlk:\t${none}\nSigIgn:\t${none}\n`;
  expect(stdout).toBe(`0\n0\n1\n2\n${lab.folder}\n${masks}`);
});

describe("an AbortSignal", () => {
  test("is a TERM to the init: the stop plan follows", async ({ lab }) => {
    const code = `
      const abort = new AbortController();
      const command = "trap '' TERM; : > ${lab.folder}/trapped; while :; do sleep 0.1; done";
      const status = run(["--stop=TERM:10ms,KILL", "sh", "-c", command], { signal: abort.signal });
      await until(() => existsSync("${lab.folder}/trapped"));
      abort.abort();
      say(await status);`;
    expect((await outputOf(lab, code)).stdout).toBe("137\n");
  });

  test("counts although it was aborted before", async ({ lab }) => {
    const code = `say(await run(["sleep", "1000"], { signal: AbortSignal.abort() }));`;
    expect((await outputOf(lab, code)).stdout).toBe("143\n");
  });
});

describe("two runs at once", () => {
  test("are refused to the second, in words; the next one works", async ({ lab }) => {
    const code = `
      const first = run(["sh", "-c", "read x; exit 3"]);
      await run(["true"]).catch((error) => say(error.message));
      process.kill(Number(children()), "SIGKILL");
      say(await first, await run(["sh", "-c", "exit 4"]));`;
    const { stdout } = await outputOf(lab, code, { stdin: "pipe" });
    expect(stdout).toMatch(/^another run\(\) is active in this process[^\n]*\n137 4\n$/);
  });

  test("are refused to another thread", async ({ lab }) => {
    const code = `
      const worker = new Worker(
        'import { parentPort } from "node:worker_threads";' +
        'const { run } = await import("' + place + '");' +
        'run(["true"]).catch((error) => parentPort.postMessage(error.message))',
        { eval: true });
      worker.on("message", (text) => { say(text); worker.terminate(); });`;
    expect((await outputOf(lab, code)).stdout).toMatch(/main thread/);
  });
});

describe("signals of the program", () => {
  test("reach its own listeners, and the command", async ({ lab }) => {
    const code = `
      process.on("SIGTERM", () => say("heard"));
      say(await run(["sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.01; done"]));
      process.exit();`;
    const program = start(lab, code);
    await program.stdout.until("the trap is set", () =>
      program.stdout.text.includes("ready") ? true : undefined,
    );
    await program.signal(15);
    const { status, stdout } = await program.finished();
    expect({ status, lines: stdout.trim().split("\n").sort() }).toEqual({
      status: 0,
      lines: ["9", "heard", "ready"],
    });
  });

  test("do again what they did before the run", async ({ lab }) => {
    const program = start(lab, `say(await run(["true"])); setInterval(() => {}, 1000);`);
    await program.stdout.until("the run is over", () =>
      program.stdout.text.includes("0") ? true : undefined,
    );
    await program.signal(15);
    expect(await program.exit()).toEqual({ status: null, signal: "SIGTERM" });
  });
});
