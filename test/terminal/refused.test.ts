// Where the terminal is missing, another session's, or can't be controlled: the command runs.
import { launched } from "../support/paths.ts";
import { placeOf } from "../support/proc.ts";
import { confined } from "../support/profiles.ts";
import { expect, test } from "../support/system-test.ts";
import { asContainer, CTRL_C, INIT, inShell, leave, SHELLS } from "../support/terminal.ts";

const [BASH] = SHELLS;
const ERRNOS = { EPERM: 1, ENOTTY: 25 };
const REFUSED = /wasm-init: cannot control the terminal[^\n]*\n/;

test.for(Object.entries(ERRNOS))("every ioctl fails with %s, from a shell", async (it, { lab }) => {
  const terminal = await inShell(lab, BASH!, {
    REFUSE: confined("deny", it[1], ["ioctl"]).join(" "),
  });
  terminal.type(`$REFUSE $INIT -v sh -c 'read x; echo got=$x; sleep 1000'\r`);
  await terminal.shows(REFUSED);
  const command = await terminal.process(/^sh -c read/);
  expect(placeOf(command)?.terminal).toBe(0);
  terminal.type("something\r");
  await terminal.shows(/got=something/);
  // A key between fork and exec would end neither the shell nor what it starts, if it is bash.
  await terminal.process(/^sleep 1000/);
  terminal.type(CTRL_C);
  await terminal.shows("ready> ");
  await leave(terminal);
});

test.for(Object.entries(ERRNOS))("every ioctl fails with %s, as PID 1", async (it, { lab }) => {
  const script = "read x; echo got=$x";
  const refuse = confined("deny", it[1], ["ioctl"]);
  const terminal = asContainer(lab, ...refuse, ...launched, "-v", "sh", "-c", script);
  await terminal.shows(REFUSED);
  await terminal.process(/^sh -c read/);
  terminal.type("something\r");
  await terminal.shows(/got=something/);
  await terminal.ended();
});

test("descriptors 0 to 2 are closed: the terminal is found, nothing shows on it", async ({
  lab,
}) => {
  const terminal = asContainer(
    lab,
    lab.probe,
    "close:0",
    "close:1",
    "close:2",
    "exec",
    ...launched,
    "-vv",
    "sh",
    "-c",
    "exec < /dev/tty > /dev/tty; read x; echo got=$x; ls -l /proc/self/fd | grep -c pts",
  );
  const command = await terminal.process(/^sh -c exec/);
  await terminal.hasForeground(command);
  terminal.type("something\r");
  await terminal.shows(/got=something/);
  await terminal.ended();
  expect(terminal.screen).not.toMatch(/wasm-init:/);
});

test("the terminal is another session's: it is left alone", async ({ lab }) => {
  const terminal = await inShell(lab, BASH!);
  terminal.type("setsid --wait $INIT sh -c 'read x; echo got=$x'\r");
  const command = await terminal.process(/^sh -c read/);
  expect(placeOf(command)).toMatchObject({ terminal: 0, session: command });
  terminal.type("something\r");
  await terminal.shows(/got=something/);
  await terminal.shows("ready> ");
  await leave(terminal);
});

test("a user's TTIN to the init reaches a command under a shell as it is", async ({ lab }) => {
  const terminal = await inShell(lab, BASH!);
  terminal.type("$INIT $PROBE listen:34\r");
  await terminal.shows(/"event":"listening"/);
  const init = await terminal.process(INIT);
  process.kill(init, "SIGTTIN");
  await terminal.shows(/"signal":21,"code":0,/);
  process.kill(init, "SIGTTOU");
  await terminal.shows(/"signal":22,"code":0,/);
  process.kill(init, 34);
  await terminal.shows("ready> ");
  await leave(terminal);
});
