/** --help of a command line, from its option table: grouped, within 80 columns. */
import type { Row, Table } from "../../assembly/options/tables";

const widest = 80;

/** How an option is written, with its placeholder: `-r, --rewrite FROM:TO`. */
export function optionSyntax(row: Row): string {
  const names = [];
  if (row.short !== undefined) names.push(`-${row.short}`);
  if (row.long !== undefined) names.push(`--${row.long}`);
  const value = row.value === undefined ? "" : row.optional ? `[=${row.value}]` : ` ${row.value}`;
  const indent = row.short === undefined ? "    " : "";
  return `${indent}${names.join(", ")}${value}`;
}

/** A text in lines of at most so many characters, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The groups of a table, in order. */
export function groups(table: Table): [string, Row[]][] {
  const names = [...new Set(table.rows.map((row) => row.group))];
  return names.map((name) => [name, table.rows.filter((row) => row.group === name)]);
}

/** The whole text; throws if a line would be wider than a terminal. */
export function helpText(table: Table): string {
  const width = Math.max(...table.rows.map((row) => optionSyntax(row).length));
  const lines = [`Usage: ${table.usage}`];
  for (const [group, rows] of groups(table)) {
    lines.push("", `${group}:`);
    for (const row of rows) {
      const [first = "", ...more] = wrapped(row.help, widest - width - 3);
      lines.push(` ${optionSyntax(row).padEnd(width)}  ${first}`);
      for (const line of more) lines.push(" ".repeat(width + 3) + line);
    }
  }
  lines.push("", ...table.notes);
  for (const line of lines) {
    if (line.length > widest) throw new Error(`--help is wider than ${widest}: ${line}`);
  }
  return `${lines.join("\n")}\n`;
}
