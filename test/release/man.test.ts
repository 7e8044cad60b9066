// The man page and --help come from one table, and say the same.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tables } from "../../assembly/options/tables.ts";
import type { Table } from "../../assembly/options/tables.ts";
import { helpText } from "../../tools/release/help.ts";
import { manPage } from "../../tools/release/man.ts";
import { binary } from "../support/paths.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";

const [own] = tables;
if (own === undefined) throw new Error("there is no option table");
const table = own;
const page = manPage(table, "1.2.3", "2026-01-31");

/** Options as they are written, and what each does. */
type Described = [syntax: string, text: string][];

/** From a page's source: each paragraph with a tag under OPTIONS. */
function optionsOfPage(source: string): Described {
  const part = source.split(".SH OPTIONS\n")[1]?.split("\n.SH ")[0] ?? "";
  return [...part.matchAll(/^\.TP\n(.*)\n(.*)$/gm)].map(([, tag = "", text = ""]) => [
    plain(tag),
    plain(text),
  ]);
}

/** Without roff's changes of font and its escapes. */
function plain(roff: string): string {
  return roff
    .replace(/\\f[BIR]/g, "")
    .replaceAll("\\-", "-")
    .replaceAll("\\&", "")
    .replaceAll("\\e", "\\");
}

/** From --help: each line that begins with a dash, with those that go on with its text. */
function optionsOfHelp(help: string): Described {
  const whole = help.replaceAll(/\n {20,}/g, " ");
  return [...whole.matchAll(/^ +(-\S.*?) {2,}(.*)$/gm)].map(([, syntax = "", text = ""]) => [
    syntax,
    text,
  ]);
}

describe("the man page", () => {
  test("lists the options that the binary's --help lists, in the same words", () => {
    const help = spawnSync(binary, ["--help"], { encoding: "utf8" }).stdout;
    expect(optionsOfHelp(help)).toHaveLength(table.rows.length);
    expect(optionsOfPage(page)).toEqual(optionsOfHelp(help));
  });

  test("ends with the notes of --help", () => {
    const notes = plain(page.split(".SH NOTES\n")[1] ?? "");
    expect(notes).toBe(`${table.notes.join("\n")}\n`);
    expect(helpText(table).endsWith(notes)).toBe(true);
  });

  test("keeps dashes, backslashes and leading dots as they are", () => {
    const row = { option: "X", long: "a-b", group: "G", help: ".x\\y 'z'" };
    const odd: Table = { ...table, rows: [row], notes: ["'quoted"] };
    const source = manPage(odd, "1.2.3", "2026-01-31");
    expect(optionsOfPage(source)).toEqual([["--a-b", row.help]]);
    expect(source).toMatch(/^\\&'quoted$/m);
  });

  const linters: [name: string, ...words: string[]][] = [
    ["man", "--warnings", "--encoding=utf8", "--local-file"],
    ["mandoc", "-T", "lint", "-W", "warning"],
    ["groff", "-man", "-ww", "-z"],
  ];
  test.for(linters)("has nothing that %s complains of", ([name, ...words], { lab, skip, task }) => {
    if (spawnSync(name, ["--version"], { stdio: "ignore" }).error)
      return skipLoudly(
        { skip, task },
        `${name} is missing: apt-get install ${name === "man" ? "man-db" : name}`,
      );
    const file = `${lab.folder}/wasm-init.1`;
    writeFileSync(file, page);
    const { status, stderr, stdout } = spawnSync(name, [...words, file], {
      env: { ...process.env, LC_ALL: "C.UTF-8" },
      encoding: "utf8",
    });
    const said = name === "man" ? stderr : stderr + stdout;
    expect({ said, status }).toEqual({ said: "", status: 0 });
  });
});
