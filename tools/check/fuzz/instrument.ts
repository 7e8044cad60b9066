/** Counts how often each branch of some TypeScript files is taken: an esbuild plugin. */
import type { Plugin } from "esbuild";
import { readFileSync } from "node:fs";
import ts from "typescript";

/** The name of the global array of counters, one byte for each branch. */
export const COUNTERS = "__branches";

/** Instruments the files whose paths match; `found` learns how many branches there are. */
export function counting(files: RegExp, found: { branches: number }): Plugin {
  return {
    name: "counting",
    setup(build) {
      build.onLoad({ filter: files }, ({ path }) => {
        const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
          fileName: path,
          compilerOptions: {
            target: ts.ScriptTarget.ES2022,
            module: ts.ModuleKind.ESNext,
            verbatimModuleSyntax: true,
          },
          transformers: { before: [counter(found)] },
        });
        return { contents: outputText, loader: "js" };
      });
    },
  };
}

function counter(found: { branches: number }): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context;
    const count = (): ts.Expression =>
      factory.createPostfixIncrement(
        factory.createElementAccessExpression(
          factory.createIdentifier(COUNTERS),
          factory.createNumericLiteral(found.branches++),
        ),
      );
    const counted = (expression: ts.Expression): ts.Expression =>
      factory.createParenthesizedExpression(
        factory.createBinaryExpression(count(), ts.SyntaxKind.CommaToken, expression),
      );
    const statement = () => factory.createExpressionStatement(count());
    const block = (one: ts.Statement): ts.Block =>
      ts.isBlock(one)
        ? factory.updateBlock(one, [statement(), ...one.statements])
        : factory.createBlock([statement(), one]);
    const visit = (node: ts.Node): ts.Node => {
      const seen = ts.visitEachChild(node, visit, context);
      if (ts.isIfStatement(seen)) {
        const otherwise = seen.elseStatement ?? factory.createBlock([]);
        const then = block(seen.thenStatement);
        return factory.updateIfStatement(seen, seen.expression, then, block(otherwise));
      }
      if (ts.isConditionalExpression(seen)) {
        const { condition, questionToken, whenTrue, colonToken, whenFalse } = seen;
        const [yes, no] = [counted(whenTrue), counted(whenFalse)];
        return factory.updateConditionalExpression(
          seen,
          condition,
          questionToken,
          yes,
          colonToken,
          no,
        );
      }
      if (ts.isBinaryExpression(seen) && isShortcut(seen.operatorToken.kind))
        return factory.updateBinaryExpression(
          seen,
          seen.left,
          seen.operatorToken,
          counted(seen.right),
        );
      if (ts.isCaseOrDefaultClause(seen)) {
        const statements = [statement(), ...seen.statements];
        return ts.isCaseClause(seen)
          ? factory.updateCaseClause(seen, seen.expression, statements)
          : factory.updateDefaultClause(seen, statements);
      }
      if (ts.isFunctionDeclaration(seen) && seen.body !== undefined) {
        const { modifiers, asteriskToken, name, typeParameters, parameters, type, body } = seen;
        return factory.updateFunctionDeclaration(
          seen,
          modifiers,
          asteriskToken,
          name,
          typeParameters,
          parameters,
          type,
          block(body),
        );
      }
      return seen;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

function isShortcut(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
