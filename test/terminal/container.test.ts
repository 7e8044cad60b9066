// As in a container with a terminal: PID 1, which leads the terminal's session.
import { placeOf } from "../support/proc.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { asContainer, CTRL_C, CTRL_Z, INIT, Terminal } from "../support/terminal.ts";
import { launched } from "../support/paths.ts";
import { CONT, HUP, TSTP, TTIN } from "../support/signals.ts";

const MODES = ["", "-c", "-g"];
const FENCE = 34;

const BASH = ["bash", "--norc", "--noprofile", "-i"];

/** Waits for the command of the probe's, which listens to all signals. */
async function listening(terminal: Terminal) {
  await terminal.shows(/"event":"listening"[^\n]*\n/);
  return {
    init: await terminal.process(INIT),
    probe: await terminal.process(/^\S*probe\S* listen/),
  };
}

/** The signals that the probe has told of. */
const signalsOn = (terminal: Terminal) =>
  [...terminal.screen.matchAll(/"event":"signal".*?"signal":(\d+),/g)].map((it) => Number(it[1]));

/** Types Ctrl-Z, which must change nothing: the command goes on to read. */
async function readsAfterCtrlZ(terminal: Terminal, command: number): Promise<void> {
  terminal.type(CTRL_Z);
  await terminal.shows(/\^Z/);
  await terminal.runs(command);
  await terminal.hasForeground(command);
  terminal.type("something\r");
  await terminal.shows(/got=something/);
}

describe("the command", () => {
  test("leads its own session, and has the terminal and its foreground", async ({ lab }) => {
    const terminal = asContainer(lab, ...launched, "sh", "-c", "read x; echo got=$x");
    const command = await terminal.process(/^sh -c read/);
    await terminal.hasForeground(command);
    const place = placeOf(command);
    expect(place).toMatchObject({ session: command, group: command });
    expect(place?.terminal).not.toBe(0);
    expect(placeOf(await terminal.process(INIT))?.terminal).toBe(0);
    terminal.type("something\r");
    await terminal.shows(/got=something/);
    await terminal.ended();
  });

  test("never gets the HUP and CONT of the release, but a user's own HUP", async ({ lab }) => {
    const terminal = asContainer(lab, ...launched, lab.probe, `listen:${FENCE}`);
    const { init } = await listening(terminal);
    process.kill(init, HUP);
    await terminal.shows(/"signal":1,/);
    process.kill(init, FENCE);
    await terminal.shows(/"signal":34,/);
    expect(signalsOn(terminal)).toEqual([HUP, FENCE]);
    await terminal.ended();
  });

  test.for(MODES)("gets Ctrl-C once (options '%s')", async (mode, { lab }) => {
    const options = mode ? [mode] : [];
    const terminal = asContainer(lab, ...launched, ...options, lab.probe, `listen:${FENCE}`);
    const { init } = await listening(terminal);
    terminal.type(CTRL_C);
    await terminal.shows(/"signal":2,/);
    process.kill(init, FENCE);
    await terminal.shows(/"signal":34,/);
    expect(signalsOn(terminal)).toEqual([2, FENCE]);
    await terminal.ended();
  });

  test.for(MODES)("learns the window's new size (options '%s')", async (mode, { lab }) => {
    const options = mode ? [mode] : [];
    const script = `${lab.probe} listen:28; stty size`;
    const terminal = asContainer(lab, ...launched, ...options, "sh", "-c", script);
    await terminal.shows(/"event":"listening"/);
    terminal.resize(77, 33);
    await terminal.shows(/\n33 77/);
    await terminal.ended();
  });

  test.for(MODES)(
    "goes on after Ctrl-Z: nobody could wake it (options '%s')",
    async (m, { lab }) => {
      const options = m ? [m] : [];
      const terminal = asContainer(lab, ...launched, ...options, "sh", "-c", "read x; echo got=$x");
      const command = await terminal.process(/^sh -c read/);
      await terminal.hasForeground(command);
      await readsAfterCtrlZ(terminal, command);
      await terminal.ended();
    },
  );

  test.for(MODES)("gets HUP when the terminal goes away (options '%s')", async (mode, { lab }) => {
    const options = mode ? [mode] : [];
    const terminal = asContainer(lab, ...launched, ...options, lab.probe, "say:here", "pause");
    await terminal.shows(/"text":"here"/);
    const init = await terminal.process(INIT);
    terminal.hangUp();
    await terminal.isGone(init);
  });

  test("is stopped by a user's TSTP, wakes by CONT, and gets TTIN as it is", async ({ lab }) => {
    const terminal = asContainer(lab, ...launched, lab.probe, `listen:${FENCE}`);
    const { init, probe } = await listening(terminal);
    process.kill(init, TSTP);
    await terminal.isStopped(probe);
    process.kill(init, CONT);
    await terminal.shows(/"signal":18,/);
    process.kill(init, TTIN);
    await terminal.shows(/"signal":21,/);
    process.kill(init, FENCE);
    await terminal.ended();
    expect(signalsOn(terminal)).toEqual([CONT, TTIN, FENCE]);
  });

  test.for(MODES)("is a third init (options '%s')", async (mode, { lab }) => {
    const init = [...launched, ...(mode ? [mode] : [])];
    const script = "read x; echo got=$x; exit 5";
    const terminal = asContainer(lab, ...init, ...init, ...init, "sh", "-c", script);
    const command = await terminal.process(/^sh -c read/);
    await terminal.hasForeground(command);
    await readsAfterCtrlZ(terminal, command);
    expect(await terminal.ended()).toMatchObject({ exitCode: 5 });
  });
});

describe.each(["", "-c", "-g"])("an interactive bash (options '%s')", (mode) => {
  test("has job control, and opens /dev/tty", async ({ lab }) => {
    const terminal = asContainer(lab, ...launched, ...(mode ? [mode] : []), ...BASH);
    await terminal.shows("ready> ");
    expect(terminal.screen).not.toMatch(/job control|ioctl/);
    expect(await terminal.run("echo opens=it > /dev/tty")).toMatch(/^opens=it$/m);
    terminal.type("sleep 1000\r");
    const command = await terminal.process(/^sleep 1000/);
    await terminal.hasForeground(command);
    terminal.type(CTRL_Z);
    await terminal.shows(/Stopped/);
    await terminal.shows("ready> ");
    terminal.type("fg\r");
    await terminal.hasForeground(command);
    await terminal.runs(command);
    terminal.type(CTRL_C);
    await terminal.shows("ready> ");
    terminal.type("exit 7\r");
    expect(await terminal.ended()).toMatchObject({ exitCode: 7 });
  });
});
