/** Joins what the pages say with the tests that hold it, and writes docs/promises.md of both. */
import { explanations, type Explanation } from "./explanations";
import { type Marker, markers } from "./markers";
import { pages, type Saying, sayings } from "./pages";

/** One saying, with what holds it. */
export interface Held {
  saying: Saying;
  by: Marker[];
  explanation?: Explanation;
}

/** All pages and all markers, and what does not fit: a line each. */
export interface Promises {
  held: Held[];
  problems: string[];
}

/** Joins them. */
export function joined(
  all: readonly Saying[] = pages.flatMap(sayings),
  marked: readonly Marker[] = markers(),
  explained: readonly Explanation[] = explanations,
): Promises {
  const held = all.map((saying): Held => ({ saying, by: [] }));
  const problems: string[] = [];
  const find = (page: string, quotation: string, from: string): Held[] => {
    const matches = held.filter(({ saying }) => saying.page === page && quotes(saying, quotation));
    const wanted = quotation.startsWith("#") ? matches.length > 0 : matches.length === 1;
    if (!wanted) problems.push(`${from}: '${quotation}' is in ${matches.length} places of ${page}`);
    return wanted ? matches : [];
  };
  for (const marker of marked) {
    for (const one of find(marker.page, marker.quotation, `${marker.file}:${marker.line}`))
      one.by.push(marker);
  }
  for (const explanation of explained) {
    const { page, quotation } = explanation;
    for (const one of find(page, quotation, "tools/check/promises/explanations.ts"))
      one.explanation = explanation;
  }
  for (const { saying, by, explanation } of held) {
    const where = `${saying.page}:${saying.line}: '${saying.text.slice(0, 60)}'`;
    if (by.length === 0 && explanation === undefined) problems.push(`${where}: no test holds it`);
    if (by.length > 0 && explanation !== undefined)
      problems.push(`${where}: a test holds it, and it is explained to need none`);
  }
  return { held, problems };
}

/** An option is named whole: `--stop` is not `--stop-on`. */
function quotes({ page, text, headings }: Saying, quotation: string): boolean {
  if (quotation.startsWith("#")) return headings.includes(quotation);
  if (page !== "--help") return text.includes(quotation);
  const [names = ""] = text.split("`: ");
  return names.split(/[`,\s=[\]]+/).includes(quotation);
}

/** The page. */
export function promisesPage({ held }: Promises): string {
  const lines = [
    "# Promises",
    "",
    "What the pages say, row by row, and the tests that hold it. Made by `npm run promises` of the",
    "markers in the tests; a test compares.",
  ];
  for (const page of pages) {
    const promised = held.filter(({ saying, by }) => saying.page === page && by.length > 0);
    if (promised.length === 0) continue;
    const name = page === "--help" ? "`--help` and the man page" : `[${page}](${fromDocs(page)})`;
    lines.push("", `## ${name}`, "");
    for (const { saying, by } of promised) {
      lines.push(`- ${shortened(saying.text)}`);
      for (const { file, title } of by) lines.push(`  - [${file}](../${file}): ${title}`);
    }
  }
  const explained = held.filter(({ explanation }) => explanation !== undefined);
  if (explained.length > 0) {
    lines.push("", "## Held by no test", "", "For these reasons:", "");
    for (const { saying, explanation } of explained)
      lines.push(`- ${saying.page}: ${shortened(saying.text)}`, `  - ${explanation?.why}`);
  }
  return `${lines.join("\n")}\n`;
}

function fromDocs(page: string): string {
  return page.startsWith("docs/") ? page.slice("docs/".length) : `../${page}`;
}

/** Long enough to be found on its page; links are left out, since they lead from there. */
function shortened(text: string): string {
  const plain = text.replace(/^[-*] /, "").replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
  if (plain.length <= 160) return plain;
  const cut = plain.slice(0, 157).replace(/\s+\S*$/, "");
  // A span of code that is cut open would swallow the rest.
  return `${cut}${(cut.match(/`/g) ?? []).length % 2 === 1 ? "`" : ""} ...`;
}
