// Whatever the state of stderr: the init says what it can, and goes on.
import { closeSync, openSync, readFileSync } from "node:fs";
import { descriptorFlags } from "../support/proc.ts";
import { Pipe } from "../support/streams.ts";
import type { Stream } from "../support/lab.ts";
import { POSITIONS } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { USR1 } from "../support/signals.ts";

const FENCE = 64;

interface Place {
  stderr: Stream;
  close(): void;
}

const places: [name: string, open: (folder: string) => Place][] = [
  ["closed", () => ({ stderr: "closed", close: () => undefined })],
  [
    "a pipe that is full",
    (folder) => {
      const pipe = new Pipe(folder);
      pipe.fill();
      return { stderr: pipe.writer, close: () => pipe.close() };
    },
  ],
  [
    "a pipe that nobody reads from",
    (folder) => {
      const pipe = new Pipe(folder);
      pipe.closeReader();
      return { stderr: pipe.writer, close: () => closeSync(pipe.writer) };
    },
  ],
  [
    "a full disk",
    () => {
      const file = openSync("/dev/full", "w");
      return { stderr: file, close: () => closeSync(file) };
    },
  ],
  [
    "open for reading only",
    () => {
      const file = openSync("/dev/null", "r");
      return { stderr: file, close: () => closeSync(file) };
    },
  ],
];

for (const [name, open] of places) {
  for (const position of POSITIONS) {
    test(`a stderr that is ${name} changes nothing as ${position}`, async ({ lab }) => {
      const place = open(lab.folder);
      const init = lab.probeUnder(
        { options: ["-vv"], stderr: place.stderr, pid1: position === "PID 1" },
        ...["orphans:2000", `listen:${FENCE}`, "exit:7"],
      );
      await init.event("listening");
      await init.signal(USR1);
      await init.received(USR1);
      expect(await init.signalsUntilFence()).toEqual([USR1]);
      expect(await init.finished()).toMatchObject({ status: 7 });
      place.close();
    });
  }

  test(`a stderr that is ${name} changes no status of the init's own`, async ({ lab }) => {
    const place = open(lab.folder);
    const finished = await lab
      .start({ stderr: place.stderr, command: ["no-such-command"] })
      .finished();
    expect(finished).toMatchObject({ status: 127, stdout: "" });
    place.close();
  });
}

describe("with -v", () => {
  test("a log in a file gets every line", async ({ lab }) => {
    const file = openSync(`${lab.folder}/log`, "a");
    const init = lab.probeUnder({ options: ["-v"], stderr: file }, "exit:7");
    closeSync(file);
    expect(await init.finished()).toMatchObject({ status: 7 });
    expect(readFileSync(`${lab.folder}/log`, "utf8")).toMatch(/status 7\n$/);
  });

  test("a log in a pipe gets every line", async ({ lab }) => {
    const pipe = new Pipe(lab.folder);
    const init = lab.probeUnder({ options: ["-v"], stderr: pipe.writer }, "exit:7");
    expect(await init.finished()).toMatchObject({ status: 7 });
    expect(pipe.read()).toMatch(/status 7\n$/);
    pipe.close();
  });

  test("a log in a socket gets every line", async ({ lab }) => {
    const init = lab.probeUnder({ options: ["-v"] }, "exit:7");
    expect((await init.finished()).stderr).toMatch(/status 7\n$/);
  });

  test("each line begins with the program's name", async ({ lab }) => {
    const { stderr } = await lab.probeUnder({ options: ["-v"] }, "exit:7").finished();
    const lines = stderr.split("\n").slice(0, -1);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !line.startsWith("wasm-init: "))).toEqual([]);
  });

  test("one line names the command and its process", async ({ lab }) => {
    const init = lab.probeUnder({ options: ["-v"] }, "report");
    const { stderr } = await init.finished();
    const { pid } = await init.event("report");
    const lines = stderr.split("\n").filter((line) => line.includes(lab.probe));
    expect(lines).toEqual([expect.stringContaining(String(pid))]);
  });

  test("-vv says more than -v", async ({ lab }) => {
    const count = async (option: string) => {
      const init = lab.probeUnder({ options: [option] }, `listen:${FENCE}`);
      await init.event("listening");
      await init.signal(FENCE);
      return (await init.finished()).stderr.split("\n").length;
    };
    expect(await count("-vv")).toBeGreaterThan(await count("-v"));
  });

  test("standard output stays the command's own", async ({ lab }) => {
    const init = lab.start({ options: ["-vvv"], command: ["sh", "-c", "echo hello; exit 7"] });
    expect(await init.finished()).toMatchObject({ status: 7, stdout: "hello\n" });
  });
});

test("the command's stderr is not made non-blocking", async ({ lab }) => {
  const pipe = new Pipe(lab.folder);
  const init = lab.probeUnder({ options: ["-vv"], stderr: pipe.writer }, `listen:${FENCE}`);
  const { pid } = await init.event("listening");
  await init.signal(USR1);
  await init.received(USR1);
  expect((descriptorFlags(pid, 2) ?? -1) & 0o4000).toBe(0);
  await init.signal(FENCE);
  expect(await init.finished()).toMatchObject({ status: 0 });
  pipe.close();
});

test("a closed stderr is not mistaken for a file that was opened since", async ({ lab }) => {
  // Descriptor 2 is the lowest that is free: whatever the init opened first would get the log.
  const init = lab.probeUnder(
    { options: ["-vv"], stderr: "closed", prepare: ["close-above:2"] },
    "report",
  );
  expect(await init.finished()).toMatchObject({ status: 0 });
  expect((await init.event("report")).descriptors).toEqual([0, 1]);
});
