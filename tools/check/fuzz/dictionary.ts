/** Words of the option grammar, for a fuzzer to put together: in libFuzzer's and AFL's format. */
import { signalNames, words } from "../../../assembly/messages";
import { tables } from "../../../assembly/options/tables";

const values = [
  ...["TERM:10s,INT:5s,KILL", "=:1s", "none:2m", "RTMIN+3", "RTMAX-2", "TERM:QUIT", "15:3"],
  ...["1-5:0", "TERM:0", "0", "255", "64", "16K", "1024MiB", "24h", "500ms", "SIGTERM", "--", "="],
  ...["'", '"', "\\", "\\c", "\\_", "${X}", "#", "\0"],
];

/** One quoted word a line. */
export function dictionary(): string {
  const options = tables.flatMap(({ calledAs, rows }) => [
    ...calledAs,
    ...rows.flatMap(({ short, long }) => [
      ...(short === undefined ? [] : [`-${short}`]),
      ...(long === undefined ? [] : [`--${long}`]),
    ]),
  ]);
  const all = [...options, ...values, ...Object.values(words), ...signalNames.map(([, it]) => it)];
  const lines = [...new Set(all)].filter((it) => it !== "").map(quoted);
  return `${lines.join("\n")}\n`;
}

function quoted(word: string): string {
  const escaped = word.replace(/["\\]|[^ -~]/g, (it) =>
    it === '"' || it === "\\" ? `\\${it}` : `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
