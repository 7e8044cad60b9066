/**
 * npm run size: who owns the bytes of the static binary, part by part and symbol by symbol, so that
 * the next byte has an owner.
 *
 * Link-time optimisation forgets which file a function came from: its name is looked up in the
 * sources. What was inlined counts where it was inlined to; the core's matrix goes into `take`.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";

/** One part, in bytes of the file. */
export interface Part {
  name: string;
  bytes: number;
  /** Its symbols, the largest first. */
  symbols: { name: string; bytes: number }[];
}

/** The parts, and the size of the file that they add up to. */
export interface Parts {
  file: number;
  parts: Part[];
}

const REST = "headers, literals and padding";
/** What no source of ours defines: the compiler's own, or a library's. */
export const UNKNOWN = "owned by nobody";
const CORE_CODE = "core: code";
const CORE_DATA = "core: tables and texts";

/** Symbols of the file that take room in it: not those that begin as zeroes. */
function symbols(unstripped: string): { name: string; bytes: number }[] {
  const listed = execFileSync("nm", ["-S", "--defined-only", unstripped], { encoding: "utf8" });
  return listed.split("\n").flatMap((line) => {
    const [, size, kind, name] = /^\S+ (\S+) (\w) (\S+)$/.exec(line) ?? [];
    if (size === undefined || kind === undefined || name === undefined) return [];
    if (kind.toLowerCase() === "b" || name === "linear_zero") return [];
    return [{ name, bytes: Number.parseInt(size, 16) }];
  });
}

/** Names that the sources of a folder define, functions and objects alike. */
function definitions(folder: string): (name: string) => boolean {
  const text = readdirSync(folder)
    .filter((name) => /\.[chS]$/.test(name))
    .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
    .join("\n");
  return (name) => new RegExp(`^[^\\n;#/]*\\b${name}\\b *(?:[:(=[]|$)`, "m").test(text);
}

/** Measures a binary and the same with its symbols. */
export function partsOf(stripped: string, unstripped: string): Parts {
  const isShim = definitions("host/shim");
  const isLoop = definitions("host/native");
  const owner = (symbol: string): string => {
    const name = symbol.replace(/\.(?:constprop|lto_priv|isra|part|cold)\b.*$|\.\d+$/, "");
    if (name.startsWith("w2c_") || name === "take") return CORE_CODE;
    if (name.startsWith("linear_")) return CORE_DATA;
    // wasm2c's accesses to the linear memory, each with its check.
    if (/_default32$/.test(name)) return CORE_CODE;
    if (isShim(name)) return "shim";
    if (isLoop(name)) return "loop, fallback and recorder";
    return UNKNOWN;
  };
  const byPart = new Map<string, Part>();
  const add = (part: string, name: string, bytes: number): void => {
    const found = byPart.get(part) ?? { name: part, bytes: 0, symbols: [] };
    found.bytes += bytes;
    found.symbols.push({ name, bytes });
    byPart.set(part, found);
  };
  for (const { name, bytes } of symbols(unstripped)) add(owner(name), name, bytes);
  const file = statSync(stripped).size;
  const known = [...byPart.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  add(REST, REST, file - known);
  const parts = [...byPart.values()].sort((a, b) => b.bytes - a.bytes);
  for (const part of parts) part.symbols.sort((a, b) => b.bytes - a.bytes);
  return { file, parts };
}

function print({ file, parts }: Parts, all: boolean): void {
  const line = (name: string, bytes: number): string =>
    `${name.padEnd(44)} ${`${bytes}`.padStart(7)} ${`${((100 * bytes) / file).toFixed(1)} %`.padStart(7)}\n`;
  for (const { name, bytes, symbols: own } of parts) {
    process.stdout.write(line(name, bytes));
    if (name === REST) continue;
    for (const symbol of own.slice(0, all ? undefined : 5))
      process.stdout.write(line(`  ${symbol.name}`, symbol.bytes));
  }
  process.stdout.write(line("build/wasm-init", file));
}

if (process.argv[1]?.endsWith("tools/check/size.ts") === true)
  print(
    partsOf("build/wasm-init", "build/native/wasm-init.unstripped"),
    process.argv.includes("--all"),
  );
