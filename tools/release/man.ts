/** The man page wasm-init(1), from the option table that --help is made from. */
import type { Row, Table } from "../../assembly/options/tables";
import { groups } from "./help";

/** Keeps roff from reading a hyphen as a typographic one, or a leading dot as a request. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");
}

function option(row: Row): string[] {
  const names = [];
  if (row.short !== undefined) names.push(`\\fB\\-${row.short}\\fR`);
  if (row.long !== undefined) names.push(`\\fB\\-\\-${escaped(row.long)}\\fR`);
  const value = row.value === undefined ? "" : `\\fI${escaped(row.value)}\\fR`;
  const given = value === "" ? "" : row.optional === true ? `[=${value}]` : ` ${value}`;
  return [".TP", names.join(", ") + given, escaped(row.help)];
}

/** The page in roff; `date` is of the form 2026-01-31. */
export function manPage(table: Table, version: string, date: string): string {
  const lines = [
    `.TH WASM-INIT 1 ${date} "wasm-init ${version}" "User Commands"`,
    ".SH NAME",
    "wasm\\-init \\- container init that forwards signals and reaps zombies",
    ".SH SYNOPSIS",
    `.B ${escaped(table.usage)}`,
    ".SH DESCRIPTION",
    "Starts COMMAND, forwards signals to it, reaps every process that it adopts,",
    "and ends with the status of COMMAND.",
    "Options end at COMMAND or at \\fB\\-\\-\\fR.",
    "Called by the name of dumb\\-init, tini, docker\\-init or catatonit,",
    "it speaks that command line.",
    ".SH OPTIONS",
  ];
  for (const [group, rows] of groups(table)) lines.push(`.SS ${group}`, ...rows.flatMap(option));
  lines.push(".SH NOTES", ...table.notes.map(escaped));
  return `${lines.join("\n")}\n`;
}
