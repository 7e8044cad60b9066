/** docs/options.md: every option with its values, its default and an example. */
import type { Row, Table } from "../../assembly/options/tables";
import { groups, optionSyntax, wrapped } from "./help";
import { environment, type Reference, referenceOf, syntax, valueForms } from "./reference";

/** Columns of a line of prose. */
const WIDTH = 100;

function option(row: Row, { text, byDefault, example }: Reference, version: string): string[] {
  const lines = ["", `### \`${optionSyntax(row).trim()}\``];
  for (const paragraph of text) lines.push("", ...wrapped(paragraph, WIDTH));
  if (byDefault !== undefined) lines.push("", `Default: \`${byDefault}\`.`);
  return [
    ...lines,
    "",
    "```console",
    `$ ${example.command}`,
    example.prints.replace("{version}", version) + "```",
  ];
}

/** A table in the layout that prettier gives it. */
function grid(head: [string, string], rows: readonly (readonly [string, string])[]): string[] {
  const all = [head, ...rows.map(([name, text]): [string, string] => [`\`${name}\``, text])];
  const [first, second] = [0, 1].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (name: string, text: string) =>
    `| ${name.padEnd(first ?? 0)} | ${text.padEnd(second ?? 0)} |`;
  const rule = `| ${"-".repeat(first ?? 0)} | ${"-".repeat(second ?? 0)} |`;
  const [heading = "", ...body] = all.map(([name, text]) => line(name, text));
  return [heading, rule, ...body];
}

/** The whole page. */
export function optionsPage(table: Table, version: string): string {
  const lines = [
    "# Options",
    "",
    "<!-- Written by `npm run docs`; the texts are in tools/release/reference.ts. -->",
    "",
    "```",
    table.usage,
    "```",
  ];
  for (const paragraph of syntax) lines.push("", ...wrapped(paragraph, WIDTH));
  lines.push("", ...grid(["value", "is written"], valueForms));
  for (const [group, rows] of groups(table)) {
    lines.push("", `## ${group}`, ...rows.flatMap((row) => option(row, referenceOf(row), version)));
  }
  lines.push("", "## Environment");
  for (const [name, text] of environment) lines.push("", ...wrapped(`\`${name}\`: ${text}`, WIDTH));
  return `${lines.join("\n")}\n`;
}
