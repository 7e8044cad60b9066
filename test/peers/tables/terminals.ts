// On terminals: an init that leads the session, as in a container with -it, and one that a shell
// started.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison, Side } from "../comparison.ts";
import { lives } from "../observe.ts";
import { Terminal, terminalOf } from "../terminal.ts";
import type { ProbeEventOf } from "../../support/probe.ts";
import { childrenOf, commandLine, state } from "../../support/proc.ts";
import { eventually } from "../../support/wait.ts";
import { PLAIN } from "./modes.ts";

const CTRL_C = "\x03";
const CTRL_Z = "\x1a";
const CTRL_BACKSLASH = "\x1c";
/** Longer than any prompt takes, and short enough to wait for one that never comes. */
const LONG_ENOUGH_MS = 3_000;
const SHELL = ["bash", "--norc", "--noprofile", "-i"];

async function withTerminal<T>(
  side: Side,
  words: readonly string[],
  use: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = new Terminal(side.lab, words, { PS1: "ready> " });
  try {
    return await use(terminal);
  } finally {
    if (lives(terminal.pid)) terminal.close();
    await side.lab.endTheRest();
  }
}

function report(terminal: Terminal): Promise<ProbeEventOf<"report">> {
  return eventually("the command reports", () =>
    terminal.events().find((event): event is ProbeEventOf<"report"> => event.event === "report"),
  );
}

async function received(terminal: Terminal, signal: number) {
  await eventually(`the command gets ${signal}`, () => terminal.signals().includes(signal));
}

/** The init leads the terminal's session: what the terminal sends reaches the command. */
async function leads(side: Side) {
  const words = [...side.host.command, "--", side.lab.probe, "report", "listen:15", "exit:4"];
  return withTerminal(side, words, async (terminal) => {
    const told = await report(terminal);
    await terminal.shows(/listening/);
    const at = terminalOf(told.pid);
    terminal.type(CTRL_C);
    await received(terminal, 2);
    terminal.type(CTRL_BACKSLASH);
    await received(terminal, 3);
    terminal.resize(100, 30);
    await received(terminal, 28);
    process.kill(terminal.pid, "SIGTERM");
    const end = await terminal.end();
    return {
      "it has the terminal": at.has,
      "it has the foreground": at.foreground === at.group,
      "it leads its session": told.sid === told.pid,
      "it leads its group": told.pgid === told.pid,
      received: terminal.signals(),
      end,
    };
  });
}

/** The terminal goes away. */
async function hangsUp(side: Side) {
  const seen = join(side.lab.folder, "seen");
  const script = `trap 'echo HUP >> ${seen}; exit 3' HUP; echo here; while :; do sleep 0.01; done`;
  const words = [...side.host.command, "--", "sh", "-c", script];
  return withTerminal(side, words, async (terminal) => {
    // Not the word in a warning, which comes before there is a trap.
    await terminal.shows(/^here/m);
    terminal.hangUp();
    await eventually("the init has ended", () => !lives(terminal.pid));
    return { got: readFileSync(seen, "utf8") };
  });
}

/** An interactive shell under the init has job control. */
async function shell(side: Side) {
  return withTerminal(side, [...side.host.command, "--", ...SHELL], async (terminal) => {
    await terminal.shows(/ready> $/);
    terminal.type("sleep 1000\n");
    const job = await eventually("the shell's job runs", () => {
      const jobs = childrenOf(terminal.pid).flatMap(childrenOf);
      return jobs.find((pid) => commandLine(pid) === "sleep 1000");
    });
    terminal.type(CTRL_Z);
    const stops = await terminal.shows(/Stopped/, LONG_ENOUGH_MS).catch(() => false);
    if (stops) {
      terminal.type("fg\n");
      await eventually("the job goes on", () => state(job) === "S");
    }
    terminal.type(CTRL_C);
    await eventually("the job has ended", () => !lives(job));
    terminal.type("echo status=$? size=$(stty size)\n");
    await terminal.shows(/status=130 size=40 200/);
    terminal.type("exit 7\n");
    const end = await terminal.end();
    return { end, stops, complains: /no job control|cannot set terminal/.test(terminal.text) };
  });
}

/** A shell starts the init, whose command gets what the terminal sends. */
async function underShell(side: Side) {
  return withTerminal(side, SHELL, async (terminal) => {
    await terminal.shows(/ready> $/);
    const command = [...side.host.command, "--", side.lab.probe, "report", "listen:2", "exit:4"];
    terminal.type(`${command.join(" ")}; echo status=$?\n`);
    const told = await report(terminal);
    await terminal.shows(/"listening"/);
    const at = terminalOf(told.pid);
    terminal.type(CTRL_C);
    await terminal.shows(/status=\d/);
    await terminal.shows(/ready> $/);
    terminal.type("exit 6\n");
    const end = await terminal.end();
    return {
      "it has the terminal": at.has,
      "it has the foreground": at.foreground === at.group,
      received: terminal.signals(),
      status: /status=(\d+)/.exec(terminal.text)?.[1],
      end,
    };
  });
}

/** Ctrl-Z gives the shell its prompt back, and fg goes on. */
async function stops(side: Side) {
  return withTerminal(side, SHELL, async (terminal) => {
    await terminal.shows(/ready> $/);
    terminal.type(`${[...side.host.command, "--", "sleep", "1000"].join(" ")}\n`);
    const ours = await eventually("the shell's job runs", () => {
      const inits = childrenOf(terminal.pid);
      return inits.flatMap(childrenOf).find((pid) => commandLine(pid) === "sleep 1000");
    });
    terminal.type(CTRL_Z);
    const prompt = await terminal.shows(/Stopped[^]*ready> $/, LONG_ENOUGH_MS).catch(() => false);
    if (!prompt) return { "the prompt comes back": false };
    terminal.type("fg\n");
    await eventually("the command goes on", () => state(ours) === "S");
    terminal.type(CTRL_C);
    await eventually("the command has ended", () => !lives(ours));
    terminal.type("echo status=$?\n");
    await terminal.shows(/status=\d/);
    terminal.type("exit 6\n");
    const end = await terminal.end();
    const status = /status=(\d+)/.exec(terminal.text)?.[1];
    return { "the prompt comes back": true, status, end };
  });
}

/** The init in the midst of a pipeline in the foreground. */
async function pipeline(side: Side) {
  return withTerminal(side, SHELL, async (terminal) => {
    await terminal.shows(/ready> $/);
    const init = [...side.host.command, "--"].join(" ");
    terminal.type(`yes | ${init} head -c 1 | cat; echo " status=\${PIPESTATUS[*]}"\n`);
    await terminal.shows(/status=\d/);
    await terminal.shows(/ready> $/);
    terminal.type("exit 6\n");
    const end = await terminal.end();
    return { status: /status=([\d ]+)/.exec(terminal.text)?.[1], end };
  });
}

const SCENARIOS: Record<string, (side: Side) => Promise<Record<string, unknown>>> = {
  "leads the session of a terminal": leads,
  "an interactive shell": shell,
  "started by a shell": underShell,
  "started by a shell, and stopped": stops,
  "in a pipeline": pipeline,
  "the terminal hangs up": hangsUp,
};

export const terminals: readonly Comparison[] = PLAIN.flatMap(({ peer }) =>
  Object.entries(SCENARIOS).map(([what, run]): Comparison => ({
    peer,
    name: `on a terminal: ${what}`,
    positions: ["a plain process"],
    run,
  })),
);
