// docs/options.md is written from the option table, and each of its examples does what it shows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tables } from "../../assembly/options/tables.ts";
import { optionsPage } from "../../tools/release/options.ts";
import { binary, root } from "../support/paths.ts";

const [own] = tables;
if (own === undefined) throw new Error("there is no option table");
const { rows } = own;
const page = readFileSync(`${root}docs/options.md`, "utf8");
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };

/** Examples as the page shows them, each under the heading of its option. */
const examples = [...page.matchAll(/^### `(.+)`$[^]*?^```console\n\$ (.+)\n([^]*?)^```$/gm)].map(
  ([, option = "", command = "", prints = ""]) => ({ option, command, prints }),
);

/** Matches what an example prints: 4242 stands for any pid, and any time will do. */
function pattern(prints: string): RegExp {
  const literal = prints.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("4242", "\\d+").replace(/"ms":\d+/g, '"ms":\\d+')}$`);
}

describe("docs/options.md", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "options-"));
    // Found on PATH by the names that the page uses.
    symlinkSync(binary, join(folder, "wasm-init"));
    const trace = `#!/bin/sh\nexec ${process.execPath} ${root}build/wasm-init-trace.mjs "$@"\n`;
    writeFileSync(join(folder, "wasm-init-trace"), trace, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is up to date: if not, npm run docs writes it", () => {
    expect(page).toBe(optionsPage({ ...own, rows }, version));
  });

  test("has an example of every option", () => {
    expect(examples).toHaveLength(rows.length);
    rows.forEach(({ long = "", short = "" }, at) => {
      expect(examples[at]?.option).toContain(`--${long}`);
      expect(examples[at]?.command).toMatch(new RegExp(`wasm-init.* (--${long}|-${short})\\b`));
    });
  });

  test("refuses to leave out an option of which nothing is said", () => {
    const row = { option: "New", long: "new", group: "Signals", help: "be new" };
    expect(() => optionsPage({ ...own, rows: [...rows, row] }, version)).toThrow("has no New");
  });

  test.each(examples)("$command", { timeout: 30_000 }, ({ command, prints }) => {
    const { stdout, stderr } = spawnSync("sh", ["-c", command], {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}` },
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(stdout + stderr).toMatch(pattern(prints));
  });
});
