// The init's options for a program that Node runs as PID 1, and where all of this does nothing.
import { constants } from "node:os";
import { theOnlyLine } from "../support/lines.ts";
import { describe, expect, start, test } from "./program.ts";

const { SIGTERM } = constants.signals;

/** Steps of a shell that takes its time to end when it is asked to. */
const slow = `trap "sleep 0.2; echo drained; exit" TERM; echo up; while :; do sleep 0.05; done`;
const deaf = `trap "echo deaf" TERM; echo up; while :; do sleep 0.05; done`;
const leave = (script: string) =>
  `spawn("sh", ["-c", ${JSON.stringify(script)}], { stdio: "inherit", detached: true });`;

describe("a stop plan", () => {
  test("kills a program that hears the stop signal and does not end", async ({ lab }) => {
    const program = start(lab, `stay(); process.on("SIGTERM", () => say("heard")); say("ready");`, {
      options: "--stop TERM:200ms,KILL",
    });
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 137, stdout: "ready\nheard\n" });
  });

  test("sends its signals to the program's listeners", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      process.on("SIGTERM", () => say("heard"));
      process.on("SIGINT", (name, number) => { say(name, number); process.exit(4); });
      say("ready");`,
      { options: "--stop TERM:100ms,INT:10s,KILL" },
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({
      ...{ status: 4, stdout: "ready\nheard\nSIGINT 2\n", stderr: "" },
    });
  });

  test("does not keep a program that ends in time", async ({ lab }) => {
    const program = start(
      lab,
      `const timer = stay(); process.on("SIGTERM", () => clearInterval(timer)); say("ready");`,
      { options: "--stop TERM:1h,KILL" },
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 0, stderr: "" });
  });

  test("ends at once a program that listens to nothing", async ({ lab }) => {
    const program = start(lab, `stay(); say("ready");`, { options: "--stop TERM:1h,KILL" });
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 143, stderr: "" });
  });
});

describe("a drain", () => {
  test("waits for those who are left when the program has ended", async ({ lab }) => {
    const program = start(lab, `${leave(slow)} stay(); setTimeout(() => process.exit(4), 300);`, {
      options: "--drain=20s",
    });
    expect(await program.finished()).toMatchObject({ status: 4, stdout: "up\ndrained\n" });
  });

  test("waits for them when a signal has ended it, and runs no JavaScript", async ({ lab }) => {
    const program = start(
      lab,
      `${leave(slow)} setInterval(() => say("alive"), 30).unref(); stay();`,
      {
        options: "--drain=20s",
      },
    );
    await program.stdout.line(/up/);
    await program.signal(SIGTERM);
    const { status, stdout } = await program.finished();
    expect(status).toBe(143);
    expect(stdout).toMatch(/up\n(alive\n)*(Terminated\n)?drained\n$/);
  });

  test("comes after the program's own exit listeners", async ({ lab }) => {
    const program = start(
      lab,
      `process.on("exit", () => say("exit"));
      ${leave(slow)} setTimeout(() => process.exit(0), 300);`,
      { options: "--drain=20s" },
    );
    expect(await program.finished()).toMatchObject({ status: 0, stdout: "up\nexit\ndrained\n" });
  });

  test("kills who is deaf when its time is over", async ({ lab }) => {
    const program = start(lab, `${leave(deaf)} setTimeout(() => process.exit(3), 300);`, {
      options: "--drain=200ms",
    });
    expect(await program.finished()).toMatchObject({ status: 3, stdout: "up\ndeaf\n" });
  });

  test("without anybody left takes no time", async ({ lab }) => {
    const program = start(lab, ``, { options: "--drain=1h" });
    expect(await program.finished()).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("options", () => {
  test("map the status, of a signal and of an exit", async ({ lab }) => {
    const options = "--exit-map TERM:0 --exit-map 3:4";
    const killed = start(lab, `stay(); process.kill(1, "SIGTERM");`, { options });
    expect(await killed.finished()).toMatchObject({ status: 0, stderr: "" });
    const exited = start(lab, `process.exit(3);`, { options });
    expect(await exited.finished()).toMatchObject({ status: 4, stderr: "" });
  });

  test("rewrite a signal to one that the program listens to", async ({ lab }) => {
    const program = start(
      lab,
      `stay(); process.on("SIGINT", () => process.exit(6)); process.kill(1, "SIGTERM");`,
      { options: "-r TERM:INT" },
    );
    expect(await program.finished()).toMatchObject({ status: 6, stderr: "" });
  });

  test("drop a signal that nobody listens to", async ({ lab }) => {
    const program = start(
      lab,
      `process.kill(1, "SIGTERM"); setTimeout(() => process.exit(6), 200);`,
      { options: "-r TERM:none" },
    );
    expect(await program.finished()).toMatchObject({ status: 6, stderr: "" });
  });

  test("say what is reaped where that is wanted", async ({ lab }) => {
    const program = start(
      lab,
      `spawnSync("sh", ["-c", "sleep 0.1 & :"]);
      const children = () => require("node:fs").readFileSync("/proc/1/task/1/children", "utf8");
      setInterval(() => children() === "" && process.exit(), 10);`,
      { options: "--warn-on-reap" },
    );
    const { status, stderr } = await program.finished();
    expect(status).toBe(0);
    expect(theOnlyLine(stderr)).toMatch(/^wasm-init: .*reaped/);
  });

  test("that concern a command's own process do nothing", async ({ lab }) => {
    const program = start(lab, `stay(); process.kill(1, "SIGTERM");`, {
      options: "-g -c -s -p INT",
    });
    expect(await program.finished()).toMatchObject({ status: 143, stdout: "", stderr: "" });
  });

  test("are not inherited by children", async ({ lab }) => {
    const program = start(lab, `spawnSync("env", { stdio: "inherit" });`, {
      options: "--drain=1s",
    });
    const { stdout } = await program.finished();
    expect(stdout).toContain("PATH=");
    expect(stdout).not.toContain("WASM_INIT");
  });

  test.for([
    ["that are wrong", "--stop nonsense"],
    ["that ask for a sandbox", "--sandbox=on"],
    ["that ask for a recording", "--record run.trace"],
    ["that leave no room for a program", "--pause"],
  ])(
    "%s end the program before it begins, with a line that says why",
    async ([, options], { lab }) => {
      const program = start(lab, `say("begun");`, { options });
      const { status, stdout, stderr } = await program.finished();
      expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
      expect(theOnlyLine(stderr)).toMatch(/^wasm-init: /);
    },
  );
});

describe("elsewhere", () => {
  test("it does nothing where Node is not PID 1, and says so to who debugs", async ({ lab }) => {
    const program = start(lab, `say(Object.hasOwn(process, "emit"));`, {
      ...{ pid1: false, options: "--stop nonsense" },
      env: { NODE_DEBUG: "wasm-init" },
    });
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stdout }).toEqual({ status: 0, stdout: "false\n" });
    expect(theOnlyLine(stderr)).toMatch(/^WASM-INIT \d+: this is no PID 1 but \d+: nothing to do$/);
  });

  test("a child that inherits NODE_OPTIONS is left alone", async ({ lab }) => {
    const program = start(
      lab,
      `process.env.NODE_OPTIONS = "--import " + process.execArgv[1];
      process.env.NODE_DEBUG = "wasm-init";
      const { status, stderr } = spawnSync(process.execPath, ["-e", "process.exitCode = 5"]);
      say(status, stderr.toString().includes("nothing to do"));`,
    );
    expect(await program.finished()).toMatchObject({ status: 0, stdout: "5 true\n", stderr: "" });
  });

  test("a worker thread is left alone", async ({ lab }) => {
    const program = start(
      lab,
      `const { Worker } = require("node:worker_threads");
      const code = 'require("node:worker_threads").parentPort' +
        '.postMessage([process.pid, Object.hasOwn(process, "emit"), process.execArgv.length])';
      new Worker(code, { eval: true }).on("message", (seen) => say(seen));
      say(Object.hasOwn(process, "emit"));`,
    );
    const { status, stdout, stderr } = await program.finished();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^true\n1,false,/);
  });
});
