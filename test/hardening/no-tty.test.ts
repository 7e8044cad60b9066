// A controlling terminal without /dev/tty, as where an image has hardly any /dev: whoever has it on
// a standard descriptor needs no more, and whoever has not, goes without it.
import { readFileSync, writeFileSync } from "node:fs";
import { whyNoPid1 } from "../support/lab.ts";
import { launched } from "../support/paths.ts";
import { placeOf } from "../support/proc.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { asContainer, Terminal } from "../support/terminal.ts";

const BARE = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /dev; exec "$0" "$@"'];

describe.each([
  ["PID 1", asContainer],
  ["a session's leader", (lab, file = "", ...words) => new Terminal(lab, file, words)],
] satisfies [string, typeof asContainer][])("without /dev/tty, as %s", (_, terminalOf) => {
  test("hands the terminal on that it finds on a standard descriptor", async ({
    lab,
    skip,
    task,
  }) => {
    const why = whyNoPid1();
    if (why !== undefined) skipLoudly({ skip, task }, why);
    const script = "read x; test ! -e /dev/tty && echo got=$x; exit 7";
    const terminal = terminalOf(lab, ...BARE, ...launched, "sh", "-c", script);
    const command = await terminal.process(/^sh -c read/);
    await terminal.hasForeground(command);
    terminal.type("something\r");
    await terminal.shows(/got=something/);
    expect(await terminal.ended()).toMatchObject({ exitCode: 7 });
    expect(terminal.screen).not.toMatch(/wasm-init:/);
  });
});

test("runs the command where nothing leads to the terminal", async ({ lab, skip, task }) => {
  const why = whyNoPid1();
  if (why !== undefined) skipLoudly({ skip, task }, why);
  const file = `${lab.folder}/stdout`;
  writeFileSync(file, "");
  const closed = ["close:0", "close:1", "close:2", `open:1:${file}`, "exec"];
  const script = "echo started; kill -STOP $$; exit 7";
  const init = [lab.probe, ...closed, ...launched, "sh", "-c", script];
  const terminal = asContainer(lab, ...BARE, ...init);
  const command = await terminal.process(/^sh -c echo/);
  await terminal.isStopped(command);
  expect(placeOf(command)).toMatchObject({ group: command, session: command });
  process.kill(command, "SIGCONT");
  expect(await terminal.ended()).toMatchObject({ exitCode: 7 });
  expect(readFileSync(file, "utf8")).toBe("started\n");
});
