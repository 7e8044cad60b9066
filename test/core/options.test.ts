// The option tables: every option of every command line, however it is written.
import { describe, expect, test } from "vitest";
import { ActionKind, EventKind } from "../../assembly/abi";
import { license } from "../../assembly/messages";
import { type Row, type Table, tables } from "../../assembly/options/tables";
import { helpText } from "../../tools/release/help";
import type { Core } from "../../host/wasm/core.ts";
import { actionLine } from "../traces/vocabulary.ts";
import { boot, eachCore, exitStatus, lines, run, stderr, stdout } from "./running.ts";

/** A value that each option takes, where it takes one. */
const values: Record<string, string> = {
  Rewrite: "15:3",
  ParentDeath: "HUP",
  Stop: "TERM:10s,KILL",
  StopOn: "USR1,USR2",
  Drain: "7s",
  ExitMap: "1-5:9",
  ExitZero: "143",
  Explain: "json",
  Subreaper: "off",
  Sandbox: "off",
  Split: "-v server",
  Record: "/tmp/run.trace",
  RecordLimit: "64K",
  Log: "json",
};

/** What ends the boot before a command, or is only for the first word. */
const answers = ["Help", "Version", "License", "Explain"];
const special = [...answers, "Pause", "Split", "As"];

/** Every way to write an option with its value, or without one. */
function spellings(table: Table, row: Row): string[][] {
  const value = row.value === undefined ? undefined : values[row.option]!;
  const words: string[][] = [];
  if (row.short !== undefined) {
    if (value === undefined) words.push([`-${row.short}`]);
    else if (row.optional !== true) {
      words.push([`-${row.short}`, value], [`-${row.short}${value}`]);
    }
  }
  if (row.long !== undefined) {
    if (value === undefined) words.push([`--${row.long}`]);
    else {
      words.push([`--${row.long}=${value}`]);
      if (row.optional !== true) words.push([`--${row.long}`, value]);
    }
    if (table.abbreviations && row.long.length > 4) {
      const short = row.long.slice(0, 4);
      words.push(value === undefined ? [`--${short}`] : [`--${short}=${value}`]);
    }
  }
  return words;
}

/** The state after these options, with as many words in all whatever they are. */
function stateAfter(core: Core, table: Table, options: readonly string[]): string {
  const filling = Array.from({ length: 6 - options.length }, () => "argument");
  boot(core, [table.calledAs[0]!, ...options, "server", ...filling]);
  return core.hash(0);
}

const rows = tables.flatMap((table) =>
  table.rows
    .filter((row) => !special.includes(row.option))
    .map((row) => ({ table, row, name: table.name, words: spellings(table, row) })),
);

describe.each(eachCore)("the $flavour core", ({ core }) => {
  test.each(rows)("$name: means one and the same by $words", ({ table, words }) => {
    const plain = stateAfter(core, table, []);
    const states = new Set(words.map((options) => stateAfter(core, table, options)));
    expect(words.length).toBeGreaterThan(0);
    expect([...states]).toEqual([stateAfter(core, table, words[0]!)]);
    expect([...states]).not.toContain(plain);
  });

  test.each(tables)("$name: takes short options in one word", (table) => {
    const flags = table.rows.filter(
      (row) => row.short !== undefined && row.value === undefined && !special.includes(row.option),
    );
    const apart = flags.map((row) => `-${row.short}`);
    boot(core, [table.calledAs[0]!, ...apart, "server"]);
    const first = core.hash(0);
    const filling = apart.slice(1).map(() => "argument");
    const cluster = `-${flags.map((row) => row.short).join("")}`;
    boot(core, [table.calledAs[0]!, cluster, "server", ...filling]);
    expect(core.hash(0)).toBe(first);
  });

  const answering = tables.flatMap((table) =>
    table.rows
      .filter((row) => answers.includes(row.option) && row.option !== "Explain")
      .flatMap((row) => spellings(table, row).map(([word = ""]) => ({ table, row, word }))),
  );

  test.each(answering)("$table.name: $word prints and ends with 0", ({ table, row, word }) => {
    const { actions } = boot(core, [table.calledAs[0]!, word]);
    const isLoud =
      table.name === "DumbInit" || (table.name === "Catatonit" && row.option === "Help");
    const text = isLoud ? stderr(actions) : stdout(actions);
    if (row.option === "Help") expect(text).toBe(helpText(table));
    else if (row.option === "License") expect(text).toBe(license);
    else expect(text).toMatch(/wasm-init[ -]\d+[.-]\d+[.-]\d+\)?\n$/);
    expect(exitStatus(actions)).toBe(0);
    expect(actions.map(({ kind }) => kind)).not.toContain(ActionKind.Spawn);
  });

  test("help fits 80 columns", () => {
    for (const table of tables) {
      for (const line of helpText(table).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test("explains as text and as JSON, and starts nothing", () => {
    const options = ["wasm-init", "-k", "TERM:10s,KILL", "--drain=5s"];
    const text = boot(core, [...options, "--explain", "server"]);
    expect(stdout(text.actions)).toContain("Stop plan:");
    const json = boot(core, [...options, "--explain=json"]);
    expect(JSON.parse(stdout(json.actions))).toMatchObject({ drain: 5000 });
    for (const { actions } of [text, json]) {
      expect(exitStatus(actions)).toBe(0);
      expect(actions.map(({ kind }) => kind)).not.toContain(ActionKind.Spawn);
    }
  });

  test("ends its options at the first word that is none, and at --", () => {
    const command = (...words: string[]) => {
      const { boot } = run(core, ["wasm-init", ...words]);
      return boot.command.map((word) => Buffer.from(word).toString());
    };
    expect(command("-v", "server", "-c", "--nosuch")).toEqual(["server", "-c", "--nosuch"]);
    expect(command("-v", "--", "-c", "x")).toEqual(["-c", "x"]);
    expect(command("-")).toEqual(["-"]);
    expect(command("--", "--", "x")).toEqual(["--", "x"]);
    expect(command("")).toEqual([""]);
  });

  test("takes an option's value as it is, though it looks like an option", () => {
    const { actions } = boot(core, ["wasm-init", "-r", "--", "server"]);
    expect(stderr(actions)).toContain("'--' is not a rewrite");
  });

  test("takes any bytes as a command and its arguments", () => {
    const words = [
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from([0xc0]),
      Buffer.alloc(100_000, 0xff),
    ];
    const { boot } = run(core, ["wasm-init", ...words]);
    expect(boot.command).toEqual(words);
    const long = run(core, ["wasm-init", "--", Buffer.alloc(100_000, 0x61)]);
    expect(long.boot.command[0]?.length).toBe(100_000);
  });

  const names: [string, string][] = [
    ["wasm-init", "Spawn NewSession Group"],
    ["/usr/bin/wasm-init", "Spawn NewSession Group"],
    ["anything", "Spawn NewSession Group"],
    ["", "Spawn NewSession Group"],
    ["dumb-init", "Spawn NewSession|DefaultSignals Group"],
    ["/sbin/dumb-init", "Spawn NewSession|DefaultSignals Group"],
    ["dumb-init.static", "Spawn NewSession|DefaultSignals Group"],
    ["dumb-init/", "Spawn NewSession Group"],
    ["xdumb-init", "Spawn NewSession Group"],
    ["tini", "Spawn NewGroup|DropSeparator Process"],
    ["/tini-static", "Spawn NewGroup|DropSeparator Process"],
    ["docker-init", "Spawn NewGroup|DropSeparator Process"],
    ["tiniest", "Spawn NewSession Group"],
    ["TINI", "Spawn NewSession Group"],
    ["/usr/libexec/catatonit/catatonit", "Spawn NewGroup|DropSeparator Process"],
  ];

  test.each(names)("called %j: %s", (name, expected) => {
    const { actions } = run(core, [name, "server"]);
    expect(actions.slice(-1).map(actionLine)).toEqual([expected]);
  });

  test.each([
    [["--as", "tini"], "tini"],
    [["--as=dumb-init"], "dumb-init"],
    [["--as", "/x/catatonit-static"], "catatonit"],
  ])("with %j speaks as %s", (words, name) => {
    run(core, [name, "server"]);
    const same = core.hash(0);
    run(core, ["wasm-init", ...words, "server"]);
    expect(core.hash(0)).toBe(same);
  });

  const variables: [string, Record<string, string>, string[]][] = [
    ["dumb-init", { DUMB_INIT_DEBUG: "1" }, ["-vv"]],
    ["dumb-init", { DUMB_INIT_SETSID: "0" }, ["-c"]],
    ["tini", { TINI_SUBREAPER: "" }, ["-s"]],
    ["tini", { TINI_KILL_PROCESS_GROUP: "" }, ["-g"]],
    ["tini", { TINI_VERBOSITY: "3" }, ["-vv"]],
    ["wasm-init", { WASM_INIT_RECORD: "/tmp/x" }, ["--record=/tmp/x"]],
  ];

  test.each(variables)("as %s obeys %j as if it were %j", (name, env, options) => {
    const at = (argv: string[], more: Record<string, string>) => {
      boot(core, argv, { pid: 1, env: more });
      return core.hash(0);
    };
    const filling = options.map(() => "argument");
    expect(at([name, "server", ...filling], env)).toBe(at([name, ...options, "server"], {}));
  });

  test("hides its own variables from the command, and no other", () => {
    const env = { WASM_INIT_OPTIONS: "-v", WASM_INIT_RECORD: "", PATH: "/bin", TINI_SUBREAPER: "" };
    const { boot } = run(core, ["wasm-init", "server"], { env });
    expect(boot.environment).toEqual({ PATH: "/bin", TINI_SUBREAPER: "" });
  });

  test("keeps the path of a recording, wherever it came from", () => {
    const path = (argv: string[], env: Record<string, string> = {}) => {
      const { recordPath } = boot(core, ["wasm-init", ...argv, "server"], { env }).boot;
      return recordPath === undefined ? undefined : Buffer.from(recordPath).toString();
    };
    expect(path([])).toBeUndefined();
    expect(path(["--record", "/tmp/a"])).toBe("/tmp/a");
    expect(path(["--record=/tmp/b"])).toBe("/tmp/b");
    expect(path([], { WASM_INIT_RECORD: "/tmp/c" })).toBe("/tmp/c");
    expect(path([], { WASM_INIT_RECORD: "/tmp/c", WASM_INIT_OPTIONS: "-v" })).toBe("/tmp/c");
    expect(path(["-v"], { WASM_INIT_OPTIONS: "-v --record /tmp/d" })).toBe("/tmp/d");
  });

  test("reads WASM_INIT_OPTIONS in its own syntax, whatever it is called", () => {
    const env = { WASM_INIT_OPTIONS: "--exit-map 3:4" };
    for (const name of ["wasm-init", "dumb-init", "tini", "catatonit"]) {
      run(core, [name, "server"], { env });
      const ended = lines(core, EventKind.ChildExited, { pid: 100, code: 1, signal: 3 });
      expect(ended.at(-1)).toBe("Exit 4");
    }
  });

  test("lets the command line have the last word over WASM_INIT_OPTIONS", () => {
    const env = { WASM_INIT_OPTIONS: "-e 3:4" };
    run(core, ["wasm-init", "-e", "3:5", "server"], { env });
    const ended = lines(core, EventKind.ChildExited, { pid: 100, code: 1, signal: 3 });
    expect(ended.at(-1)).toBe("Exit 5");
  });
});
