// Signals of a program that Node runs as PID 1: they do what they do in any other process.
import { constants } from "node:os";
import { describe, expect, start, test } from "./program.ts";

const { SIGTERM, SIGINT, SIGUSR2 } = constants.signals;
const SIGRTMIN_3 = 37;

describe("a program without a listener", () => {
  test.for(["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR2", "SIGALRM", "SIGTERM"] as const)(
    "is ended by %s as any process is",
    async (name, { lab }) => {
      const signal = constants.signals[name];
      const program = start(lab, `stay(); say("ready");`);
      await program.stdout.line(/ready/);
      await program.signal(signal);
      expect(await program.finished()).toEqual({
        ...{ status: 128 + signal, signal: null },
        ...{ stdout: "ready\n", stderr: "" },
      });
    },
  );

  test("is ended by a real-time signal", async ({ lab }) => {
    const program = start(lab, `stay(); say("ready");`);
    await program.stdout.line(/ready/);
    await program.signal(SIGRTMIN_3);
    expect(await program.finished()).toMatchObject({ status: 128 + SIGRTMIN_3, stderr: "" });
  });

  test("is ended by a signal that it sends itself", async ({ lab }) => {
    const program = start(lab, `stay(); process.kill(process.pid, "SIGTERM");`);
    expect(await program.finished()).toMatchObject({ status: 143, stderr: "" });
  });

  test("runs no exit listener then", async ({ lab }) => {
    const program = start(
      lab,
      `stay(); process.on("exit", () => say("exit")); process.kill(1, "SIGINT");`,
    );
    expect(await program.finished()).toMatchObject({ status: 130, stdout: "" });
  });

  test("sees no listener of ours, so that who counts them and raises again ends", async ({
    lab,
  }) => {
    // As signal-exit does, which half of npm has in it.
    const program = start(
      lab,
      `stay();
      const last = () => {
        if (process.listeners("SIGTERM").length !== 1) return;
        say("alone");
        process.off("SIGTERM", last);
        process.kill(process.pid, "SIGTERM");
      };
      process.on("SIGTERM", last);
      say("ready");`,
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 143, stdout: "ready\nalone\n" });
  });
});

describe("a program with a listener", () => {
  test("hears every signal once, and lives on", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      let count = 0;
      process.on("SIGUSR2", (name, number) => say("heard", name, number, ++count));
      process.on("SIGTERM", () => process.exit(count));
      say("ready");`,
    );
    await program.stdout.line(/ready/);
    for (let count = 1; count <= 20; count++) {
      await program.signal(SIGUSR2);
      await program.stdout.line(new RegExp(`^heard SIGUSR2 12 ${count}$`));
    }
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 20, stderr: "" });
  });

  test("that is to hear just one is ended by the second", async ({ lab }) => {
    const program = start(
      lab,
      `stay(); process.once("SIGTERM", () => say("heard")); say("ready");`,
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    await program.stdout.line(/heard/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 143, stdout: "ready\nheard\n" });
  });

  test("that removes itself later, in a promise, has heard the signal", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      const listener = async () => {
        await null;
        process.off("SIGTERM", listener);
        setTimeout(() => process.exit(6), 100);
      };
      process.on("SIGTERM", listener);
      say("ready");`,
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 6, stderr: "" });
  });

  test("may install it late, and remove it, and install it again", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      const listener = () => say("heard");
      setTimeout(() => {
        process.on("SIGINT", listener);
        process.off("SIGINT", listener);
        process.on("SIGINT", listener);
        process.on("SIGINT", () => process.removeAllListeners("SIGINT"));
        say("ready");
      }, 50);`,
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGINT);
    await program.stdout.line(/heard/);
    await program.signal(SIGINT);
    expect(await program.finished()).toMatchObject({ status: 130, stdout: "ready\nheard\n" });
  });

  test("that throws fails as everywhere", async ({ lab }) => {
    const program = start(
      lab,
      `stay();
      process.on("uncaughtException", (error) => { say(error.message); process.exit(9); });
      process.on("SIGTERM", () => { throw new Error("thrown"); });
      say("ready");`,
    );
    await program.stdout.line(/ready/);
    await program.signal(SIGTERM);
    expect(await program.finished()).toMatchObject({ status: 9, stdout: "ready\nthrown\n" });
  });

  test("hears what came while it was busy starting, before the listener was there", async ({
    lab,
  }) => {
    const program = start(
      lab,
      `stay();
      say("busy");
      require("node:fs").readSync(0, Buffer.alloc(1));
      process.on("SIGTERM", () => process.exit(8));`,
      { stdin: "pipe" },
    );
    await program.stdout.line(/busy/);
    await program.signal(SIGTERM);
    program.stdin?.end("x");
    expect(await program.finished()).toMatchObject({ status: 8, stderr: "" });
  });
});

describe("a program that ends by itself", () => {
  test.for([
    ["at its end", ``, 0],
    ["with process.exitCode", `process.exitCode = 3;`, 3],
    ["with process.exit", `process.exit(4);`, 4],
    ["by an error", `throw new Error("expected");`, 1],
    ["with a status set at the last moment", `process.on("exit", () => process.exitCode = 5);`, 5],
  ] as const)("%s keeps its status", async ([, code, status], { lab }) => {
    expect(await start(lab, code).finished()).toMatchObject({ status, stdout: "" });
  });
});
