// The option grammar of each peer: what is understood, what is refused, and how it is said.
import type { Comparison } from "../comparison.ts";
import { endOf, speech } from "../observe.ts";
import { membersOf } from "../peers.ts";
import type { Family } from "../peers.ts";

/** Stands for a command that reports its words: `«run» a b` reports a and b. */
const RUN = "«run»";

const lines: Record<Family, string[][]> = {
  "dumb-init": [
    ...[[], ["--"], ["-"], ["-c"], ["-c", "--"], ["-v"], [""]],
    ...[["-h"], ["--help"], ["-V"], ["--version"], ["-hV"], ["-Vh"], ["-ch"], ["-cV"]],
    ...[["-h", RUN], ["-V", RUN, "a"], ["-xh"], ["-hx"], ["--help=x"], ["--version=1"]],
    ...[
      [RUN],
      [RUN, "a", "b"],
      ["--", RUN, "a"],
      [RUN, "--", "a"],
      [RUN, "-h"],
      [RUN, "-c", "--x"],
    ],
    ...[
      ["-c", RUN],
      ["--single-child", RUN],
      ["-v", RUN],
      ["--verbose", RUN],
      ["-v", "-v", RUN],
    ],
    ...[
      ["-vc", RUN],
      ["-cv", RUN],
      ["-cc", RUN],
      ["-c", "--", RUN, "-v"],
      ["-vcr15:3", RUN],
    ],
    ...[
      ["-x", RUN],
      ["-cx", RUN],
      ["--bogus", RUN],
      ["--bogus=1", RUN],
      ["--single-child=1", RUN],
    ],
    ...[["--s", RUN], ["--single", RUN], ["--r", "1:2", RUN], ["--rew=1:2", RUN], ["--h"]],
    ...[["--v", RUN], ["--ver", RUN], ["--vers"], ["--verb", RUN], ["---", RUN], ["--=", RUN]],
    ...[["-r"], ["--rewrite"], ["-r", RUN], ["-c", "-r"], ["--rewrite=", RUN], ["-r", "", RUN]],
    ...[
      ...["15:3", "1:0", "31:31", "1:31", "9:1", "19:1", "17:1", "15:9", "15:19", "20:0"],
      ...["0:1", "0:0", "32:1", "1:32", "34:1", "1:34", "64:64", "65:1", "1:65", "-1:3", "1:-1"],
      ...["15", "15:", ":3", ":", "a:b", "15:x", "x:15", "15-3", "15,3", "15=3", "15 3"],
      ...["015:3", "0x1:2", "1:0x2", "+1:2", "1:+2", "00000000000000000001:2"],
      ...["15:3:4", "1:2x", "1:2 ", " 1:2", "1: 2", "1 :2", "1.0:2", "4294967297:1", "1:2,3:4"],
    ].map((rewrite) => ["-r", rewrite, RUN]),
    ...[
      ["-r15:3", RUN],
      ["-r", "1:2", "-r", "1:3", RUN],
      ["-r1:2", "-c", RUN],
      ["-rv", RUN],
    ],
    ...[
      ["--rewrite", "15:3", RUN],
      ["--rewrite=15:3", RUN],
      ["-r=15:3", RUN],
      ["-cr", "15:3", RUN],
    ],
    ...[["--", "-c"], ["--", "--", RUN], ["/no/such/command"], ["-c", "/no/such/command"]],
  ],
  tini: [
    ...[[], ["--"], ["-"], ["-s"], ["-s", "--"], ["-v"], [""]],
    ...[
      ["-h"],
      ["-l"],
      ["--version"],
      ["-hl"],
      ["-lh"],
      ["-sh"],
      ["-sl"],
      ["-h", RUN],
      ["-l", RUN],
    ],
    ...[
      ["--version", RUN],
      ["-s", "--version"],
      ["--version", "--version"],
      ["--", "--version"],
    ],
    ...[["--help"], ["-V"], ["--v"], ["--vers"], ["--version=1"], ["-version"], ["--license"]],
    ...[["--", RUN], ["--", RUN, "a", "b"], [RUN], [RUN, "a", "b"], ["--", RUN, "-l"]],
    ...[
      [RUN, "--", "a"],
      ["--", RUN, "--", "a"],
      ["-s", RUN, "a"],
      ["-g", "--", RUN, "-h"],
    ],
    ...[
      ["-s", "--", RUN],
      ["-g", "--", RUN],
      ["-w", "--", RUN],
      ["-sg", "--", RUN],
    ],
    ...[
      ["-v", "--", RUN],
      ["-vv", "--", RUN],
      ["-vvv", "--", RUN],
      ["-vvvv", "--", RUN],
    ],
    ...[
      ["-v", "-v", "--", RUN],
      ["-vvvvvv", "--", RUN],
      ["-gvws", "--", RUN],
    ],
    ...[["-x", "--", RUN], ["-sx", "--", RUN], ["-hx"], ["-xh"], ["--bogus", "--", RUN]],
    ...[["-p"], ["-e"], ["-s", "-p"], ["-ge"], ["-p", "--", RUN], ["-e", "--", RUN]],
    ...[
      ...["SIGKILL", "SIGTERM", "KILL", "TERM", "9", "15", "sigterm", "SIGRTMIN", "SIGCHLD"],
      ...["SIGUSR1", "SIGSYS", "SIGSTKFLT", "SIGPWR", "SIGIO", "SIGPOLL", "SIGIOT", "SIGSTOP"],
      ...["", "x", "0", "65", "SIG", "SIGNOPE", "none", "-1", " SIGTERM", "SIGTERM "],
    ].map((signal) => ["-p", signal, "--", RUN]),
    ...[
      ["-pSIGTERM", "--", RUN],
      ["-sp", "SIGTERM", "--", RUN],
      ["-pSIGTERM", "-pSIGKILL", "--", RUN],
    ],
    ...[
      "0",
      "1",
      "143",
      "255",
      "256",
      "-1",
      "x",
      "",
      " 5",
      "+5",
      "5x",
      "5 ",
      "007",
      "0x10",
      "1e1",
    ].map((status) => ["-e", status, "--", RUN]),
    ...["99999999999999999999", "-0", "4294967296"].map((status) => ["-e", status, "--", RUN]),
    ...[
      ["-e5", "--", RUN],
      ["-e1", "-e2", "--", RUN],
      ["-se", "5", "--", RUN],
      ["-e=5", "--", RUN],
    ],
    ...[
      ["--", "-s"],
      ["--", "--", RUN],
      ["--", "/no/such/command"],
      ["/no/such/command", "-x"],
    ],
  ],
  catatonit: [
    ...[[], ["--"], ["-"], ["-g"], ["-g", "--"], [""]],
    ...[["-h"], ["--help"], ["-L"], ["--license"], ["-V"], ["--version"], ["-hV"], ["-Vh"]],
    ...[["-LV"], ["-gh"], ["-gV"], ["-h", RUN], ["-V", RUN], ["-L", RUN], ["-gL"]],
    ...[["--", RUN], ["--", RUN, "a", "b"], [RUN], [RUN, "a", "b"], ["--", RUN, "-h"], [RUN, "-h"]],
    ...[
      [RUN, "--", "a"],
      ["--", RUN, "--", "a"],
      ["-g", "--", RUN],
      ["-g", RUN, "a"],
      ["-gg", RUN],
    ],
    ...[["-x", RUN], ["-gx", RUN], ["-hx"], ["-xh"], ["--bogus", RUN], ["--bogus=1", RUN]],
    ...[["--h"], ["--he"], ["--v"], ["--vers"], ["--help=1"], ["--version=1"], ["--l"], ["---"]],
    ...[["--group", RUN], ["--pause=1"], ["-s", RUN], ["-v", RUN], ["-c", RUN], ["-p", RUN]],
    ...[["--", "-g"], ["--", "--", RUN], ["/no/such/command"], ["-g", "/no/such/command"]],
  ],
};

function comparison(peer: Comparison["peer"], line: string[]): Comparison {
  return {
    peer,
    name: `the words ${JSON.stringify(line)}`,
    positions: ["a plain process"],
    run: async (side) => {
      const words = line.flatMap((word) => (word === RUN ? [side.lab.probe, "words"] : [word]));
      const init = side.start(words);
      const finished = await init.finished();
      const ran = init.events().filter((event) => event.event === "words");
      return {
        end: endOf(finished),
        writes: speech(finished),
        ran: ran.map((event) => event.words.map((word) => Buffer.from(word, "hex").toString())),
      };
    },
  };
}

export const grammar: readonly Comparison[] = (Object.keys(lines) as Family[]).flatMap((family) =>
  membersOf(family).flatMap((peer) => lines[family].map((line) => comparison(peer, line))),
);
