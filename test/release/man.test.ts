// The man page and --help come from one table, and say the same.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tables } from "../../assembly/options/tables.ts";
import { manPage, prose } from "../../tools/release/man.ts";
import { binary } from "../support/paths.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";

const [own] = tables;
if (own === undefined) throw new Error("there is no option table");
const table = own;
const page = manPage(table, "1.2.3", "2026-01-31");

/** What must be in the page, in this order: see man-pages(7). */
const SECTIONS = [
  "NAME",
  "SYNOPSIS",
  "DESCRIPTION",
  "OPTIONS",
  "EXIT STATUS",
  "ENVIRONMENT",
  "SIGNALS",
  "FILES",
  "NOTES",
  "EXAMPLES",
  "SEE ALSO",
];

/** The source of one section. */
function section(source: string, name: string): string {
  return source.split(`.SH ${name}\n`)[1]?.split("\n.SH ")[0] ?? "";
}

/** Without roff's changes of font and its escapes. */
function plain(roff: string): string {
  return roff
    .replace(/\\f[BIR]/g, "")
    .replaceAll("\\-", "-")
    .replaceAll("\\&", "")
    .replaceAll("\\e", "\\");
}

/** Tags of the paragraphs of a section, and the first line of each. */
function tagged(source: string, name: string): [tag: string, text: string][] {
  const found = section(source, name).matchAll(/^\.TP\n(.*)\n(.*)$/gm);
  return [...found].map(([, tag = "", text = ""]) => [plain(tag), plain(text)]);
}

/** Options as --help writes them. */
function optionsOfHelp(help: string): string[] {
  return [...help.matchAll(/^ +(-\S.*?) {2,}\S/gm)].map(([, syntax = ""]) => syntax);
}

describe("the man page", () => {
  test("has the sections of a man page", () => {
    expect([...page.matchAll(/^\.SH (.*)$/gm)].map(([, name]) => name)).toEqual(SECTIONS);
    for (const name of SECTIONS) expect(section(page, name)).not.toBe("");
  });

  test("lists the options that the binary's --help lists, and says something of each", () => {
    const help = spawnSync(binary, ["--help"], { encoding: "utf8" }).stdout;
    const options = tagged(page, "OPTIONS").filter(([tag]) => tag.startsWith("-"));
    expect(optionsOfHelp(help)).toHaveLength(table.rows.length);
    expect(options.map(([tag]) => tag)).toEqual(optionsOfHelp(help));
    for (const [, text] of options) expect(text).toMatch(/^[A-Z].*\.$/);
  });

  test("names every variable and every status that --help names", () => {
    const notes = table.notes.join("\n");
    const variables = notes.match(/WASM_INIT_\w+/g);
    expect(tagged(page, "ENVIRONMENT").map(([tag]) => tag)).toEqual(
      expect.arrayContaining(variables ?? []),
    );
    expect(variables).toHaveLength(2);
    const statuses = tagged(page, "EXIT STATUS").map(([tag]) => tag);
    for (const status of notes.match(/12\d(\+n)?/gi) ?? [])
      expect(statuses).toContain(status.toLowerCase());
  });

  test("has examples that the binary accepts", () => {
    const lines = [...section(page, "EXAMPLES").matchAll(/^\.RS\n(.*)\n\.RE$/gm)];
    expect(lines.length).toBeGreaterThan(3);
    for (const [, line = ""] of lines) {
      const command = plain(line).replace(/^wasm-init/, binary);
      const env = { ...process.env, WASM_INIT_OPTIONS: "--explain" };
      const { status, stderr } = spawnSync("sh", ["-c", command], { env, encoding: "utf8" });
      expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: "" });
    }
  });

  test("keeps dashes, backslashes, leading dots and quotes as they are", () => {
    for (const text of [".x\\y -z", "'quoted' a--b", "two\n.lines"]) {
      expect(plain(prose(text))).toBe(text);
      expect(prose(text)).not.toMatch(/^[.']|(?<!\\)-|\\(?![-&e])/m);
    }
    expect(prose("with `a-b` in it")).toBe("with \\fBa\\-b\\fR in it");
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
