// What the shells themselves offer when a person presses the tab key.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tables } from "../../assembly/options/tables.ts";
import { bashCompletion, fishCompletion, zshCompletion } from "../../tools/release/completions.ts";
import type { Lab } from "../support/lab.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { PROMPT, Terminal } from "../support/terminal.ts";

const [own] = tables;
if (own === undefined) throw new Error("there is no option table");
const table = own;

/** The long options that begin in this way. */
function options(start: string): string[] {
  const words = table.rows.flatMap(({ long }) => (long === undefined ? [] : [`--${long}`]));
  return words.filter((word) => word.startsWith(start)).sort();
}

/** A shell that completes, ready at its prompt. */
type Start = (lab: Lab) => Promise<Terminal>;

const bash: Start = async (lab) => {
  writeFileSync(`${lab.folder}/completion`, bashCompletion(table));
  const terminal = new Terminal(lab, "bash", ["--norc", "--noprofile", "-i"]);
  await terminal.shows(PROMPT);
  await terminal.run("bind 'set show-all-if-ambiguous on' 'set enable-bracketed-paste off'");
  await terminal.run(". ./completion");
  return terminal;
};

const zsh: Start = async (lab) => {
  writeFileSync(`${lab.folder}/_wasm-init`, zshCompletion(table));
  // A terminal that can do no more than print shows no list.
  const terminal = new Terminal(lab, "zsh", ["-f", "-i"], { TERM: "xterm", HOME: lab.folder });
  await terminal.shows(PROMPT);
  await terminal.run(`fpath=(${lab.folder} $fpath); autoload -Uz compinit; compinit -u -D`);
  await terminal.run("setopt no_beep; unsetopt list_ambiguous auto_menu zle_bracketed_paste; :");
  return terminal;
};

function whyNot(shell: string): string | undefined {
  const { status } = spawnSync(shell, ["--version"], { stdio: "ignore" });
  return status === 0 ? undefined : `${shell} is missing: apt-get install ${shell}`;
}

describe.each([
  ["bash", bash],
  ["zsh", zsh],
] as const)("%s", (shell, start) => {
  test("offers the options that begin with what was typed, and no others", async ({
    lab,
    skip,
    task,
  }) => {
    const why = whyNot(shell);
    if (why) return skipLoudly({ skip, task }, why);
    for (const typed of ["--s", "--re"]) {
      const terminal = await start(lab);
      const before = terminal.screen.length;
      terminal.type(`wasm-init ${typed}\t`);
      const expected = options(typed);
      for (const option of expected) await terminal.shows(new RegExp(`${option}(?![-\\w])`));
      const shown = terminal.screen.slice(before).match(/--[a-z-]+(?![-\w])/g) ?? [];
      expect(expected).toEqual(expect.arrayContaining(shown.filter((word) => word !== typed)));
      terminal.hangUp();
    }
  });

  test("writes out the one option that begins with what was typed", async ({ lab, skip, task }) => {
    const why = whyNot(shell);
    if (why) return skipLoudly({ skip, task }, why);
    const terminal = await start(lab);
    terminal.type("wasm-init --pau\t");
    await terminal.shows("--pause");
    terminal.hangUp();
  });
});

describe("fish", () => {
  const offered = (lab: Lab, line: string) => {
    writeFileSync(`${lab.folder}/completion`, fishCompletion(table));
    const script = `source ./completion; complete -C '${line}'`;
    const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", script], {
      cwd: lab.folder,
      env: { ...process.env, HOME: lab.folder },
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout.split("\n").filter((it) => it !== "");
  };

  test("offers the options that begin with what was typed, and no others", ({
    lab,
    skip,
    task,
  }) => {
    const why = whyNot("fish");
    if (why) return skipLoudly({ skip, task }, why);
    for (const typed of ["--s", "--re", "--pau"]) {
      const words = offered(lab, `wasm-init ${typed}`).map((it) => it.split(/[\t=]/)[0] ?? "");
      expect([...new Set(words)].sort()).toEqual(options(typed));
    }
  });

  test("says of each option what --help says", ({ lab, skip, task }) => {
    const why = whyNot("fish");
    if (why) return skipLoudly({ skip, task }, why);
    const lines = offered(lab, "wasm-init --");
    for (const { long, help } of table.rows)
      if (long !== undefined) expect(lines).toContainEqual(expect.stringContaining(help));
  });
});
