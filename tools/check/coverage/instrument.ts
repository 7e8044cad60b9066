/** Counts in the core's own source which statements run and which branches are taken. */
import ts from "typescript";

/** One way that the source can go. */
export interface Branch {
  file: string;
  line: number;
  /** `then`, `else`, `?`, `:`, `case`, `default`, or the operator whose right side is looked at. */
  way: string;
  /** The line itself. */
  text: string;
}

/** What is counted: at a place's index is its counter. */
export interface Places {
  /** The line that the statement begins on, or what the branch is. */
  list: ({ file: string; line: number } | Branch)[];
}

/** Files without decisions: tables, numbers and texts. */
const plain = /\/(abi|messages|options\/tables)\.ts$/;

/** The source with calls of hit() before statements and in branches; `places` learns of them. */
export function instrumented(path: string, name: string, source: string, places: Places): string {
  if (plain.test(path)) return source;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true);
  const opening = new Map<number, string>();
  const closing = new Map<number, string>();
  const open = (at: number, text: string) => opening.set(at, (opening.get(at) ?? "") + text);
  const close = (at: number, text: string) => closing.set(at, (closing.get(at) ?? "") + text);
  const lines = source.split("\n");

  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart()).line;
  const count = (node: ts.Node, way?: string): string => {
    const line = lineOf(node);
    const text = lines[line]?.trim() ?? "";
    places.list.push({ file: name, line: line + 1, ...(way === undefined ? {} : { way, text }) });
    return `hit(${places.list.length - 1})`;
  };
  /** A statement that a branch consists of. */
  const branch = (node: ts.Statement, of: ts.Node, way: string) => {
    if (ts.isBlock(node)) open(node.getStart() + 1, `${count(of, way)};`);
    else open(node.getStart(), `{${count(of, way)};${count(node)};`);
  };
  const branchEnd = (node: ts.Statement) => {
    if (!ts.isBlock(node)) close(node.end, "}");
  };
  const operand = (node: ts.Expression, of: ts.Node, way: string) =>
    open(node.getStart(), `(${count(of, way)},`);

  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isCaseOrDefaultClause(node))
      for (const statement of node.statements) open(statement.getStart(), `${count(statement)};`);
    if (ts.isIfStatement(node)) {
      branch(node.thenStatement, node, "then");
      if (node.elseStatement !== undefined) branch(node.elseStatement, node, "else");
    } else if (ts.isIterationStatement(node, false)) {
      branch(node.statement, node, "loop");
    } else if (ts.isConditionalExpression(node)) {
      operand(node.whenTrue, node, "?");
      operand(node.whenFalse, node, ":");
    } else if (isShortcut(node)) {
      operand(node.right, node.right, node.operatorToken.getText());
    } else if (ts.isCaseOrDefaultClause(node) && node.statements.length > 0) {
      const way = ts.isCaseClause(node) ? "case" : "default";
      open(node.statements[0]!.getStart(), `${count(node, way)};`);
    }
    ts.forEachChild(node, visit);
    if (ts.isIfStatement(node)) {
      branchEnd(node.thenStatement);
      if (node.elseStatement !== undefined) branchEnd(node.elseStatement);
      else close(node.thenStatement.end, ` else {${count(node, "else")};}`);
    } else if (ts.isIterationStatement(node, false)) {
      branchEnd(node.statement);
    } else if (ts.isConditionalExpression(node)) {
      close(node.whenTrue.end, ")");
      close(node.whenFalse.end, ")");
    } else if (isShortcut(node)) {
      close(node.right.end, ")");
    } else if (ts.isCaseBlock(node) && !node.clauses.some(ts.isDefaultClause)) {
      close(node.end - 1, `default: {${count(node.parent, "default")};}`);
    }
  };
  for (const statement of file.statements)
    if (ts.isFunctionDeclaration(statement) && statement.body !== undefined) visit(statement.body);

  let result = 'import { hit } from "hits";';
  for (let at = 0; at <= source.length; at++)
    result += (closing.get(at) ?? "") + (opening.get(at) ?? "") + (source[at] ?? "");
  return result;
}

function isShortcut(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      node.operatorToken.kind === ts.SyntaxKind.BarBarToken)
  );
}
