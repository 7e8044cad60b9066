// The library beside child_process: each child belongs to whoever started it.
import { whyNoPid1 } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import { skipLoudly } from "../support/system-test.ts";
import { describe, expect, outputOf, test } from "./program.ts";

/** 500 children of the program's own, and how many of their statuses were wrong. */
const many = `
const wrong = async () => {
  const codes = Array.from({ length: 500 }, (_, index) => index % 200);
  const all = await Promise.all(codes.map(async (code) =>
    (await ended(spawn("/bin/sh", ["-c", "exit " + code]))) !== code));
  return all.filter(Boolean).length;
};
`;

/** A command whose children are orphans the moment they are made, and end at once. */
const ORPHANS = "i=0; while [ $i -lt 100 ]; do (true & true & exec true) & i=$((i+1)); done; wait";

const positions = [
  ["a plain process", {}],
  ["a subreaper", {}],
  ["PID 1", { pid1: true }],
] as const;

describe.each(positions)("as %s", (position, start) => {
  const options = position === "a subreaper" ? `"--subreaper=on", ` : "";

  test("500 children of child_process keep their statuses while a run goes on", async ({
    lab,
    skip,
    task,
  }) => {
    const absent = "pid1" in start ? whyNoPid1() : undefined;
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const code = `${many}
      const status = run([${options}"--", "sh", "-c", ${JSON.stringify(ORPHANS + "; read x; exit 8")}]);
      const count = wrong();
      let sync = 0;
      for (let code = 0; code < 30; code++)
        if (spawnSync("sh", ["-c", "exit " + code]).status !== code) sync++;
      say("wrong", await count, sync);
      process.kill(Number(children().split(" ").find((pid) =>
        readFileSync("/proc/" + pid + "/cmdline", "utf8").includes("read x"))), "SIGTERM");
      say("status", await status);`;
    const { stdout } = await outputOf(lab, code, { ...start, stdin: "pipe" });
    expect(stdout).toBe("wrong 0 0\nstatus 143\n");
  });

  test("children of worker threads keep theirs, also those of one that is busy", async ({
    lab,
    skip,
    task,
  }) => {
    const absent = "pid1" in start ? whyNoPid1() : undefined;
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    // While its thread sleeps, nobody reaps the worker's child: we must not, either.
    const worker = `
      import { spawn } from "node:child_process";
      import { parentPort } from "node:worker_threads";
      const child = spawn("sh", ["-c", "exit 5"]);
      parentPort.postMessage("started");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      child.on("exit", (code) => parentPort.postMessage(code));`;
    const code = `
      const status = run([${options}"--", "sh", "-c", ${JSON.stringify(ORPHANS + "; sleep 0.6")}]);
      const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
      worker.on("message", (what) => say("worker", what));
      await ended(worker);
      say("status", await status);`;
    const { stdout } = await outputOf(lab, code, start);
    expect(stdout).toBe("worker started\nworker 5\nstatus 0\n");
  });
});

describe("orphans", () => {
  for (const [position, start] of positions.slice(1)) {
    test(`are reaped as ${position}`, async ({ lab, skip, task }) => {
      const absent = "pid1" in start ? whyNoPid1() : undefined;
      if (absent !== undefined) skipLoudly({ skip, task }, absent);
      const options = position === "a subreaper" ? `"--subreaper=on", ` : "";
      const code = `
        let reaped = 0;
        const status = run([${options}"--", "sh", "-c", ${JSON.stringify(ORPHANS + "; read x")}], {
          onEvent: ({ kind }) => { if (kind === library.EventKind.ChildExited) reaped++; },
        });
        // The command is left, alive.
        await until(() => reaped >= 100 && children().split(" ").length === 1);
        say("left", children().split(" ").length);
        process.kill(Number(children()), "SIGTERM");
        say("status", await status);`;
      const { stdout } = await outputOf(lab, code, { ...start, stdin: "pipe" });
      expect(stdout).toBe("left 1\nstatus 143\n");
    });
  }

  test("are not asked for unless the command line does, and then only for the run", async ({
    lab,
  }) => {
    // The command's own end, and the end of an orphan that it leaves: seen only by who adopts.
    const code = `
      const asked = [];
      const onAction = ({ kind }) => kind === library.ActionKind.BecomeSubreaper && asked.push(1);
      const orphan = "(while read -r a b c parent d < /proc/self/stat; [ $parent = $$ ]; " +
        "do sleep 0.01; done; echo $parent) &";
      const adopts = () =>
        Number(spawnSync("sh", ["-c", orphan], { encoding: "utf8" }).stdout) === process.pid;
      await run(["true"], { onAction });
      say(asked.length, adopts());
      await run(["--subreaper=on", "true"], { onAction });
      say(asked.length, adopts());`;
    expect((await outputOf(lab, code)).stdout).toBe("0 false\n1 false\n");
  });
});

test("a native module's child keeps its status, as PID 1", async ({ lab, skip, task }) => {
  const absent = whyNoPid1();
  if (absent !== undefined) skipLoudly({ skip, task }, absent);
  const code = `
    const pty = (await import("${root}node_modules/node-pty/lib/index.js")).default;
    const status = run(["sh", "-c", "sleep 0.3"]);
    const codes = await Promise.all([3, 4, 5].map((code) => new Promise((resolve) =>
      pty.spawn("/bin/sh", ["-c", "exit " + code], {}).onExit(({ exitCode }) => resolve(exitCode)))));
    say(...codes, await status);
    process.exit();`;
  expect((await outputOf(lab, code, { pid1: true })).stdout).toBe("3 4 5 0\n");
});

test("a drain ends what the command left, and nothing of the program's", async ({ lab }) => {
  const code = `
    const own = spawn("sleep", ["1000"]);
    const grandchild = spawn("sh", ["-c", "sleep 1000; :"]);
    const left = "setsid sleep 1000 & echo $!";
    const status = await run(["--subreaper=on", "--drain=5s", "sh", "-c", left]);
    const states = [own, grandchild].map(({ exitCode, signalCode }) => exitCode ?? signalCode);
    say("status", status, states);
    say("left", children() === [own.pid, grandchild.pid].join(" "));
    own.kill();
    process.kill(Number(readFileSync(
      "/proc/" + grandchild.pid + "/task/" + grandchild.pid + "/children", "utf8")));
    await Promise.all([own, grandchild].map(ended));`;
  const { stdout } = await outputOf(lab, code);
  expect(stdout).toMatch(/^\d+\nstatus 0 ,\nleft true\n$/);
});
