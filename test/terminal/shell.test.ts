// Started from an interactive shell: as if no init were there.
import { childrenOf, placeOf } from "../support/proc.ts";
import { describe, expect, test } from "../support/system-test.ts";
import {
  CTRL_C,
  CTRL_D,
  CTRL_Z,
  inShell,
  leave,
  SHELLS,
  type Terminal,
} from "../support/terminal.ts";

const MODES = ["", "-c ", "-g "];

/** Brings the job to the front, where it reads what is typed; then leaves the shell. */
async function readsInFront(terminal: Terminal, command: number, answer: RegExp): Promise<void> {
  terminal.type("fg\r");
  await terminal.hasForeground(command);
  terminal.type("something\r");
  await terminal.shows(answer);
  await leave(terminal);
}

describe.each(SHELLS)("from $name", (shell) => {
  test("ends with the command's status, and the shell goes on", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    expect(await terminal.run('$INIT sh -c "exit 7"; echo status=$?')).toMatch(/^status=7$/m);
    await leave(terminal);
  });

  test.for(MODES)("Ctrl-C reaches the command once (options '%s')", async (mode, { lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type(`$INIT ${mode}$PROBE listen:34\r`);
    await terminal.shows(/"event":"listening"[^\n]*\n/);
    terminal.type(CTRL_C);
    await terminal.shows(/"event":"signal",.*"signal":2,[^\n]*\n/);
    process.kill(await terminal.process(/wasm-init/), "SIGUSR1");
    await terminal.shows(/"signal":10,[^\n]*\n/);
    process.kill(await terminal.process(/^\S*probe\S* listen/), "SIGKILL");
    await terminal.shows("ready> ");
    expect(terminal.screen.match(/"signal":2,/g)).toHaveLength(1);
    await leave(terminal);
  });

  test("`sh -c 'wasm-init true; read x'` reads", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("sh -c '$INIT true; echo asking; read x; echo got=$x'\r");
    await terminal.shows(/\nasking/);
    terminal.type("something\r");
    await terminal.shows(/\ngot=something/);
    await leave(terminal);
  });

  test("gives the foreground back when the command can't be started", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("sh -c '$INIT /no/such/command; echo asking; read x; echo got=$x'\r");
    await terminal.shows(/\nasking/);
    terminal.type("something\r");
    await terminal.shows(/\ngot=something/);
    await leave(terminal);
  });

  test("a pipeline ends as it should", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    expect(await terminal.run("yes | $INIT head -c1 | cat; echo =$?")).toMatch(/^y=0$/m);
    await leave(terminal);
  });

  test("somebody else in the pipeline can read from the terminal", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("$INIT echo one | sh -c 'cat; read x < /dev/tty; echo got=$x'\r");
    await terminal.shows(/\none/);
    terminal.type("something\r");
    await terminal.shows(/\ngot=something/);
    await leave(terminal);
  });

  test("started in the background, it takes nothing from the shell", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    await terminal.run("$INIT sleep 1000 &");
    const command = await terminal.process(/^sleep 1000/);
    const place = placeOf(command);
    expect(place?.foreground).not.toBe(place?.group);
    expect(await terminal.run("echo still=here")).toMatch(/^still=here$/m);
    process.kill(command, "SIGTERM");
    await terminal.run("wait");
    await leave(terminal);
  });

  test("our own messages never stop us where the terminal has TOSTOP", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    await terminal.run("stty tostop");
    terminal.type("$INIT -vv sleep 1000 2>/dev/tty &\r");
    await terminal.shows(/started 'sleep' as \d+/);
    const command = await terminal.process(/^sleep 1000/);
    const init = await terminal.process(/wasm-init.* sleep/);
    process.kill(init, "SIGTERM");
    await terminal.shows(/the command \(\d+\) was killed by TERM/);
    await terminal.isGone(command);
    await leave(terminal);
  });

  test.for(MODES)("an init under an init under an init (options '%s')", async (m, { lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type(`$INIT ${m}$INIT ${m}$INIT ${m}sh -c 'read x; echo got=$x; exit 5'; echo =$?\r`);
    const command = await terminal.process(/^sh -c read x/);
    await terminal.hasForeground(command);
    if (shell.monitor) {
      terminal.type(CTRL_Z);
      await terminal.shows("ready> ");
      terminal.type("fg\r");
      await terminal.hasForeground(command);
      await terminal.runs(command);
    }
    terminal.type("something\r");
    await terminal.shows(/\ngot=something/);
    if (!shell.monitor) await terminal.shows(/\n=5/);
    await leave(terminal);
  });

  test("the command's size follows the window", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("$INIT sh -c '$PROBE listen:28; stty size'\r");
    await terminal.shows(/"event":"listening"/);
    terminal.resize(77, 33);
    await terminal.shows(/"signal":28,/);
    await terminal.shows(/\n33 77/);
    await terminal.shows("ready> ");
    await leave(terminal);
  });

  test("the terminal goes away: the command gets HUP, and the init ends", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("$INIT $PROBE default:1 say:here pause\r");
    await terminal.shows(/"text":"here"/);
    const init = await terminal.process(/wasm-init/);
    terminal.hangUp();
    await terminal.isGone(init);
  });
});

describe.each(SHELLS.filter((shell) => shell.monitor))("job control in $name", (shell) => {
  test.for(MODES)("Ctrl-Z, fg, bg (options '%s')", async (mode, { lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type(`$INIT ${mode}cat\r`);
    const command = await terminal.process(/^cat/);
    const init = await terminal.process(/wasm-init/);
    await terminal.hasForeground(command);
    terminal.type(CTRL_Z);
    await terminal.shows("ready> ");
    await terminal.isStopped(command);
    await terminal.isStopped(init);
    expect(await terminal.run("jobs")).toMatch(/^\[1\][^\n]*(Stopped|Suspended)[^\n]*\n$/);

    terminal.type("fg\r");
    await terminal.hasForeground(command);
    await terminal.runs(command);
    terminal.type("something\r");
    await terminal.shows(/something\r\nsomething\r\n/);

    terminal.type(CTRL_Z);
    await terminal.shows("ready> ");
    // In the background it reads, and is stopped again: by the terminal.
    await terminal.run("bg");
    await terminal.at(command, "is stopped again", (it) => it.state === "T");
    // Before it has, a CONT would come too early to end its stop.
    await terminal.isStopped(init);
    terminal.type("fg\r");
    await terminal.hasForeground(command);
    await terminal.runs(command);
    terminal.type(CTRL_D);
    await terminal.shows("ready> ");
    await leave(terminal);
  });

  test("bg continues, and at its end the shell keeps the foreground", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("$INIT sleep 1000\r");
    const command = await terminal.process(/^sleep 1000/);
    await terminal.hasForeground(command);
    terminal.type(CTRL_Z);
    await terminal.shows("ready> ");
    await terminal.run("bg");
    await terminal.runs(command);
    process.kill(command, "SIGTERM");
    await terminal.run("wait");
    expect(await terminal.run("echo still=here")).toMatch(/^still=here$/m);
    await leave(terminal);
  });

  test("a job that reads after it came from the background reads", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("$INIT sh -c 'read x; echo got=$x' &\r");
    await terminal.shows("ready> ");
    const command = await terminal.process(/^sh -c read/);
    await terminal.isStopped(command);
    // Before it has, a CONT would come too early to end its stop.
    await terminal.isStopped(await terminal.process(/wasm-init/));
    await readsInFront(terminal, command, /\ngot=something/);
  });

  test("Ctrl-Z stops the script around the init and the whole pipeline too", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("sh -c '$INIT sh -c \"read x; echo got=\\$x\"; echo after' | cat\r");
    const command = await terminal.process(/^sh -c read/);
    await terminal.runs(command);
    // Until it has become cat, the shell's child ignores the key.
    await terminal.process(/^cat/);
    terminal.type(CTRL_Z);
    await terminal.shows("ready> ");
    // The shell knows of its own children only.
    await terminal.isStopped(await terminal.process(/wasm-init/));
    await readsInFront(terminal, command, /\ngot=something\r\nafter/);
  });

  test("a script that runs the init is one job", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("sh -c '$INIT sh -c \"read x; echo got=\\$x\"; echo after'\r");
    const command = await terminal.process(/^sh -c read/);
    await terminal.hasForeground(command);
    terminal.type(CTRL_Z);
    await terminal.shows("ready> ");
    // The shell knows of its own children only.
    await terminal.isStopped(await terminal.process(/wasm-init/));
    await readsInFront(terminal, command, /\ngot=something\r\nafter/);
  });

  test("an interactive shell under the init has job control of its own", async ({ lab }) => {
    const terminal = await inShell(lab, shell);
    terminal.type("PS1='in''ner> ' $INIT bash --norc --noprofile -i\r");
    await terminal.shows("inner> ");
    terminal.type("sleep 1000\r");
    const command = await terminal.process(/^sleep 1000/);
    await terminal.hasForeground(command);
    terminal.type(CTRL_Z);
    await terminal.shows("inner> ");
    expect(childrenOf(await terminal.process(/wasm-init/))).toHaveLength(1);
    terminal.type("fg\r");
    await terminal.hasForeground(command);
    await terminal.runs(command);
    terminal.type(CTRL_C);
    await terminal.shows("inner> ");
    terminal.type("exit\r");
    await terminal.shows("ready> ");
    expect(await terminal.run("echo still=here")).toMatch(/^still=here$/m);
    await leave(terminal);
  });
});
