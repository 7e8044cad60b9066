// Bad input: one line on stderr that names the bad word, a status, and nothing started.
import { describe, expect, test } from "vitest";
import { ActionKind, ARGUMENT_CAPACITY } from "../../assembly/abi";
import type { Word } from "../../host/wasm/boot.ts";
import { boot, eachCore, exitStatus, stderr } from "./running.ts";

/** Options, the bad word that the line quotes, and what it says of it. */
type Case = [options: string[], quoted: string, says: string];

const unknown: Case[] = [
  [["--nosuch", "x"], "--nosuch", "unknown option"],
  [["--nosuch=3", "x"], "--nosuch=3", "unknown option"],
  [["-x", "x"], "-x", "unknown option"],
  [["-vx", "x"], "-vx", "unknown option '-x' in '-vx'"],
  [["-d5", "x"], "-d5", "unknown option '-5' in '-d5'"],
  [["--verb", "x"], "--verb", "unknown option"],
  [["--=", "x"], "--=", "unknown option"],
  [["-v=1", "x"], "-v=1", "unknown option"],
  [["--verbose=1", "x"], "--verbose=1", "takes no value"],
  [["--single-child=", "x"], "--single-child=", "takes no value"],
  [["--as", "runit", "x"], "runit", "is not an init to act as"],
  [["--as="], "", "is not an init to act as"],
  [["--as"], "--as", "requires a value"],
  [["-v", "--as", "tini", "x"], "--as", "is misplaced"],
];

const missing: Case[] = [
  [["--rewrite"], "--rewrite", "requires a value"],
  [["-r"], "--rewrite", "requires a value"],
  [["-vr"], "--rewrite", "requires a value"],
  [["-k"], "--stop", "requires a value"],
  [["--stop-on"], "--stop-on", "requires a value"],
  [["-e"], "--exit-map", "requires a value"],
  [["-p"], "--parent-death", "requires a value"],
  [["-S"], "--split", "requires a value"],
  [["--log"], "--log", "requires a value"],
  [["--record"], "--record", "requires a value"],
  [["--record-limit"], "--record-limit", "requires a value"],
  [["--record="], "--record", "empty value"],
];

const rewrites: Case[] = [
  [["-r", "TERM", "x"], "TERM", "is not a rewrite"],
  [["-r", "", "x"], "", "is not a rewrite"],
  [["-r", "NOSUCH:TERM", "x"], "NOSUCH", "is not a signal"],
  [["-r", "TERM:NOSUCH", "x"], "NOSUCH", "is not a signal"],
  [["-r", "0:15", "x"], "0", "is not a signal"],
  [["-r", "65:15", "x"], "65", "is not a signal"],
  [["-r", "-1:15", "x"], "-1", "is not a signal"],
  [["-r", "15:65", "x"], "65", "is not a signal"],
  [["-r", "15:-1", "x"], "-1", "is not a signal"],
  [["-r", "KILL:TERM", "x"], "KILL:TERM", "cannot be caught"],
  [["-r", "19:TERM", "x"], "19:TERM", "cannot be caught"],
  [["-r", "15:3x", "x"], "3x", "is not a signal"],
  [["-r", "15:3:2", "x"], "3:2", "is not a signal"],
  [["-r", "15:", "x"], "15:", "is not a rewrite"],
  [["-r", ":15", "x"], ":15", "is not a rewrite"],
  [["-r", "15:4294967299", "x"], "4294967299", "is not a signal"],
  [["-r", "99999999999999999999:15", "x"], "99999999999999999999", "is not a signal"],
];

const plans: Case[] = [
  [["-k", "", "x"], "", "is not a stop plan"],
  [["-k", ",", "x"], "", "is not a step"],
  [["-k", "TERM:1s,", "x"], "", "is not a step"],
  [["-k", "TERM:1s,,KILL", "x"], "", "is not a step"],
  [["-k", ":1s", "x"], ":1s", "is not a step"],
  [["-k", "NOSUCH:1s,KILL", "x"], "NOSUCH", "is not a signal"],
  [["-k", "==:1s", "x"], "==", "is not a signal"],
  [["-k", "TERM,KILL", "x"], "TERM", "has no duration"],
  [["-k", "TERM:,KILL", "x"], "", "is not a duration"],
  [["-k", "TERM:-1s,KILL", "x"], "-1s", "is not a duration"],
  [["-k", "TERM:1.5s,KILL", "x"], "1.5s", "is not a duration"],
  [["-k", "TERM:10x,KILL", "x"], "10x", "is not a duration"],
  [["-k", "TERM:10sec,KILL", "x"], "10sec", "is not a duration"],
  [["-k", "TERM:s,KILL", "x"], "s", "is not a duration"],
  [["-k", "TERM:25h,KILL", "x"], "25h", "is not a duration"],
  [["-k", "TERM:86401,KILL", "x"], "86401", "is not a duration"],
  [["-k", "TERM:86400001ms", "x"], "86400001ms", "is not a duration"],
  [["-k", "TERM:99999999999999999999,KILL", "x"], "99999999999999999999", "is not a duration"],
  [["-k", "TERM:1s:2s,KILL", "x"], "1s:2s", "is not a duration"],
  [["-k", `${"TERM:1,".repeat(16)}KILL`, "x"], `${"TERM:1,".repeat(16)}KILL`, "too many steps"],
];

const others: Case[] = [
  [["--stop-on", "", "x"], "", "is not a list of signals"],
  [["--stop-on", "TERM,", "x"], "", "is not a signal"],
  [["--stop-on", "TERM,NOSUCH", "x"], "NOSUCH", "is not a signal"],
  [["--stop-on", "none", "x"], "none", "is not a signal"],
  [["--stop-on", "KILL", "x"], "KILL", "cannot be caught"],
  [["--drain=", "x"], "", "is neither a duration nor a plan"],
  [["--drain=5q", "x"], "5q", "is neither a duration nor a plan"],
  [["--drain=TERM,KILL", "x"], "TERM", "has no duration"],
  [["--drain=TERM:1s,", "x"], "", "is not a step"],
  [["--drain=SIGFOO", "x"], "SIGFOO", "is neither a duration nor a plan"],
  [["--drain=-5s", "x"], "-5s", "is neither a duration nor a plan"],
  [["-e", "256:0", "x"], "256:0", "is not an exit map"],
  [["-e", "1:256", "x"], "1:256", "is not an exit map"],
  [["-e", "5-1:0", "x"], "5-1:0", "is not an exit map"],
  [["-e", "1-:0", "x"], "1-:0", "is not an exit map"],
  [["-e", "-1:0", "x"], "-1:0", "is not an exit map"],
  [["-e", "1-256:0", "x"], "1-256:0", "is not an exit map"],
  [["-e", "3", "x"], "3", "is not an exit map"],
  [["-e", ":3", "x"], ":3", "is not an exit map"],
  [["-e", "3:", "x"], "3:", "is not an exit map"],
  [["-e", "NOSUCH:3", "x"], "NOSUCH:3", "is not an exit map"],
  [["-e", "1x:3", "x"], "1x:3", "is not an exit map"],
  [["-p", "NOSUCH", "x"], "NOSUCH", "is not a signal"],
  [["-p", "0", "x"], "0", "is not a signal"],
  [["--log", "xml", "x"], "xml", "is not a log format"],
  [["--subreaper=maybe", "x"], "maybe", "is not a value for --subreaper"],
  [["--subreaper=", "x"], "", "is not a value for --subreaper"],
  [["--sandbox=maybe", "x"], "maybe", "is not a value for --sandbox"],
  [["--explain=xml", "x"], "xml", "is not an output format"],
  [["--record-limit", "15K", "x"], "15K", "is not a size"],
  [["--record-limit", "1025M", "x"], "1025M", "is not a size"],
  [["--record-limit", "64Q", "x"], "64Q", "is not a size"],
  [["--pause", "server"], "server", "expected no command with --pause"],
  [["-S", "'open"], "'open", "expected closed quotes"],
  [["-S", '"open'], '"open', "expected closed quotes"],
  [["-S", "back\\"], "back\\", "expected closed quotes, valid escapes"],
  [["-S", "\\q"], "\\q", "expected closed quotes, valid escapes"],
  [["-S", "${HOME}"], "${HOME}", "expected closed quotes, valid escapes"],
  [["-S", "a ".repeat(65)], `${"a ".repeat(64)}`.slice(0, 20), "splits into too many arguments"],
];

const nothing: [string[]][] = [[[]], [["-v"]], [["--"]], [["-k", "TERM:1s,KILL"]]];

/** Options of peers, and the status that they end with. */
const peers: [name: string, options: string[], quoted: string][] = [
  ["dumb-init", ["--nosuch", "x"], "--nosuch"],
  ["dumb-init", ["-r", "1:32", "x"], "1:32"],
  ["dumb-init", ["-r", "32:1", "x"], "32:1"],
  ["dumb-init", ["--ve", "x"], "--ve"],
  ["tini", ["-x", "x"], "-x"],
  ["tini", ["--version", "x"], "--version"],
  ["tini", ["-e", "256", "x"], "256"],
  ["tini", ["-p", "NOSUCH", "x"], "NOSUCH"],
  ["catatonit", ["-x", "x"], "-x"],
];

describe.each(eachCore)("the $flavour core", ({ core }) => {
  /** The one line; fails unless nothing was started, and the status is that. */
  function line(argv: Word[], status = 125, env: Record<string, string> = {}): string {
    const { actions } = boot(core, argv, { env });
    expect(actions.map(({ kind }) => kind)).not.toContain(ActionKind.Spawn);
    expect(exitStatus(actions)).toBe(status);
    expect(actions.filter(({ kind }) => kind === ActionKind.Write).length).toBe(1);
    expect(stderr(actions)).toMatch(/^wasm-init: [^\n]*expected [^\n]+\n$/);
    return stderr(actions);
  }

  const all = [...unknown, ...missing, ...rewrites, ...plans, ...others];

  test.each(all)("%j: names %j, which %s", (options, quoted, says) => {
    const said = line(["wasm-init", ...options]);
    const open = options[0] === "-S" && quoted.length === 20 ? "" : "'";
    expect(said).toContain(`'${quoted}${open}`);
    expect(said).toContain(says);
  });

  test.each(nothing)("%j: says that there is no command", (options) => {
    expect(line(["wasm-init", ...options])).toContain("no command given");
  });

  test.each(peers)("as %s: %j names %j, status 1", (name, options, quoted) => {
    expect(line([name, ...options], 1)).toContain(`'${quoted}'`);
  });

  test.each([
    ["--nosuch", "--nosuch"],
    ["-r TERM", "TERM"],
    ["-v server", "server"],
    ["-v --", "--"],
    ["-S '-v'", "-v"],
    ["-v -r", "--rewrite"],
    ["-k 'TERM:1s,,KILL'", ""],
    ["'open", "'open"],
  ])("WASM_INIT_OPTIONS=%j: names %j, and where it came from", (value, quoted) => {
    for (const name of ["wasm-init", "dumb-init", "tini"]) {
      const status = name === "wasm-init" || value.startsWith("'") ? 125 : 1;
      const said = line([name, "server"], status, { WASM_INIT_OPTIONS: value });
      expect(said).toContain("in WASM_INIT_OPTIONS: ");
      expect(said).toContain(`'${quoted}'`);
    }
  });

  test("says so with --quiet, too", () => {
    expect(line(["wasm-init", "-q", "--nosuch"])).toContain("'--nosuch'");
  });

  test("refuses an option word that is longer than its buffer, and shows its beginning", () => {
    const long = `--rewrite=${"x".repeat(ARGUMENT_CAPACITY)}`;
    expect(line(["wasm-init", long, "x"])).toContain(`'${long.slice(0, 200)}`);
    expect(line(["wasm-init", "-r", "y".repeat(ARGUMENT_CAPACITY + 1)])).toContain("is too long");
    const env = { WASM_INIT_OPTIONS: "-v ".repeat(2000) };
    expect(line(["wasm-init", "x"], 125, env)).toContain("is too long");
  });

  test("reads an option word that just fits its buffer", () => {
    const value = "0".repeat(ARGUMENT_CAPACITY - 2);
    expect(line(["wasm-init", `-r${value}`])).toContain("is not a rewrite");
    const rewrite = `-r${"15:3".padStart(ARGUMENT_CAPACITY - 2, "0")}`;
    expect(exitStatus(boot(core, ["wasm-init", rewrite, "x"]).actions)).toBeUndefined();
  });

  test("shows bytes that could break a line as question marks", () => {
    const word = Buffer.from([0x2d, 0x2d, 0x0a, 0x1b, 0x7f, 0x61, 0xff]);
    const { actions } = boot(core, ["wasm-init", word, "x"]);
    const writes = actions.flatMap((it) => (it.kind === ActionKind.Write ? [it.bytes] : []));
    expect(Buffer.concat(writes).toString("latin1")).toContain("'--???a\xff'");
  });

  test("takes any single byte as an option without a trap", () => {
    for (let byte = 0; byte < 256; byte++) {
      for (const prefix of ["-", "--", "-r", "-k", "-S", "-e", "--drain=", "--stop-on="]) {
        const word = Buffer.concat([Buffer.from(prefix), Buffer.from([byte])]);
        const { actions } = boot(core, ["wasm-init", word, "server"]);
        expect(actions.length).toBeGreaterThan(0);
      }
    }
  });
});
