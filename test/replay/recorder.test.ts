// The recorder of the static binary, on real runs.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { EventKind } from "../../assembly/abi";
import { steps } from "../../replay/trace/replay.ts";
import { eventLine } from "../../host/wasm/vocabulary.ts";
import { hostUnderTest } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { binary } from "../support/paths.ts";
import { systemCalls, whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { childrenOf } from "../support/proc.ts";
import { eventually } from "../support/wait.ts";
import { replayOf, traceOf } from "./recording.ts";
import { TERM, URG, USR1 } from "../support/signals.ts";

const EEXIST = "File exists: expected a new file, or a trace to replace";

describe("a recorded run replays without a difference", () => {
  for (const pid1 of [false, true]) {
    const position = pid1 ? "as PID 1" : "as a plain process";

    test(`with signals, orphans and the command's end, ${position}`, async ({ lab }) => {
      const file = `${lab.folder}/run`;
      const init = lab.probeUnder(
        { options: ["-vv", "--record", file], pid1 },
        ...["orphans:50", "listen:64", "exit:7"],
      );
      await init.event("listening");
      const pid = await init.pid();
      await eventually("the orphans are reaped", () => childrenOf(pid).length === 1);
      await init.signal(USR1);
      await init.received(USR1);
      await init.signalsUntilFence();
      expect(await init.finished()).toMatchObject({ status: 7 });
      const replayed = replayOf(file);
      expect(replayed).toMatchObject({ fromBoot: true, lost: 0 });
      expect(replayed.difference).toBeUndefined();
      expect(replayed.events).toBeGreaterThan(52);
    });

    test(`with a stop plan and a drain, ${position}`, async ({ lab }) => {
      const file = `${lab.folder}/run`;
      const init = lab.start({
        options: ["--record", file, "--stop=TERM:50ms,KILL", "--drain=200ms"],
        command: [
          "sh",
          "-c",
          "trap '' TERM; setsid sleep 1000 & echo ready; while :; do sleep 9; done",
        ],
        pid1,
      });
      await init.stdout.until(
        "the command is ready",
        () => init.stdout.text.includes("ready") || undefined,
      );
      await init.signal(TERM);
      expect(await init.finished()).toMatchObject({ status: 137 });
      const replayed = replayOf(file);
      expect(replayed.difference).toBeUndefined();
      const kinds = [...steps(traceOf(file))].map(({ event }) => event.kind);
      expect(kinds).toContain(EventKind.DeadlineReached);
    });
  }

  test("with a command that can't be started", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    const init = lab.start({ options: ["--record", file], command: ["/nonexistent/command"] });
    expect(await init.finished()).toMatchObject({ status: 127 });
    expect(replayOf(file)).toMatchObject({ events: 2, fromBoot: true });
    expect(replayOf(file).difference).toBeUndefined();
  });

  test("with options from a split string and from the environment", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    const init = lab.start({
      args: ["-S", `-v --record=${file} -- true 'one  two'`],
      env: { WASM_INIT_OPTIONS: "--stop=TERM:1s,KILL" },
    });
    expect(await init.finished()).toMatchObject({ status: 0 });
    expect(replayOf(file)).toMatchObject({ fromBoot: true });
    expect(replayOf(file).difference).toBeUndefined();
  });

  test("with a kill of the init at any time", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    const init = await lab.listening({ options: ["--record", file] });
    await init.signal(USR1);
    await init.received(USR1);
    process.kill(await init.pid(), "SIGKILL");
    await lab.endTheRest();
    const replayed = replayOf(file);
    expect(replayed.difference).toBeUndefined();
    expect(replayed.events).toBeGreaterThanOrEqual(3);
  });
});

describe("the trace file", () => {
  test("is of the limit's size, closed to others, and the command does not inherit it", async ({
    lab,
  }) => {
    const file = `${lab.folder}/run`;
    const init = lab.start({
      options: ["--record", file, "--record-limit=64K"],
      command: ["sh", "-c", "ls -l /proc/self/fd"],
    });
    const { stdout } = await init.finished();
    expect(stdout).not.toContain(file);
    expect(statSync(file).size).toBe(65536);
    expect(statSync(file).mode & 0o7777).toBe(0o600);
  });

  test("takes its name from the variable, with pid and time, and the variable is gone", async ({
    lab,
  }) => {
    const init = lab.start({
      args: ["--", "env"],
      env: { WASM_INIT_RECORD: `${lab.folder}/run-%p-%t-%%.trace` },
    });
    const pid = await init.pid();
    const { stdout } = await init.finished();
    expect(stdout).not.toContain("WASM_INIT_RECORD");
    const [name = ""] = readdirSync(lab.folder);
    expect(name).toMatch(new RegExp(`^run-${pid}-\\d{10}-%%\\.trace$`));
    expect(replayOf(`${lab.folder}/${name}`).difference).toBeUndefined();
  });

  test("is not written by a nested init", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    const init = lab.start({
      args: ["--", binary, "--", "sh", "-c", "exit 4"],
      env: { WASM_INIT_RECORD: file },
    });
    expect(await init.finished()).toMatchObject({ status: 4 });
    const spawned = [...steps(traceOf(file))].filter(
      ({ event }) => event.kind === EventKind.Spawned,
    );
    expect(spawned.map(({ event }) => eventLine(event))).toHaveLength(1);
    expect(readdirSync(lab.folder)).toEqual(["run"]);
  });

  test("holds neither arguments nor other variables, unless arguments are asked for", async ({
    lab,
  }) => {
    const secret = "hunter2-very-secret";
    for (const options of [[], ["--record-argv"]]) {
      const file = `${lab.folder}/run${options.length}`;
      const init = lab.start({
        options: ["--record", file, "-vv", ...options],
        command: ["sh", "-c", "exit 0", secret],
        env: { TOKEN: "token-in-the-environment" },
      });
      await init.finished();
      const bytes = readFileSync(file, "latin1");
      expect(bytes.includes(secret)).toBe(options.length > 0);
      expect(bytes).not.toContain("token-in-the-environment");
      const told = traceOf(file).arguments.map((word) => Buffer.from(word).toString());
      expect(told).toEqual(options.length > 0 ? ["-c", "exit 0", secret] : []);
      expect(replayOf(file).difference).toBeUndefined();
    }
  });

  test("is begun anew over an older trace", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    for (const status of [3, 4]) {
      const init = lab.start({
        options: ["--record", file],
        command: ["sh", "-c", `exit ${status}`],
      });
      expect(await init.finished()).toMatchObject({ status });
      expect(replayOf(file).difference).toBeUndefined();
    }
    const last = [...steps(traceOf(file))].at(-1);
    expect(last?.actions.at(-1)?.a).toBe(4);
  });

  const SIZE = 65536;
  const found: [string, { size: number; mode: number } | undefined, string[]][] = [
    ["a new file", undefined, ["fallocate"]],
    ["an empty file that others can read", { size: 0, mode: 0o644 }, ["fallocate", "fchmod"]],
    ["a shorter trace", { size: 4096, mode: 0o600 }, ["fallocate"]],
    ["a longer trace", { size: 2 * SIZE, mode: 0o600 }, ["fallocate", "ftruncate"]],
    ["a trace of this size", { size: SIZE, mode: 0o600 }, []],
    ["a trace of this size that others can read", { size: SIZE, mode: 0o640 }, ["fchmod"]],
  ];
  for (const [name, before, wanted] of found) {
    test(`${name} is made fit by no more calls than it takes`, async ({ lab, task, skip }) => {
      const why = whyNoStrace();
      if (why !== undefined) skipLoudly({ task, skip }, why);
      const file = `${lab.folder}/run`;
      if (before !== undefined) {
        const contents = Buffer.alloc(before.size);
        contents.write("WITRACE\n");
        writeFileSync(file, contents);
        chmodSync(file, before.mode);
      }
      const options = ["--record", file, `--record-limit=${SIZE}`];
      const { calls } = await systemCalls(lab, [...options, "--", "true"]);
      const opening = calls.findIndex((call) => call.startsWith("openat(") && call.includes(file));
      const made = calls.slice(
        opening,
        calls.findIndex((call) => call.startsWith("pwritev(")),
      );
      const own = /^(?:openat|fcntl|statx|preadv|lseek|fallocate|ftruncate|fchmod)(?=\()/;
      expect(made.flatMap((call) => own.exec(call) ?? [])).toEqual([
        ...["openat", "statx", "preadv"],
        ...wanted,
      ]);
      const { size, mode } = statSync(file);
      expect({ size, mode: mode & 0o7777 }).toEqual({ size: SIZE, mode: 0o600 });
      expect(replayOf(file)).toMatchObject({ fromBoot: true, lost: 0 });
      expect(replayOf(file).difference).toBeUndefined();
    });
  }

  test("keeps the newest events when there are more than fit", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    const count = 400;
    const init = lab.start({
      options: ["--record", file, "--record-limit=16K"],
      command: [
        "sh",
        "-c",
        `i=0; while [ $i -lt ${count} ]; do (:) & wait $!; kill -URG $PPID; i=$((i+1)); cat /dev/null; done; exit 5`,
      ],
    });
    expect(await init.finished()).toMatchObject({ status: 5 });
    expect(statSync(file).size).toBe(16384);
    const trace = traceOf(file);
    expect(trace.halves.length).toBeGreaterThan(0);
    expect(trace.halves[0]?.sequence).toBeGreaterThan(0);
    const replayed = replayOf(file);
    expect(replayed).toMatchObject({ fromBoot: false, lost: 0 });
    expect(replayed.difference).toBeUndefined();
    const last = [...steps(trace)].at(-1);
    expect(last?.actions.at(-1)?.a).toBe(5);
    expect(last?.sequence).toBeGreaterThan(20);
    expect([...steps(trace)].some(({ event }) => event.signal === URG)).toBe(true);
  });
});

describe("a file that can't be recorded to ends the init with 125 and one line that names it", () => {
  const cases: [string, (folder: string) => { file: string; reason: string }][] = [
    [
      "in a missing folder",
      (folder) => ({ file: `${folder}/no/run`, reason: "No such file or directory" }),
    ],
    ["a folder", (folder) => ({ file: folder, reason: "Is a directory" })],
    [
      "a symbolic link",
      (folder) => {
        writeFileSync(`${folder}/target`, "");
        symlinkSync("target", `${folder}/run`);
        return {
          file: `${folder}/run`,
          reason: "Too many levels of symbolic links: expected a file, not a symbolic link",
        };
      },
    ],
    [
      "a FIFO",
      (folder) => {
        execFileSync("mkfifo", [`${folder}/run`]);
        return { file: `${folder}/run`, reason: EEXIST };
      },
    ],
    ["a device", () => ({ file: "/dev/zero", reason: EEXIST })],
    ["the null device", () => ({ file: "/dev/null", reason: EEXIST })],
    [
      "a file in /proc that calls itself empty",
      () => ({ file: "/proc/self/comm", reason: EEXIST }),
    ],
    [
      "a file that is no trace",
      (folder) => {
        writeFileSync(`${folder}/run`, "precious");
        return { file: `${folder}/run`, reason: EEXIST };
      },
    ],
  ];

  for (const [name, make] of cases) {
    test(name, async ({ lab }) => {
      const { file, reason } = make(lab.folder);
      const init = lab.start({
        options: ["--record", file],
        command: ["touch", `${lab.folder}/ran`],
      });
      const { status, stderr } = await init.finished();
      expect(status).toBe(125);
      expect(theOnlyLine(stderr)).toContain(`cannot record to '${file}': ${reason}`);
      expect(existsSync(`${lab.folder}/ran`)).toBe(false);
      if (name === "a file that is no trace") expect(readFileSync(file, "utf8")).toBe("precious");
      if (name === "a symbolic link") expect(statSync(`${lab.folder}/target`).size).toBe(0);
    });
  }

  for (const [name, options, reason] of [
    ["on a full disk", "size=64k", "No space left on device"],
    ["on a read-only file system", "ro", "Read-only file system"],
  ] as const) {
    test(name, async ({ lab, task, skip }) => {
      const folder = `${lab.folder}/mount`;
      mkdirSync(folder);
      const mounted = spawnSync("unshare", [
        "--mount",
        "mount",
        "-t",
        "tmpfs",
        "-o",
        options,
        "tmpfs",
        folder,
      ]);
      if (mounted.status !== 0) skipLoudly({ task, skip }, "no file system can be mounted here");
      const script = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$0" --record "$1/run" true`;
      const host = {
        ...hostUnderTest(),
        command: ["unshare", "--mount", "sh", "-c", script, binary],
      };
      const init = lab.start({ host, args: [folder] });
      const { status, stderr } = await init.finished();
      expect(status).toBe(125);
      expect(theOnlyLine(stderr)).toContain(`cannot record to '${folder}/run': ${reason}`);
    });
  }
});

describe("a write that fails later", () => {
  test("is one warning, and the init goes on", async ({ lab, task, skip }) => {
    const why = whyNoStrace();
    if (why !== undefined) skipLoudly({ task, skip }, why);
    for (const write of [2, 3, 4]) {
      const file = `${lab.folder}/run${write}`;
      const inject = `inject=pwritev:error=ENOSPC:when=${write}+`;
      const host = {
        ...hostUnderTest(),
        command: ["strace", "-o", "/dev/null", "-e", inject, "--", binary],
      };
      const init = lab.start({
        host,
        options: ["--record", file],
        command: ["sh", "-c", "kill -URG $PPID; cat /dev/null; exit 6"],
      });
      const { status, stderr } = await init.finished();
      expect(status).toBe(6);
      // The write that fails may be the last that there would have been.
      if (stderr !== "" || write < 4)
        expect(theOnlyLine(stderr)).toContain("stopped recording: No space left on device");
      expect(replayOf(file).difference).toBeUndefined();
    }
  });
});

describe("an init that records", () => {
  test("makes one write for each event, and none while nothing happens", async ({
    lab,
    task,
    skip,
  }) => {
    const why = whyNoStrace();
    if (why !== undefined) skipLoudly({ task, skip }, why);
    const file = `${lab.folder}/run`;
    const { calls } = await systemCalls(lab, ["--record", file, "--", "sleep", "0.3"]);
    const writes = calls.filter((call) => call.startsWith("pwritev("));
    // The header with the first half's state, then the events.
    expect(writes).toHaveLength(1 + replayOf(file).events);
  });

  test("goes on recording inside the sandbox", async ({ lab }) => {
    const file = `${lab.folder}/run`;
    const init = lab.probeUnder(
      { options: ["--sandbox=on", "--record", file] },
      ...["listen:64", "exit:7"],
    );
    await init.event("listening");
    const pid = await init.pid();
    await eventually("the init is in its sandbox", () =>
      /^Seccomp:\t2$/m.test(readFileSync(`/proc/${pid}/status`, "utf8")),
    );
    await init.signal(USR1);
    await init.received(USR1);
    await init.signalsUntilFence();
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    expect(replayOf(file).difference).toBeUndefined();
    expect([...steps(traceOf(file))].some(({ event }) => event.signal === USR1)).toBe(true);
  });
});
