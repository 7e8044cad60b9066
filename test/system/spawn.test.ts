// How the command is started: what it is given, and what it is spared.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { hostUnderTest } from "../support/host.ts";
import { setOf } from "../support/proc.ts";
import { CHLD } from "../support/signals.ts";
import { testScenarios } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";

const hex = (set: bigint) => set.toString(16).padStart(16, "0");

const scenarios: Scenario[] = [
  {
    name: "makes the command the leader of a session of its own",
    run: async (scene) => {
      const { pid, pgid, sid } = await finalReport(scene.probe("report"));
      return { group: pgid === pid, session: sid === pid };
    },
    expected: { group: true, session: true },
  },
  {
    name: "-c gives the command a process group, but no session",
    initOptions: { singleChild: true },
    run: async (scene) => {
      const { pid, pgid, sid } = await finalReport(scene.probe("report"));
      return { group: pgid === pid, session: sid === pid };
    },
    expected: { group: true, session: false },
  },
  {
    name: "is the command's parent",
    run: async (scene) => {
      const init = scene.probe("report", "read");
      const { ppid } = await init.event("report");
      const expected = scene.position === "PID 1" ? 1 : await init.pid();
      await init.finished();
      return { isParent: ppid === expected };
    },
    expected: { isParent: true },
  },
  {
    name: "starts the command with nothing blocked and nothing ignored",
    run: async (scene) => {
      const { blocked, ignored, caught } = await finalReport(scene.probe("report"));
      return { blocked, ignored, caught };
    },
    expected: { blocked: hex(0n), ignored: hex(0n), caught: hex(0n) },
  },
  {
    name: "hands on the mask and the dispositions that it was started with",
    run: async (scene) => {
      const init = scene.start({
        prepare: ["block:10,14,32,33,40,64", "ignore:1,15,17,32,34,63"],
        command: [scene.lab.probe, "report"],
      });
      const { blocked, ignored } = await finalReport(init);
      return { blocked, ignored };
    },
    expected: {
      blocked: hex(setOf(10, 14, 32, 33, 40, 64)),
      ignored: hex(setOf(1, 15, 17, 32, 34, 63)),
    },
  },
  {
    name: "hands on the same mask and dispositions with -c",
    initOptions: { singleChild: true },
    run: async (scene) => {
      const init = scene.start({
        prepare: ["block:2,33", "ignore:13,17"],
        command: [scene.lab.probe, "report"],
      });
      const { blocked, ignored } = await finalReport(init);
      return { blocked, ignored };
    },
    expected: { blocked: hex(setOf(2, 33)), ignored: hex(setOf(13, 17)) },
  },
  {
    name: "learns of the command's end although it was started with SIGCHLD ignored",
    run: async (scene) => {
      const init = scene.start({
        prepare: [`ignore:${CHLD}`],
        command: [scene.lab.probe, "exit:7"],
      });
      return { status: (await init.finished()).status };
    },
    expected: { status: 7 },
  },
  {
    name: "learns of the command's end although it was started with everything blocked",
    run: async (scene) => {
      const init = scene.start({
        prepare: ["block:all"],
        command: [scene.lab.probe, "exit:7"],
      });
      return { status: (await init.finished()).status };
    },
    expected: { status: 7 },
  },
  {
    name: "sets a LISTEN_PID that names the init to the command's pid",
    run: async (scene) => {
      const init = scene.start({
        prepare: ["set-pid:LISTEN_PID", "set:LISTEN_FDS=2"],
        command: [scene.lab.probe, "report", "env:LISTEN_PID", "env:LISTEN_FDS"],
      });
      const { pid } = await finalReport(init);
      const listenPid = await init.event("env", "", (event) => event.name === "LISTEN_PID");
      const listenFds = await init.event("env", "", (event) => event.name === "LISTEN_FDS");
      return {
        isCommand: listenPid.value === String(pid),
        count: listenPid.count,
        fds: listenFds.value,
      };
    },
    expected: { isCommand: true, count: 1, fds: "2" },
  },
  {
    name: "takes LISTEN_PIDFDID away where LISTEN_PID names the init: it can't name the command",
    run: async (scene) => {
      const init = scene.start({
        prepare: ["set-pid:LISTEN_PID", "set:LISTEN_PIDFDID=12345", "set:LISTEN_FDS=1"],
        command: [scene.lab.probe, "env:LISTEN_PIDFDID"],
      });
      await init.finished();
      return { value: (await init.event("env")).value };
    },
    expected: { value: null },
  },
  {
    name: "leaves a LISTEN_PIDFDID where LISTEN_PID names another process",
    run: async (scene) => {
      const init = scene.start({
        env: { LISTEN_PID: "999999999", LISTEN_PIDFDID: "12345" },
        command: [scene.lab.probe, "env:LISTEN_PIDFDID"],
      });
      await init.finished();
      return { value: (await init.event("env")).value };
    },
    expected: { value: "12345" },
  },
  {
    name: "sets a WATCHDOG_PID that names the init to the command's pid",
    run: async (scene) => {
      const init = scene.start({
        prepare: ["set-pid:WATCHDOG_PID", "set:WATCHDOG_USEC=1000000"],
        command: [scene.lab.probe, "report", "env:WATCHDOG_PID", "env:WATCHDOG_USEC"],
      });
      const { pid } = await finalReport(init);
      const watchdog = await init.event("env", "", (event) => event.name === "WATCHDOG_PID");
      const wait = await init.event("env", "", (event) => event.name === "WATCHDOG_USEC");
      return {
        isCommand: watchdog.value === String(pid),
        count: watchdog.count,
        wait: wait.value,
      };
    },
    expected: { isCommand: true, count: 1, wait: "1000000" },
  },
  {
    name: "leaves a WATCHDOG_PID that names another process",
    run: async (scene) => {
      const init = scene.start({
        env: { WATCHDOG_PID: "999999999" },
        command: [scene.lab.probe, "env:WATCHDOG_PID"],
      });
      await init.finished();
      return { value: (await init.event("env")).value };
    },
    expected: { value: "999999999" },
  },
  {
    name: "leaves a LISTEN_PID that names another process",
    run: async (scene) => {
      const init = scene.start({
        env: { LISTEN_PID: "999999999" },
        command: [scene.lab.probe, "env:LISTEN_PID"],
      });
      await init.finished();
      const { value, count } = await init.event("env");
      return { value, count };
    },
    expected: { value: "999999999", count: 1 },
  },
  {
    name: "adds no LISTEN_PID where there is none",
    run: async (scene) => {
      const init = scene.probe("env:LISTEN_PID");
      await init.finished();
      return { value: (await init.event("env")).value };
    },
    expected: { value: null },
  },
  {
    name: "starts the command in the folder that it was started in",
    run: async (scene) => {
      const init = scene.start({
        cwd: scene.lab.folder,
        command: [scene.lab.probe, "report"],
      });
      return { same: (await finalReport(init)).cwd === scene.lab.folder };
    },
    expected: { same: true },
  },
  {
    name: "leaves every open descriptor to the command",
    run: async (scene) => {
      const open = [3, 10, 5000].map((descriptor) => `open:${descriptor}:/dev/null`);
      const init = scene.start({
        prepare: ["close-above:2", ...open],
        command: [scene.lab.probe, "report"],
      });
      return { descriptors: (await finalReport(init)).descriptors };
    },
    expected: { descriptors: [0, 1, 2, 3, 10, 5000] },
  },
  {
    name: "opens nothing in place of a closed standard input",
    run: async (scene) => {
      const init = scene.start({
        prepare: ["close-above:2"],
        stdin: "closed",
        command: [scene.lab.probe, "report"],
      });
      return { descriptors: (await finalReport(init)).descriptors };
    },
    expected: { descriptors: [1, 2] },
  },
];

async function finalReport(init: ReturnType<Parameters<Scenario["run"]>[0]["probe"]>) {
  await init.finished();
  return init.event("report");
}

testScenarios([hostUnderTest()], scenarios);

describe("the command's words", () => {
  test("arrive byte by byte, whatever they hold", async ({ lab }) => {
    const words = ["%ff%fe", "", "%0a", "-v", "--", "%c3%a9", "%25"];
    const init = lab.start({ escaped: true, args: ["-v", "--", lab.probe, "words", ...words] });
    expect(await init.finished()).toMatchObject({ status: 0 });
    expect((await init.event("words")).words).toEqual([
      "fffe",
      "",
      "0a",
      "2d76",
      "2d2d",
      "c3a9",
      "25",
    ]);
  });

  test("may be as long and as many as the kernel takes", async ({ lab }) => {
    const long = ["a".repeat(65_536), "b".repeat(131_000)];
    const many = Array.from({ length: 5_000 }, (_, index) => String(index));
    const init = lab.probeUnder({}, "words", ...long, ...many);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
    const { words } = await init.event("words");
    expect(words.map((word) => Buffer.from(word, "hex").toString())).toEqual([...long, ...many]);
  });

  test("are the command's own from the command on, options or not", async ({ lab }) => {
    const init = lab.start({ args: [lab.probe, "words", "-c", "--help", "--bad"] });
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
    expect((await init.event("words")).words).toHaveLength(3);
  });

  test("may name a command that starts with a dash, after --", async ({ lab }) => {
    writeFileSync(`${lab.folder}/-v`, "#!/bin/sh\necho dash\n", { mode: 0o755 });
    const init = lab.start({
      prepare: [`set:PATH=${lab.folder}`],
      args: ["--", "-v"],
    });
    expect(await init.finished()).toMatchObject({ status: 0, stdout: "dash\n", stderr: "" });
  });
});

describe("the environment", () => {
  test("arrives as it is", async ({ lab }) => {
    const init = lab.start({
      env: { FIRST: "a b\nc", EMPTY: "", LISTEN_PIDX: "1" },
      command: [lab.probe, "env:FIRST", "env:EMPTY", "env:LISTEN_PIDX", "env:SECOND"],
    });
    await init.finished();
    expect(init.events().map((event) => event.event === "env" && event.value)).toEqual([
      "a b\nc",
      "",
      "1",
      null,
    ]);
  });
});

describe("a script without #!", () => {
  const script = 'echo "$0 says $1"; exit 5\n';

  test("is run by /bin/sh, by its path", async ({ lab }) => {
    const path = `${lab.folder}/script`;
    writeFileSync(path, script, { mode: 0o755 });
    const finished = await lab.start({ command: [path, "a b"] }).finished();
    expect(finished).toMatchObject({ status: 5, stdout: `${path} says a b\n`, stderr: "" });
  });

  test("is run by /bin/sh, found on PATH", async ({ lab }) => {
    writeFileSync(`${lab.folder}/script`, script, { mode: 0o755 });
    const finished = await lab
      .start({ prepare: [`set:PATH=/nowhere:${lab.folder}`], command: ["script", ""] })
      .finished();
    expect(finished).toMatchObject({
      status: 5,
      stdout: `${lab.folder}/script says \n`,
      stderr: "",
    });
  });

  test("is run with all of its arguments, however many", async ({ lab }) => {
    const path = `${lab.folder}/script`;
    writeFileSync(path, "echo $#\n", { mode: 0o755 });
    const many = Array.from({ length: 5_000 }, () => "x");
    const finished = await lab.start({ command: [path, ...many] }).finished();
    expect(finished).toMatchObject({ status: 0, stdout: "5000\n", stderr: "" });
  });
});

describe("the search along PATH", () => {
  const tool = (folder: string, text: string, mode = 0o755) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/tool`, `#!/bin/sh\necho ${text}\n`);
    chmodSync(`${folder}/tool`, mode);
  };

  test("takes the first that can be executed", async ({ lab }) => {
    tool(`${lab.folder}/a`, "first", 0o644);
    tool(`${lab.folder}/b`, "second");
    tool(`${lab.folder}/c`, "third");
    const path = ["a", "b", "c"].map((name) => `${lab.folder}/${name}`).join(":");
    const finished = await lab
      .start({ prepare: [`set:PATH=${path}`], command: ["tool"] })
      .finished();
    expect(finished).toMatchObject({ status: 0, stdout: "second\n", stderr: "" });
  });

  test("takes an empty entry for the current folder", async ({ lab }) => {
    tool(lab.folder, "here");
    const finished = await lab
      .start({ cwd: lab.folder, prepare: ["set:PATH=/nowhere::/nor/there"], command: ["tool"] })
      .finished();
    expect(finished).toMatchObject({ status: 0, stdout: "here\n", stderr: "" });
  });

  test("has a default where there is no PATH", async ({ lab }) => {
    const finished = await lab
      .start({ prepare: ["set:PATH"], command: ["sh", "-c", "echo found"] })
      .finished();
    expect(finished).toMatchObject({ status: 0, stdout: "found\n", stderr: "" });
  });

  test("is not made for a word with a slash", async ({ lab }) => {
    tool(`${lab.folder}/bin/sub`, "wrong");
    const finished = await lab
      .start({ prepare: [`set:PATH=${lab.folder}/bin`], command: ["sub/tool"] })
      .finished();
    expect(finished).toMatchObject({ status: 127, stdout: "" });
  });
});
