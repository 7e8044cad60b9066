// Bad values: one line that names the bad word, status 125, nothing started.
import { theOnlyLine } from "../support/lines.ts";
import { describe, expect, test } from "../support/system-test.ts";

type Row = [args: string[], word: string];

const durations: [duration: string, word: string][] = [
  ["-5s", "-5s"],
  ["+5s", "+5s"],
  ["1.5s", "1.5s"],
  ["1,5s", "5s"],
  ["5x", "5x"],
  ["5 s", "5 s"],
  [" 5s", " 5s"],
  ["5s ", "5s "],
  ["5S", "5S"],
  ["5sec", "5sec"],
  ["5ss", "5ss"],
  ["ms", "ms"],
  ["s", "s"],
  ["", "''"],
  ["0x10", "0x10"],
  ["1e3", "1e3"],
  ["25h", "25h"],
  ["1441m", "1441m"],
  ["86401", "86401"],
  ["86400001ms", "86400001ms"],
  ["99999999999999999999h", "99999999999999999999h"],
  ["4294967296", "4294967296"],
  ["inf", "inf"],
];

const steps = (count: number) => [...Array<string>(count - 1).fill("TERM:1s"), "KILL"].join(",");

const rows: Row[] = [
  [["--stop", ""], "''"],
  [["--stop="], "''"],
  [["-k", ","], "''"],
  [["-k", "TERM:5s,"], "''"],
  [["-k", ",KILL"], "''"],
  [["-k", "TERM:5s,,KILL"], "''"],
  [["-k", ":5s,KILL"], ":5s"],
  [["-k", "TERMINATE:5s,KILL"], "TERMINATE"],
  [["-k", "TERM:5s,KIL"], "KIL"],
  [["-k", "65:5s,KILL"], "65"],
  [["-k", "==:5s,KILL"], "=="],
  [["-k", "TERM:5s;KILL"], "5s;KILL"],
  [["-k", "TERM,KILL"], "TERM"],
  [["-k", "TERM:5s,INT,KILL"], "INT"],
  [["-k", "TERM:5s:6s,KILL"], "5s:6s"],
  [["-k", steps(17)], steps(17)],
  [["-k"], "stop"],
  ...durations
    .filter(([duration]) => !duration.includes(","))
    .flatMap(([duration, word]): Row[] => [
      [["-k", `TERM:${duration},KILL`], word],
      [["-k", `TERM:${duration}`], word],
      [[`--drain=${duration}`], word],
    ]),
  [["--drain=1,5s"], "'1'"],
  [["--stop-on", ""], "''"],
  [["--stop-on", "TERM,"], "''"],
  [["--stop-on", "TERM,FOO"], "FOO"],
  [["--stop-on", "KILL"], "KILL"],
  [["--stop-on", "TERM,STOP"], "STOP"],
  [["--stop-on", "none"], "none"],
  [["--stop-on"], "stop-on"],
  [["-e", ""], "''"],
  [["-e", "3"], "3"],
  [["-e", ":"], ":"],
  [["-e", "3:"], "3:"],
  [["-e", ":3"], ":3"],
  [["-e", "256:0"], "256:0"],
  [["-e", "0:256"], "0:256"],
  [["-e", "-1:0"], "-1:0"],
  [["-e", "0:-1"], "0:-1"],
  [["-e", "5-1:0"], "5-1:0"],
  [["-e", "1-256:0"], "1-256:0"],
  [["-e", "1-:0"], "1-:0"],
  [["-e", "1-2-3:0"], "1-2-3:0"],
  [["-e", "FOO:0"], "FOO:0"],
  [["-e", "TERM-KILL:0"], "TERM-KILL:0"],
  [["-e", "0:TERM"], "0:TERM"],
  [["-e", "none:0"], "none:0"],
  [["-e", "1:2:3"], "1:2:3"],
  [["-e", "1.5:0"], "1.5:0"],
  [["-e", "1, 2:0"], "1, 2:0"],
  [["-e"], "exit-map"],
  [["-p", "FOO"], "FOO"],
  [["-p", "0"], "0"],
  [["-p", "none"], "none"],
  [["-p", "65"], "65"],
  [["-p"], "parent-death"],
  [["--log", "xml"], "xml"],
  [["--log="], "''"],
  [["--log"], "log"],
  [["--explain=xml"], "xml"],
  [["-S", "'-v"], "'-v"],
  [["-S", '-v "'], '-v "'],
  [["-S", "-v \\"], "-v \\"],
  [["-S", "-v \\q"], "\\q"],
  [["-S", "-e $MAP"], "$MAP"],
  [["-S", "-v ".repeat(65)], "-v -v"],
  [["-S", "--bad true"], "--bad"],
  [["-S"], "split"],
];

describe("names the bad word in one line, ends with 125 and starts nothing", () => {
  for (const [options, word] of rows) {
    const text = JSON.stringify(options);
    test(text.length > 60 ? `${text.slice(0, 50)}...` : text, async ({ lab }) => {
      // Where the value itself is missing, nothing may follow.
      const missing =
        options.length === 1 && /^(-[a-zA-Z]|--(stop-on|log))$/.test(options[0] ?? "");
      const args = missing ? options : [...options, "--", lab.probe, "say:started"];
      const finished = await lab.start({ args }).finished();
      expect(finished).toMatchObject({ status: 125, signal: null, stdout: "" });
      const line = theOnlyLine(finished.stderr);
      expect(line).toContain(word);
      expect(line).toMatch(/expected/);
    });
  }

  for (const args of [
    ["--pause", "server"],
    ["--pause", "--", "server"],
    ["-S", "--pause server"],
  ]) {
    test(`a command with ${args.join(" ")}`, async ({ lab }) => {
      const finished = await lab.start({ args }).finished();
      expect(finished).toMatchObject({ status: 125, stdout: "" });
      expect(theOnlyLine(finished.stderr)).toContain("'server'");
    });
  }

  test("also as PID 1", async ({ lab }) => {
    const args = ["--stop", "TERM:5s,KIL", lab.probe, "say:started"];
    const finished = await lab.start({ args, pid1: true }).finished();
    expect(finished).toMatchObject({ status: 125, stdout: "" });
    expect(theOnlyLine(finished.stderr)).toContain("'KIL'");
  });
});

describe("takes the edges of what is good", () => {
  const good = [
    ["-k", steps(16)],
    ["-k", "sigterm:24h,kill"],
    ["-k", "15:86400,9"],
    ["-k", "TERM:0,KILL:5s"],
    ["-k", "none:86400000ms,=:1440m,RTMIN+3:1h,RTMAX-30"],
    ["--drain=0"],
    ["--drain=24h"],
    ["--stop-on", "RTMIN+1,hup,64"],
    ["-e", "0-255:255"],
    ["-p", "RTMAX"],
  ];
  for (const options of good) {
    test(JSON.stringify(options).slice(0, 60), async ({ lab }) => {
      const init = lab.probeUnder({ options: [...options] }, "exit:255");
      expect(await init.finished()).toMatchObject({ status: 255, stderr: "" });
    });
  }
});
