// Command lines that make no sense: one line that names the bad word, 125, and nothing is started.
import { theOnlyLine } from "../support/lines.ts";
import { describe, expect, test } from "../support/system-test.ts";

/** The options, and what the line has to name. Words may have %XX for a byte. */
type Row = [options: string[], ...names: string[]];

const rewrites: [value: string, name: string][] = [
  ["15", "15"],
  ["TERM", "TERM"],
  ["15-3", "15-3"],
  ["", "''"],
  [":", ":"],
  ["15:", "15:"],
  [":3", ":3"],
  ["FOO:3", "FOO"],
  ["15:FOO", "FOO"],
  ["SIG:3", "SIG"],
  ["SIGSIGTERM:3", "SIGSIGTERM"],
  ["TERMS:3", "TERMS"],
  ["TER:3", "TER"],
  ["0:15", "0"],
  ["none:15", "none"],
  ["65:15", "65"],
  ["-1:15", "-1"],
  ["+15:3", "+15"],
  ["15:65", "65"],
  ["15:-1", "-1"],
  ["KILL:15", "KILL"],
  ["STOP:15", "STOP"],
  ["sigkill:15", "sigkill"],
  ["9:15", "9"],
  ["19:15", "19"],
  ["15:3x", "3x"],
  ["15x:3", "15x"],
  ["15:3:4", "3:4"],
  ["15:3,1:2", "3,1:2"],
  [" 15:3", " 15"],
  ["15: 3", " 3"],
  ["15:3 ", "3 "],
  ["0x0f:3", "0x0f"],
  ["15.0:3", "15.0"],
  ["99999999999999999999:3", "99999999999999999999"],
  ["4294967311:3", "4294967311"],
  ["15:4294967299", "4294967299"],
  ["18446744073709551631:3", "18446744073709551631"],
  ["RTMIN+31:3", "RTMIN+31"],
  ["RTMAX-64:3", "RTMAX-64"],
  ["RTMIN+:3", "RTMIN+"],
  ["RTMAX-:3", "RTMAX-"],
  ["RTMIN1:3", "RTMIN1"],
  ["RTMIN-1:3", "RTMIN-1"],
  ["RTMAX+1:3", "RTMAX+1"],
  ["RTMIN+4294967296:3", "RTMIN+4294967296"],
  ["RTMIN+1x:3", "RTMIN+1x"],
  ["%ff%fe:3", "3"],
  ["15:%ff", ""],
];

const rows: Row[] = [
  [["-x"], "x"],
  [["-vx"], "x"],
  [["-cvx"], "x"],
  [["-v", "-x"], "x"],
  [["--frobnicate"], "--frobnicate"],
  [["--frobnicate=3"], "--frobnicate"],
  [["-v", "--frobnicate"], "--frobnicate"],
  [["---"], "---"],
  [["--="], "--"],
  [["-%ff"], ""],
  [["--%ff%fe"], "--"],
  [["-\n"], ""],
  [["--new\nline"], "--new"],
  [["--%1b[31mred"], "red"],
  [["--rewrite="], "''"],
  [["--subreaper=maybe"], "maybe"],
  [["--subreaper="], "''"],
  [["--subreaper=ON!"], "ON!"],
  [["--subreaper=onn"], "onn"],
  [["--single-child=yes"], "--single-child"],
  [["--verbose=2"], "--verbose"],
  [["--quiet="], "--quiet"],
  [["--help=me"], "--help"],
  [["--version=1"], "--version"],
  [[`--${"a".repeat(65_536)}`], "--aaaa"],
  [[`--rewrite=${"a".repeat(65_536)}`], "aaaa"],
  [["-r", "a".repeat(65_536)], "aaaa"],
  [["-r", `TERM:${"3".repeat(65_536)}`], "3333"],
  [[`-r${"9".repeat(65_536)}:3`], "9999"],
  [[`-${"v".repeat(65_536)}`], "vvvv"],
  ...rewrites.flatMap(([value, name]): Row[] => [
    [["-r", value], name],
    [[`--rewrite=${value}`], name],
  ]),
];

/** A name that fits into a test's. */
const shown = (words: string[]) => {
  const text = JSON.stringify(words);
  return text.length > 60 ? `${text.slice(0, 40)}... (${text.length} characters)` : text;
};

describe("names the bad word in one line, ends with 125 and starts nothing", () => {
  for (const [options, ...names] of rows) {
    test(shown(options), async ({ lab }) => {
      const command = [lab.probe, "say:started"];
      const finished = await lab.start({ escaped: true, options, command }).finished();
      expect(finished).toMatchObject({ status: 125, signal: null, stdout: "" });
      const line = theOnlyLine(finished.stderr);
      for (const name of names) expect(line).toContain(name);
      // What was expected instead follows, and the line stays readable.
      expect(line).toMatch(/expected/);
      expect(line.length).toBeLessThan(1_000);
      // No byte of a word may drive the terminal that shows the line.
      expect([...line].every((character) => character >= " ")).toBe(true);
    });
  }

  // Whole argument lists, without a command at the end.
  const endings: [args: string[], name: string][] = [
    [[], "command"],
    [["--"], "command"],
    [["-v"], "command"],
    [["-v", "--"], "command"],
    [["-r", "15:3"], "command"],
    [["--subreaper=on"], "command"],
    [["-r"], "-r"],
    [["-vr"], "r"],
    [["--rewrite"], "--rewrite"],
    [["-r", "true"], "true"],
    [["-r", "--", "true"], "--"],
  ];
  for (const [args, name] of endings) {
    test(`the whole line ${JSON.stringify(args)}`, async ({ lab }) => {
      const finished = await lab.start({ args }).finished();
      expect(finished).toMatchObject({ status: 125, signal: null, stdout: "" });
      const line = theOnlyLine(finished.stderr);
      expect(line).toContain(name);
      expect(line).toMatch(/expected/);
    });
  }

  test("also as PID 1", async ({ lab }) => {
    const finished = await lab.start({ args: ["--bad", "true"], pid1: true }).finished();
    expect(finished).toMatchObject({ status: 125, stdout: "" });
    expect(theOnlyLine(finished.stderr)).toContain("--bad");
  });

  test("also with -q", async ({ lab }) => {
    const finished = await lab.start({ args: ["-q", "--bad", "true"] }).finished();
    expect(finished).toMatchObject({ status: 125, stdout: "" });
    expect(theOnlyLine(finished.stderr)).toContain("--bad");
  });

  test("also without a stderr to say it on", async ({ lab }) => {
    const finished = await lab.start({ args: ["--bad", "true"], stderr: "closed" }).finished();
    expect(finished).toMatchObject({ status: 125, stdout: "" });
  });
});
