/** The man page wasm-init(1), from the option table that --help is made from. */
import type { Row, Table } from "../../assembly/options/tables";
import { groups } from "./help";
import { environment, referenceOf, syntax, valueForms } from "./reference";

/** Keeps roff from reading a hyphen as a typographic one, or a leading dot as a request. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");
}

/** Prose as in reference.ts: what is in `backquotes` is typed as it stands. */
export function prose(text: string): string {
  const parts = text.split(/`([^`]*)`/);
  return parts.map((part, at) => (at % 2 === 1 ? bold(part) : escaped(part))).join("");
}

function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

/** A paragraph with a tag that hangs to its left. */
function tagged(tag: string, ...[first = "", ...more]: readonly string[]): string[] {
  return [".TP", tag, prose(first), ...more.flatMap((text) => [".IP", prose(text)])];
}

function option(row: Row): string[] {
  const names = [];
  if (row.short !== undefined) names.push(bold(`-${row.short}`));
  if (row.long !== undefined) names.push(bold(`--${row.long}`));
  const value = row.value === undefined ? "" : `\\fI${escaped(row.value)}\\fR`;
  const given = value === "" ? "" : row.optional === true ? `[=${value}]` : ` ${value}`;
  const { text, byDefault } = referenceOf(row);
  const paragraphs =
    byDefault === undefined
      ? text
      : [...text.slice(0, -1), `${text.at(-1) ?? ""} The default is \`${byDefault}\`.`];
  return tagged(names.join(", ") + given, ...paragraphs);
}

/** Paragraphs, one below the other. */
function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, at) => (at === 0 ? [prose(text)] : [".PP", prose(text)]));
}

const description = [
  "`wasm-init`, called the init below, starts COMMAND, forwards signals to it, reaps every process that it adopts, and exits with the status of the command. It is made to be PID 1 of a container, but also runs as an ordinary process.",
  "The command leads a new session, and signals go to its process group. If the init leads the session of a terminal, the command takes over that terminal. If a shell started the init, the init and the command are one job: Ctrl-C, Ctrl-Z, `fg` and `bg` work.",
  "Called as `dumb-init`, `tini`, `docker-init` or `catatonit`, the init accepts the options of that program and behaves as it does. Then only ENVIRONMENT below applies.",
];

const statuses: readonly (readonly [status: string, text: string])[] = [
  ["0-255", "The command exited with this status."],
  ["128+n", "Signal n killed the command: 143 for `TERM`, 137 for `KILL`."],
  ["125", "The init failed: an option was invalid, or no process could be created."],
  ["126", "The command was found, but cannot be executed."],
  ["127", "The command, its loader or its `#!` interpreter was not found."],
  ["137", "The command survived the `KILL` of a stop plan for one second."],
];

const signals = [
  "The init forwards every signal that can be caught, except `CHLD`. If a signal was sent by sigqueue(3), its value is forwarded too. `TERM`, `INT` and `QUIT` start the stop plan, if there is one: see `--stop` and `--stop-on`.",
  "A command that leads a session cannot be stopped by `TSTP`, `TTIN` or `TTOU`: the kernel ignores them in a process group that no shell controls. The init sends `STOP` instead of `TSTP`, and instead of a `TTIN` or `TTOU` that a terminal sent. `--rewrite` overrides this.",
  "If the command was stopped by a signal that the init forwarded, `CONT` follows the next stop signal, so that the command can act on it.",
  "The command starts with the signal mask and the signal dispositions that the init was started with.",
];

const files: readonly (readonly [path: string, text: string])[] = [
  [
    "/proc",
    "Where `--drain` finds the processes that remain. It must belong to the PID namespace of the init.",
  ],
  ["/dev/tty", "The controlling terminal, if no standard stream is that terminal."],
];

const notes = [
  "The init reads no configuration file.",
  "When PID 1 of a PID namespace exits, the kernel kills all other processes in it. `--drain` gives them time to end.",
  "Docker sends `KILL` 10 seconds after the stop signal, Kubernetes after 30 seconds. A stop plan and a drain together should take less; `--explain` prints how long they can take.",
];

const examples: readonly (readonly [text: string, command: string])[] = [
  [
    "Send `TERM`; if the server still runs after 8 seconds, send `KILL`:",
    "wasm-init --stop TERM:8s,KILL -- my-server",
  ],
  [
    "Stop nginx with `QUIT`, so that it completes its requests:",
    "wasm-init --rewrite TERM:QUIT -- nginx -g 'daemon off;'",
  ],
  [
    "Exit with 0 if `TERM` ended the server. Give the processes that it leaves 3 seconds:",
    "wasm-init --exit-map TERM:0 --drain=3s -- my-server",
  ],
  [
    "Print what these options do with each signal:",
    "wasm-init --stop TERM:8s,KILL --drain=3s --explain",
  ],
  [
    "Record a run, to see later why its stop took long:",
    "wasm-init --record run.trace -- my-server",
  ],
];

const seeAlso = ["env(1)", "kill(1)", "prctl(2)", "seccomp(2)", "pid_namespaces(7)", "signal(7)"];

/** The page in roff; `date` is of the form 2026-01-31. */
export function manPage(table: Table, version: string, date: string): string {
  const command = bold("wasm-init");
  const value = (name: string) => `\\fI${name}\\fR`;
  const lines = [
    `.TH WASM-INIT 1 ${date} "wasm-init ${version}" "User Commands"`,
    // No hyphens in names of options.
    ".nh",
    ".SH NAME",
    "wasm\\-init \\- container init that forwards signals and reaps zombies",
    ".SH SYNOPSIS",
    `${command} [${value("OPTIONS")}] [\\-\\-] ${value("COMMAND")} [${value("ARG")}...]`,
    ".br",
    `${command} [${value("OPTIONS")}] ${bold("--pause")}`,
    ".br",
    `${command} [${value("OPTIONS")}] ${bold("--explain")}[=json]`,
    ".SH DESCRIPTION",
    ...paragraphs(description),
    ".SH OPTIONS",
    ...paragraphs(syntax),
  ];
  for (const [group, rows] of groups(table)) lines.push(`.SS ${group}`, ...rows.flatMap(option));
  lines.push(".SS Values", ...valueForms.flatMap(([name, form]) => tagged(value(name), form)));
  lines.push(
    ".SH EXIT STATUS",
    ...statuses.flatMap(([status, text]) => tagged(prose(status), text)),
    ".PP",
    prose(
      "If the init itself exits with 125, 126 or 127, a message on standard error gives the reason, and `--exit-map` does not change the status.",
    ),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([name, text]) => tagged(bold(name), text)),
    ".SH SIGNALS",
    ...paragraphs(signals),
    ".SH FILES",
    ...files.flatMap(([path, text]) => tagged(`\\fI${path}\\fR`, text)),
    ".SH NOTES",
    ...paragraphs(notes),
    ".SH EXAMPLES",
    ...examples.flatMap(([text, line], at) => [
      ...(at === 0 ? [] : [".PP"]),
      prose(text),
      ".PP",
      ".nf",
      ".RS",
      escaped(line),
      ".RE",
      ".fi",
    ]),
    ".SH SEE ALSO",
    seeAlso.map((page) => page.replace(/^(.*)(\(.\))$/, "\\fB$1\\fR$2")).join(", "),
  );
  return `${lines.join("\n")}\n`;
}
