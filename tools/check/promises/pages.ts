/** What the pages say, cut into what can each be held by a test: a row, a bullet, a paragraph. */
import { existsSync, readFileSync } from "node:fs";
import { tables } from "../../../assembly/options/tables";
import { optionSyntax } from "../../release/help";

/** One thing that a page says. */
export interface Saying {
  page: string;
  /** 1 for the first line of the page. */
  line: number;
  /** On one line, Markdown as it stands. */
  text: string;
  /** The headings that it stands under, the page's first. */
  headings: string[];
}

/** The pages that are read; `--help` stands for the man page too, which comes from the same table. */
export const pages = [
  "README.md",
  "--help",
  "SECURITY.md",
  "docs/architectures.md",
  "docs/compatibility.md",
  "docs/containers.md",
  "docs/hosts.md",
  "docs/migrating.md",
  "docs/node.md",
  "docs/reliability.md",
  "docs/replay.md",
  "docs/shutdown.md",
  "docs/terminals.md",
  "docs/trace-format.md",
];

/** Everything that a page says, in order. */
export function sayings(page: string): Saying[] {
  if (page === "--help") return helpSayings();
  if (!existsSync(page)) return [];
  return markdownSayings(page, readFileSync(page, "utf8"));
}

function helpSayings(): Saying[] {
  const own = tables.find(({ name }) => name === "Own");
  return (own?.rows ?? []).map((row, index) => ({
    page: "--help",
    line: index + 1,
    text: `\`${optionSyntax(row).trim()}\`: ${row.help}`,
    headings: [],
  }));
}

const TABLE_RULE = /^\|[\s|:-]+\|$/;
const BULLET = /^\s*(?:[-*]|\d+\.)\s/;

/** Headings, blocks of code and lines that are links alone promise nothing. */
export function markdownSayings(page: string, text: string): Saying[] {
  const found: Saying[] = [];
  const lines = text.split("\n");
  let fenced = false;
  let open: Saying | undefined;
  let headings: string[] = [];
  lines.forEach((line, index) => {
    if (/^\s*```/.test(line)) fenced = !fenced;
    const [heading, level] = fenced ? [] : (/^(#+) .+$/.exec(line) ?? []);
    if (heading !== undefined && level !== undefined)
      headings = [...headings.slice(0, level.length - 1), heading];
    if (fenced || /^\s*(?:```|#|$)/.test(line)) {
      open = undefined;
    } else if (line.startsWith("|")) {
      open = undefined;
      const isHeading = TABLE_RULE.test(lines[index + 1] ?? "");
      if (!isHeading && !TABLE_RULE.test(line))
        found.push({ page, line: index + 1, text: cellsOf(line), headings });
    } else if (open === undefined || BULLET.test(line)) {
      open = { page, line: index + 1, text: line.trim(), headings };
      found.push(open);
    } else {
      open.text += ` ${line.trim()}`;
    }
  });
  return found;
}

function cellsOf(row: string): string {
  const cells = row.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim()).join(" · ");
}
