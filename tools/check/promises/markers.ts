/**
 * Markers in the tests: a comment above a test or a describe that quotes what it holds.
 *
 *   // Promise: docs/shutdown.md: the quoted words, as they stand on the page
 *   test("...", ...)
 *
 * The quotation is any part of one row, bullet or paragraph of the page that is in no other; or a
 * heading, `## The stop plan`, for all that stands below it; of `--help`, the option.
 */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

/** One marker, with the test that it stands above. */
export interface Marker {
  file: string;
  line: number;
  page: string;
  quotation: string;
  /** Title of the test or describe, or of what makes one. */
  title: string;
}

const MARKER = /^\/\/ Promise: (\S+): (.+)$/;
const ABOVE = new Set(["test", "it", "describe", "claim", "testComparisons"]);

/** Every marker of every test. Throws for one that stands above no test. */
export function markers(folder = "test"): Marker[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .flatMap((name) => markersIn(`${folder}/${name}`));
}

/** The markers of one file. */
export function markersIn(file: string, text = readFileSync(file, "utf8")): Marker[] {
  if (!text.includes("// Promise: ")) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Marker[] = [];
  const visit = (node: ts.Node): void => {
    const title = titleOf(node);
    if (title !== undefined) found.push(...markersAbove(node, title, source, file));
    ts.forEachChild(node, visit);
  };
  visit(source);
  const written = text.split("\n").filter((line) => line.trim().startsWith("// Promise: ")).length;
  if (written !== found.length)
    throw new Error(`${file}: ${written - found.length} markers stand above no test`);
  return found;
}

function markersAbove(node: ts.Node, title: string, source: ts.SourceFile, file: string): Marker[] {
  const text = source.text;
  return (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).flatMap(({ pos, end }) => {
    const match = MARKER.exec(text.slice(pos, end));
    if (match === null) return [];
    const [, page = "", quotation = ""] = match;
    const line = source.getLineAndCharacterOfPosition(pos).line + 1;
    return [{ file, line, page, quotation: quotation.trim(), title }];
  });
}

/** Of `test("...", ...)`, `describe.each(...)("...", ...)` and their like: the title. */
function titleOf(node: ts.Node): string | undefined {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return undefined;
  let callee: ts.Expression = node.expression.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee))
    callee = callee.expression;
  if (!ts.isIdentifier(callee) || !ABOVE.has(callee.text)) return undefined;
  const [title] = node.expression.arguments;
  if (title === undefined) return undefined;
  return ts.isStringLiteralLike(title) ? title.text : title.getText().replace(/^`|`$/g, "");
}
