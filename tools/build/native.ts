/**
 * Translates the core to C by wasm2c and links it, with the shim and the loop, into one static
 * binary without a C library.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { coldEnd } from "./texts";

/** Where wasm2c's output lies. */
const ownFolder = "build/native";

/** Optimised for size; what is not reached is not linked; no tables for unwinding. */
const cflags = [
  "-std=c11",
  "-Oz",
  "-DNDEBUG",
  "-ffreestanding",
  "-fno-stack-protector",
  "-fno-asynchronous-unwind-tables",
  "-fno-unwind-tables",
  "-fno-pic",
  "-fno-pie",
  "-fomit-frame-pointer",
  "-fno-ident",
  "-flto",
  "-frandom-seed=wasm-init",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-math-errno",
  "-fmerge-all-constants",
];

const ldflags = [
  "-static",
  "-no-pie",
  "-nostdlib",
  "-flto",
  "-fwhole-program",
  "-Wl,--gc-sections",
  "-Wl,-z,noseparate-code",
  // Data follows code in the file without padding: the page that both share is mapped twice.
  "-Wl,-z,common-page-size=64",
  "-Wl,-z,norelro",
  "-Wl,-z,noexecstack",
  "-Wl,--build-id=none",
  "-Wl,-T,host/native/linear.ld",
];

export interface NativeOptions {
  /** The core traps on purpose. */
  trap?: boolean;
  /** Compiler of another architecture. */
  compiler?: string;
  /** Folder of what is made on the way; builds of several architectures need one each. */
  folder?: string;
  /** Sources in place of the shim and the loop: another program around the same core. */
  around?: readonly string[];
}

/** Builds the static binary from a core. */
export function buildNative(core: string, binary: string, options: NativeOptions = {}): void {
  const folder = options.folder ?? ownFolder;
  mkdirSync(folder, { recursive: true });
  const image = initialContents(readFileSync(core));
  writeFileSync(join(folder, "linear.c"), linearSource(image));
  translate(core, folder);
  writeFileSync(join(folder, "digest.c"), digestSource(readFileSync(core)));
  const unstripped = join(folder, `${basename(binary)}.unstripped`);
  const compiler = options.compiler ?? "gcc";
  const around = options.around ?? [...cFiles("host/shim"), ...cFiles("host/native")];
  const sources = [...around, ...cFiles(folder)];
  const defines = options.trap === true ? ["-DPLANTED_TRAP"] : [];
  execFileSync(
    compiler,
    [
      ...cflags,
      ...architectureFlags(compiler),
      ...defines,
      `-I${folder}`,
      "-Ihost/shim",
      "-Ihost/native",
      ...sources,
      ...ldflags,
      `-Wl,--defsym=linear_cold_size=${coldEnd(image)}`,
      "-lgcc",
      `-Wl,-Map,${join(folder, `${basename(binary)}.map`)}`,
      "-o",
      unstripped,
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  execFileSync(tool(compiler, "strip"), [
    "-s",
    "-R",
    ".comment",
    "-o",
    `${binary}.new`,
    unstripped,
  ]);
  dropSections(`${binary}.new`);
  chmodSync(`${binary}.new`, 0o755);
  // In one step: a running binary can't be written to, and a test must not meet half a file.
  renameSync(`${binary}.new`, binary);
}

/**
 * Cuts the section headers off, which only debuggers read: the kernel goes by the program headers
 * (elf(5)), and the file ends with what the last of them loads.
 */
function dropSections(path: string): void {
  const file = readFileSync(path);
  const wide = file[4] === 2;
  const big = file[5] === 2;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const half = (at: number) => view.getUint16(at, !big);
  const word = (at: number) =>
    wide ? Number(view.getBigUint64(at, !big)) : view.getUint32(at, !big);
  const table = word(wide ? 32 : 28);
  const size = half(wide ? 54 : 42);
  const count = half(wide ? 56 : 44);
  let end = table + size * count;
  for (let header = table; header < table + size * count; header += size) {
    const loaded = word(header + (wide ? 8 : 4)) + word(header + (wide ? 32 : 16));
    end = Math.max(end, loaded);
  }
  file.fill(0, wide ? 40 : 32, wide ? 48 : 36);
  file.fill(0, wide ? 58 : 46, wide ? 64 : 52);
  writeFileSync(path, file.subarray(0, end));
}

/** Flags that one architecture alone has. */
function architectureFlags(compiler: string): string[] {
  const is = (prefix: string, own: string) =>
    compiler.startsWith(prefix) || (compiler === "gcc" && process.arch === own);
  // Small variables in sections of their own would come between the halves of the linear memory.
  if (is("riscv", "riscv64")) return ["-msmall-data-limit=0"];
  // All addresses are within a megabyte: one instruction makes each, where it would take two.
  if (is("aarch64", "arm64")) return ["-mcmodel=tiny"];
  return [];
}

/** `strip` that belongs to a compiler: `aarch64-linux-gnu-gcc` to `aarch64-linux-gnu-strip`. */
function tool(compiler: string, name: string): string {
  return compiler.replace(/gcc$/, name);
}

function cFiles(path: string): string[] {
  return readdirSync(path)
    .filter((name) => /\.[cS]$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** What the linear memory holds when the core is instantiated, up to the last byte that is not 0. */
function initialContents(core: Uint8Array<ArrayBuffer>): Uint8Array {
  const { memory } = new WebAssembly.Instance(new WebAssembly.Module(core)).exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("the core exports no memory");
  const bytes = new Uint8Array(memory.buffer);
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

/** C source of the linear memory. */
function linearSource(image: Uint8Array): string {
  return [
    '#include "linear.h"',
    "#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__",
    `static const uint8_t image[] = {${image.join(",")}};`,
    "uint8_t linear[LINEAR_SIZE];",
    "void linear_load(void) {",
    "  for (uint32_t i = 0; i < sizeof image; i++) *linear_byte(i) = image[i];",
    "}",
    "#else",
    `__attribute__((section(".linear.image"), used, aligned(16))) uint8_t linear_image[] = {${image.join(",")}};`,
    `__attribute__((section(".linear.zero"), used, aligned(1))) uint8_t linear_zero[LINEAR_SIZE - sizeof linear_image];`,
    "#endif",
    "",
  ].join("\n");
}

/** C source of the linear memory as a plain array, for builds without the linker script. */
export function plainLinearSource(core: Uint8Array<ArrayBuffer>): string {
  const image = initialContents(core).join(",");
  return `#include "linear.h"\nuint8_t linear[LINEAR_SIZE] = {${image}};\n`;
}

/** C source of the core's sha256, by which a trace names the core that made it. */
function digestSource(core: Uint8Array): string {
  const digest = createHash("sha256").update(core).digest();
  return `#include "record.h"\nconst uint8_t core_sha256[32] = {${[...digest].join(",")}};\n`;
}

/** wasm2c, and its macros turned to the one static memory. */
function translate(wasm: string, folder: string): void {
  const c = join(folder, "translated.c");
  execFileSync(
    process.execPath,
    ["node_modules/wabt/bin/wasm2c", wasm, "-n", "core", "--no-debug-names", "-o", c],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  let source = readFileSync(c, "utf8");
  source = replaced(source, /&\(\(mem\)->data\[addr\]\)/g, "&linear[addr]");
  source = replaced(
    source,
    /\(\(mem\)->data_end - \(addr\) - \(n\)\)/g,
    "&linear[LINEAR_SIZE - (addr) - (n)]",
  );
  source = replaced(source, /\(?mem\)?->size/g, "LINEAR_SIZE");
  source = replaced(source, /#include <(alloca|assert|math|string)\.h>\n/g, "");
  // Tables, which the core has none of, and the copying of initial contents, which the linker did.
  source = replaced(source, /typedef enum \{ RefFunc[\s\S]*?(?=#if defined\(__GNUC__\))/, "");
  source = replaced(source, /static void init_memories[\s\S]*?\n\}\n/, "");
  source = replaced(source, /void wasm2c_core_free[\s\S]*?\n\}\n/, "");
  source = replaced(source, /void wasm2c_core_instantiate[\s\S]*?\n\}\n/, "");
  source = replaced(
    source,
    '#include "translated.h"',
    '#include "translated.h"\n#include "linear.h"',
  );
  writeFileSync(c, source);
}

function replaced(source: string, what: RegExp | string, by: string): string {
  const result = source.replace(what, by);
  if (result === source) throw new Error(`wasm2c's output has no ${String(what)}`);
  return result;
}
