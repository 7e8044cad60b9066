// npm start, in this very checkout.
import { statSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { npmStart } from "../support/npm.ts";
import { root } from "../support/paths.ts";

function productTimes(): number[] {
  const products = ["build/wasm-init", "build/core.wasm", "build/core.debug.wasm"];
  return products.map((product) => statSync(`${root}/${product}`).mtimeMs);
}

describe("npm start", () => {
  // The first start may have to build.
  beforeAll(() => {
    expect(npmStart(["true"]).status).toBe(0);
  });

  test("prints what the command prints, and nothing else, and has its status", () => {
    const ended = npmStart(["sh", "-c", "echo hello; exit 7"]);
    expect(ended).toEqual({ status: 7, stdout: "hello\n", stderr: "" });
  });

  test("does not build again what has not changed", () => {
    const before = productTimes();
    const started = performance.now();
    expect(npmStart(["true"])).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(productTimes()).toEqual(before);
    // A quarter of a second on an idle machine; a build takes longer than this bound.
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("gives the command its words unchanged, whatever bytes a shell would mind", () => {
    const words = [
      "two words",
      `'single' "double" \`back\``,
      "a\nnew line",
      "$HOME $(id) ${PATH} \\ \\\\ \\n",
      "*",
      "~",
      "; exit 3 #",
      "",
      "--",
      "-v",
      "ünï→",
    ];
    const { status, stdout } = npmStart(["printf", "%s\\0", ...words]);
    expect(stdout.split("\0").slice(0, -1)).toEqual(words);
    expect(status).toBe(0);
  });

  test("leaves standard input to the command", () => {
    expect(npmStart(["cat"], "for the command\n").stdout).toBe("for the command\n");
  });

  test("passes options before the command on to the init", () => {
    const { status, stdout } = npmStart(["--version"]);
    expect(stdout).toContain("wasm-init");
    expect(status).toBe(0);
  });
});
