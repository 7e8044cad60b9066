// `run -it`: a shell on a pseudo-terminal, through the engine's client, under each init.
import { afterAll, beforeAll, describe } from "vitest";
import type { Engine } from "../support/engine.ts";
import type { Lab } from "../support/lab.ts";
import { importSmallImage } from "../support/small-image.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { CTRL_C, CTRL_Z } from "../support/terminal.ts";
import { eventually } from "../support/wait.ts";
import { engines } from "./inits/columns.ts";
import type { Column } from "./inits/columns.ts";

const IMAGE = "localhost/wasm-init-terminal";
const PROMPT = "ready> ";

describe.each(engines)("$name run -it", ({ columns, whyAbsent, open }) => {
  const absent = whyAbsent();
  let engine: Engine | undefined;

  beforeAll(async () => {
    if (absent) return;
    engine = await open();
    await importSmallImage(engine, IMAGE);
  });
  afterAll(() => engine?.remove());

  /** The image's own entry point is our binary; `undefined` stands for it. */
  const inits: { title: string; column: Column | undefined }[] = [
    { title: "the image's entry point", column: undefined },
    ...columns.map((column) => ({ title: column.title, column })),
  ];

  describe.each(inits)("with $title", ({ column }) => {
    const start = (lab: Lab, at: Engine, ...command: string[]) => {
      const init = column ? [...at.init(column.program), "--entrypoint", ""] : [];
      return at.onTerminal(lab, IMAGE, [...init, "--env", `PS1=${PROMPT}`], ...command);
    };

    test("ends Ctrl-C's command, and not the shell", async ({ lab, skip, task }) => {
      if (!engine) return skipLoudly({ skip, task }, absent ?? "it did not start");
      const terminal = start(lab, engine, "sh", "-i");
      await terminal.shows(PROMPT);
      // The shell itself still has the terminal when it prints: only what cat echoes tells that it runs.
      terminal.type("echo up; cat; echo status=$?\r");
      await terminal.shows(/\nup/);
      terminal.type("echoed\r");
      await terminal.shows(/echoed\r?\nechoed/);
      terminal.type(CTRL_C);
      await terminal.shows(PROMPT);
      terminal.type("exit 3\r");
      expect(await terminal.ended()).toMatchObject({ exitCode: 3 });
      expect(terminal.screen).not.toMatch(/job control|can't access tty/);
    });

    test("follows the window's size", async ({ lab, skip, task }) => {
      if (!engine) return skipLoudly({ skip, task }, absent ?? "it did not start");
      // The client itself sets the size once more when it has attached to the container.
      const script =
        "trap 'stty size' WINCH; trap 'exit 4' INT; echo up; while :; do sleep 0.02; done";
      const terminal = start(lab, engine, "sh", "-c", script);
      await terminal.shows(/up\r?\n/);
      // A client that does not listen yet loses a change: docker's begins to when it has attached.
      await eventually("the size is the window's", async () => {
        terminal.resize(96, 30);
        terminal.resize(97, 31);
        return terminal.shows(/31 97/, 1_000).catch(() => undefined);
      });
      terminal.type(CTRL_C);
      expect(await terminal.ended()).toMatchObject({ exitCode: 4 });
    });

    // catatonit leaves its command with TSTP, TTIN and TTOU blocked: nothing stops there.
    if (column?.name === "catatonit") return;
    test("stops and continues jobs", async ({ lab, skip, task }) => {
      if (!engine) return skipLoudly({ skip, task }, absent ?? "it did not start");
      const terminal = start(lab, engine, "sh", "-i");
      await terminal.shows(PROMPT);
      // Once it says so, the shell has put the terminal into the mode that commands get.
      terminal.type("echo up; cat\r");
      await terminal.shows(/\nup/);
      terminal.type("echoed\r");
      await terminal.shows(/echoed\r?\nechoed/);
      terminal.type(CTRL_Z);
      await terminal.shows(/Stopped/);
      await terminal.shows(PROMPT);
      terminal.type("fg\r");
      await terminal.shows(/cat\r?\n/);
      terminal.type("again\r");
      await terminal.shows(/again\r?\nagain/);
      terminal.type(CTRL_C);
      await terminal.shows(PROMPT);
      terminal.type("exit 5\r");
      expect(await terminal.ended()).toMatchObject({ exitCode: 5 });
    });
  });
});
