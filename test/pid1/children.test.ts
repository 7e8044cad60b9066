// Children of a program that Node runs as PID 1: orphans are reaped, and Node's own are left to it.
import { describe, expect, fixture, start, test } from "./program.ts";
import { childrenOf, commandLine, state, zombiesOf } from "../support/proc.ts";
import { eventually } from "../support/wait.ts";

/** Shell words that leave an orphan behind. */
const orphan = `sh -c 'true & true &'`;

describe("orphans", () => {
  test("are reaped, 2,000 in a storm", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      spawn(${JSON.stringify(lab.probe)}, ["orphans:2000", "exit:7"])
        .on("exit", (code) => say("ended", code));`,
    );
    await program.stdout.line(/^ended 7$/);
    const pid = await program.pid();
    await eventually("no child is left", () => childrenOf(pid).length === 0);
    await program.signal(15);
    expect(await program.finished()).toMatchObject({ status: 143, stderr: "" });
  });

  test("that live on are left alone until they end", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      spawnSync("sh", ["-c", "sleep 1000 & sleep 0.1 & echo started"],
        { stdio: ["ignore", 1, "ignore"] });`,
    );
    await program.stdout.line(/started/);
    const pid = await program.pid();
    // The other one has been reaped by then.
    const [sleeper = 0] = await eventually("one is left", () => {
      const children = childrenOf(pid);
      const isIt = children.length === 1 && commandLine(children[0] ?? 0) === "sleep 1000";
      return isIt && children;
    });
    expect(state(sleeper)).toBe("S");
    process.kill(sleeper, "SIGKILL");
    await eventually("it is reaped", () => childrenOf(pid).length === 0);
    await program.signal(15);
    await program.finished();
  });

  test("that ended before Node was started are reaped, too", async ({ lab }) => {
    const program = start(lab, `stay(); say("ready");`, { shell: `true & sleep 0.1` });
    await program.stdout.line(/ready/);
    const pid = await program.pid();
    await eventually("no child is left", () => childrenOf(pid).length === 0);
    await program.signal(15);
    await program.finished();
  });

  test("of a worker thread that has ended are reaped", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      const { Worker } = require("node:worker_threads");
      const code = 'require("node:child_process").spawn("sh", ["-c", "sleep 0.2; exit 3"]);' +
        "setTimeout(() => process.exit(), 50);";
      new Worker(code, { eval: true }).on("exit", () => say("ended"));`,
    );
    await program.stdout.line(/ended/);
    const pid = await program.pid();
    await eventually("no child is left", () => childrenOf(pid).length === 0);
    await program.signal(15);
    await program.finished();
  });
});

describe("Node's own children", () => {
  test("end with the right status, 500 at a time, in a storm of orphans", async ({ lab }) => {
    const program = start(
      lab,
      `const storm = setInterval(() => spawn("sh", ["-c", ${JSON.stringify(orphan)}]), 20);
      let left = 500, wrong = 0;
      for (let i = 0; i < 500; i++)
        spawn("sh", ["-c", "exit " + (i % 256)]).on("exit", (code) => {
          if (code !== i % 256) wrong++;
          if (--left === 0) {
            clearInterval(storm);
            say("wrong", wrong);
            stay();
          }
        });`,
    );
    expect(await program.stdout.line(/wrong/)).toBe("wrong 0");
    const pid = await program.pid();
    await eventually("no zombie is left", () => zombiesOf(pid).length === 0);
    await program.signal(15);
    expect(await program.finished()).toMatchObject({ status: 143, stderr: "" });
  });

  test.for([
    ["pipes", `{ stdio: "pipe" }`],
    ["nothing", `{ stdio: "ignore" }`],
    ["what is inherited", `{ stdio: "inherit" }`],
    ["overlapped pipes", `{ stdio: "overlapped" }`],
    ["descriptors", `{ stdio: [0, 1, 2] }`],
    ["streams", `{ stdio: [process.stdin, process.stdout, process.stderr] }`],
    ["a channel", `{ stdio: ["ignore", "inherit", "inherit", "ipc"] }`],
    ["a pipe of its own", `{ stdio: ["ignore", "ignore", "ignore", "pipe"] }`],
    ["a session of its own", `{ detached: true }`],
  ] as const)(
    "with %s end with the right status, and by the right signal",
    async ([, options], { lab }) => {
      const program = start(
        lab,
        `const options = ${options};
      spawn("sh", ["-c", "exit 7"], options).on("close", (code, signal) => {
        say("first", code, signal);
        spawn("sh", ["-c", "kill -KILL $$"], options)
          .on("close", (code, signal) => say("second", code, signal));
      });`,
      );
      expect(await program.finished()).toEqual({
        ...{ status: 0, signal: null, stderr: "" },
        stdout: "first 7 \nsecond  SIGKILL\n",
      });
    },
  );

  test("started by spawnSync and its kin end with the right status", async ({ lab }) => {
    const program = start(
      lab,
      `for (let i = 0; i < 20; i++) {
        spawnSync("sh", ["-c", ${JSON.stringify(orphan)}]);
        const { status } = spawnSync("sh", ["-c", "sleep 0.0" + i + "; exit " + i]);
        if (status !== i) say("wrong", i, status);
      }
      say(execFileSync("echo", ["out"]).toString().trim());
      try { execFileSync("false") } catch ({ status }) { say("false", status) }`,
    );
    expect(await program.finished()).toMatchObject({ status: 0, stdout: "out\nfalse 1\n" });
  });

  test("that end while the program is busy for long have the right status", async ({ lab }) => {
    const program = start(
      lab,
      `spawn("sh", ["-c", ${JSON.stringify(orphan)}]);
      spawn("sh", ["-c", "exit 7"]).on("exit", (code) => say("ended", code));
      const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      setTimeout(() => block(300), 20);
      setTimeout(() => block(300), 40);`,
    );
    expect(await program.finished()).toMatchObject({ status: 0, stdout: "ended 7\n" });
  });

  test("that end while a worker thread is busy have the right status there", async ({ lab }) => {
    const program = start(
      lab,
      `const { Worker } = require("node:worker_threads");
      spawn("sh", ["-c", ${JSON.stringify(orphan)}]);
      const code = 'const { spawn, spawnSync } = require("node:child_process");' +
        'spawn("sh", ["-c", "exit 7"]).on("exit", (code) => ' +
        'require("node:worker_threads").parentPort.postMessage(code));' +
        'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);' +
        'require("node:worker_threads").parentPort.postMessage(spawnSync("sh", ["-c", "exit 9"]).status);';
      new Worker(code, { eval: true }).on("message", (code) => say("ended", code));`,
    );
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").sort()).toEqual(["", "ended 7", "ended 9"]);
  });

  test("of a cluster work, and its workers' statuses are right", async ({ lab }) => {
    const program = start(
      lab,
      `const cluster = require("node:cluster");
      // Its workers have the same options.
      cluster.setupPrimary({ exec: process.env.WORKER, execArgv: process.execArgv.slice(0, 2) });
      const codes = [];
      cluster.on("message", (worker, answer) => worker.send("end"));
      cluster.on("exit", (worker, code) => {
        codes.push(code);
        if (codes.length === 2) say("ended", codes);
      });
      cluster.fork();
      cluster.fork();`,
      { env: { WORKER: fixture("cluster-worker.mjs") } },
    );
    expect(await program.finished()).toMatchObject({
      status: 0,
      stdout: "ended 7,7\n",
      stderr: "",
    });
  });

  test("of a native module, which waits for them itself, have the right status", async ({
    lab,
  }) => {
    const program = start(
      lab,
      `const pty = require(process.env.PTY);
      let left = 20;
      for (let i = 0; i < 20; i++)
        pty.spawn("sh", ["-c", "exit " + i], {}).onExit(({ exitCode }) => {
          if (exitCode !== i) say("wrong", i, exitCode);
          if (--left === 0) process.exit(3);
        });`,
      { env: { PTY: fixture("../../node_modules/node-pty") } },
    );
    expect(await program.finished()).toMatchObject({ status: 3, stdout: "" });
  });
});
