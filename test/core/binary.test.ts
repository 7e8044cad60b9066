// What the compiled core is: a file that needs nothing, and is the same whenever it is built.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import wabt from "wabt";
import { ABI_VERSION } from "../../assembly/abi";
import { Core } from "../../host/wasm/core.ts";
import { abiHeader } from "../../tools/build/abi_header";
import { compileCore } from "../../tools/build/core";
import { coreBytes, type Flavour, flavours } from "../support/cores.ts";
import { root, testBuild } from "../support/paths.ts";

const texts = new Map<Flavour, string>();

beforeAll(async () => {
  const { readWasm } = await wabt();
  for (const flavour of flavours) {
    const module = readWasm(coreBytes(flavour), { readDebugNames: false });
    texts.set(flavour, module.toText({}));
    module.destroy();
  }
});

describe.each(flavours)("the %s core", (flavour) => {
  const module = new WebAssembly.Module(coreBytes(flavour));

  test("imports nothing", () => {
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });

  test("never grows its memory, and keeps nothing outside it", () => {
    const text = texts.get(flavour) ?? "";
    const found = (pattern: RegExp) => pattern.exec(text)?.[0];
    expect(found(/\(memory .*\)/)).toBe("(memory (;0;) 1 1)");
    expect(found(/memory\.grow/)).toBeUndefined();
    expect(found(/\(global .*\(mut .*/)).toBeUndefined();
    expect(found(/\(start .*/)).toBeUndefined();
  });

  test("starts the same each time that it is instantiated", () => {
    expect(Core.of(module).hash(0)).toBe(Core.of(coreBytes(flavour)).hash(0));
  });

  test("speaks the version of the ABI that the hosts are written for", () => {
    const { exports } = new WebAssembly.Instance(module);
    expect((exports["ABI_VERSION"] as WebAssembly.Global).value).toBe(ABI_VERSION);
  });
});

test("abi.h is what the built core's constants make", () => {
  const header = abiHeader(new WebAssembly.Module(coreBytes("release")));
  expect(readFileSync(`${root}host/shim/abi.h`, "utf8")).toBe(header);
});

test("a core of another version of the ABI is refused", async () => {
  const { parseWat } = await wabt();
  const wat = `(module (memory (export "memory") 1) (global (export "ABI_VERSION") i32 (i32.const 9)))`;
  const { buffer } = parseWat("other.wat", wat).toBinary({});
  expect(() => Core.of(new Uint8Array(buffer))).toThrow(/version 9 .*expected 2/);
});

describe("a build", () => {
  mkdirSync(testBuild, { recursive: true });
  const folder = mkdtempSync(`${testBuild}/cores-`);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

  test.each(flavours)("makes the same %s core, to the bit, each time", (flavour) => {
    // By the same name: the debug core holds that of its source map.
    const path = `${folder}/core${flavour === "debug" ? ".debug" : ""}.wasm`;
    compileCore(path, flavour);
    expect(sha256(readFileSync(path))).toBe(sha256(coreBytes(flavour)));
  });
});
