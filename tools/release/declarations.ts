/**
 * Writes the types of a module into one .d.ts file that stands alone: what its exports need, from
 * whatever source file, without what they don't, and without the compiler's own number types.
 */
import { dirname, resolve } from "node:path";
import ts from "typescript";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  types: ["node", "assemblyscript/std/types/portable/index.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
};

/** The declarations of each module, by the path of its source. */
export function declarations(paths: readonly string[]): Map<string, string> {
  const emitted = emit(paths);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (path) => emitted.get(path) ?? readFile(path);
  const exists = host.fileExists.bind(host);
  host.fileExists = (path) => emitted.has(path) || exists(path);
  const standard = host.getSourceFile.bind(host);
  host.getSourceFile = (path, language) => {
    const text = emitted.get(path);
    return text === undefined
      ? standard(path, language)
      : ts.createSourceFile(path, text, language, true);
  };
  host.resolveModuleNameLiterals = (literals, from, _, compilerOptions) =>
    literals.map(({ text }) => {
      const path = text.startsWith(".") ? declarationOf(resolve(dirname(from), text)) : "";
      if (!emitted.has(path)) return ts.resolveModuleName(text, from, compilerOptions, host);
      const resolvedModule = { resolvedFileName: path, extension: ts.Extension.Dts };
      return { resolvedModule };
    });
  const roots = paths.map((path) => declarationOf(resolve(path)));
  const program = ts.createProgram(roots, { ...options, noEmit: true }, host);
  complain(ts.getPreEmitDiagnostics(program));
  return new Map(
    paths.map((path) => [path, new RollUp(program, emitted).of(declarationOf(resolve(path)))]),
  );
}

function declarationOf(path: string): string {
  return `${path.replace(/(\.d)?\.ts$/, "")}.d.ts`;
}

/** The compiler's declarations, file by file, as if each stood beside its source. */
function emit(paths: readonly string[]): Map<string, string> {
  const emitted = new Map<string, string>();
  const ambient = resolve("host/wasm/wasm.d.ts");
  const program = ts.createProgram([...paths.map((path) => resolve(path)), ambient], options);
  complain(ts.getPreEmitDiagnostics(program));
  program.emit(undefined, (path, text) => emitted.set(resolve(path), text), undefined, true);
  return emitted;
}

function complain(found: readonly ts.Diagnostic[]): void {
  if (found.length === 0) return;
  const host = {
    getCanonicalFileName: (path: string) => path,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => "\n",
  };
  throw new Error(ts.formatDiagnostics(found, host));
}

/** A declaration at the top level of one of the files. */
type Top = ts.DeclarationStatement | ts.VariableStatement;

class RollUp {
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;
  readonly #emitted: Map<string, string>;
  readonly #names = new Map<ts.Symbol, string>();
  readonly #tops = new Set<Top>();

  constructor(program: ts.Program, emitted: Map<string, string>) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
    this.#emitted = emitted;
  }

  of(path: string): string {
    const file = this.#program.getSourceFile(path);
    const module = file && this.#checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${path} exports nothing`);
    const exported = this.#checker.getExportsOfModule(module);
    // What is exported keeps its name, whoever else has it.
    for (const symbol of exported) this.#names.set(this.#target(symbol), symbol.name);
    for (const symbol of exported) this.#need(this.#target(symbol));
    const texts = [...this.#tops].map((top) => this.#print(top));
    const names = exported.map((symbol) => symbol.name).sort();
    return `${texts.join("\n")}\nexport { ${names.join(", ")} };\n`;
  }

  #target(symbol: ts.Symbol): ts.Symbol {
    const alias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    return alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The declarations of a symbol at the top level of our files; none for all other symbols. */
  #topsOf(symbol: ts.Symbol): Top[] {
    return (symbol.declarations ?? []).flatMap((declaration) => {
      let node: ts.Node = declaration;
      if (ts.isVariableDeclaration(node)) node = node.parent.parent;
      const top = ts.isSourceFile(node.parent) && this.#emitted.has(node.getSourceFile().fileName);
      return top ? [node as Top] : [];
    });
  }

  #need(symbol: ts.Symbol): void {
    for (const top of this.#topsOf(symbol)) {
      if (!this.#names.has(symbol)) this.#names.set(symbol, this.#freeName(symbol.name));
      if (this.#tops.has(top)) continue;
      this.#tops.add(top);
      this.#visit(top, (reference) => this.#need(reference));
    }
  }

  #freeName(name: string): string {
    const taken = new Set(this.#names.values());
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}${i}`;
    return free;
  }

  /** Calls back with every symbol that a node refers to, and where. */
  #visit(node: ts.Node, found: (symbol: ts.Symbol, at: ts.Node) => void): void {
    if (ts.isImportTypeNode(node)) throw new Error(`name the type of ${node.parent.getText()}`);
    if (ts.isIdentifier(node)) {
      const symbol = this.#checker.getSymbolAtLocation(node);
      if (symbol) found(this.#target(symbol), node);
      return;
    }
    ts.forEachChild(node, (child) => this.#visit(child, found));
  }

  #print(top: Top): string {
    const file = top.getSourceFile();
    const cuts: { from: number; to: number; text: string }[] = [];
    for (const modifier of ts.canHaveModifiers(top) ? (ts.getModifiers(top) ?? []) : []) {
      const kinds = [ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DeclareKeyword];
      if (kinds.includes(modifier.kind))
        cuts.push({ from: modifier.getStart(), to: modifier.end + 1, text: "" });
    }
    const isType = ts.isInterfaceDeclaration(top) || ts.isTypeAliasDeclaration(top);
    const start = cuts.at(-1)?.to ?? top.getStart();
    if (!isType) cuts.push({ from: start, to: start, text: "declare " });
    this.#visit(top, (symbol, at) => {
      const text = this.#names.get(symbol) ?? this.#numberType(symbol);
      if (text !== undefined && text !== at.getText())
        cuts.push({ from: at.getStart(), to: at.end, text });
    });
    const comment = ts.getLeadingCommentRanges(file.text, top.getFullStart())?.at(-1);
    const documented = comment && file.text.slice(comment.pos, comment.pos + 3) === "/**";
    const from = documented ? comment.pos : top.getStart();
    let printed = "";
    let at = from;
    for (const cut of cuts.sort((one, other) => one.from - other.from)) {
      printed += file.text.slice(at, cut.from) + cut.text;
      at = cut.to;
    }
    return printed + file.text.slice(at, top.end);
  }

  /** AssemblyScript's `i32` and its kin are numbers to a user. */
  #numberType(symbol: ts.Symbol): string | undefined {
    if ((symbol.flags & ts.SymbolFlags.TypeAlias) === 0) return undefined;
    const [declaration] = symbol.declarations ?? [];
    if (!declaration?.getSourceFile().fileName.includes("/assemblyscript/std/")) return undefined;
    return this.#checker.typeToString(this.#checker.getDeclaredTypeOfSymbol(symbol));
  }
}

if (process.argv[1]?.endsWith("declarations.ts"))
  for (const text of declarations(process.argv.slice(2)).values()) process.stdout.write(text);
