// A split string inside another one: the words that follow it there come after its own.
import { spawnSync } from "node:child_process";
import { eachCore, exitStatus, run, boot, stderr, stdout } from "../core/running.ts";
import { randomOf } from "../support/random.ts";
import { theOnlyLine } from "../support/lines.ts";
import { launched } from "../support/paths.ts";
import { describe, expect, test } from "../support/system-test.ts";

/** Prints each of its words with a bar behind it. */
const COMMAND = ["printf", "%s|"];

function native(words: readonly string[], env: Record<string, string> = {}) {
  const [file = "", ...first] = launched;
  const { PATH = "/usr/bin:/bin" } = process.env;
  return spawnSync(file, [...first, ...words], { encoding: "utf8", env: { PATH, ...env } });
}

/** The arguments that the command gets from the static binary. */
function nativeArguments(words: readonly string[], env?: Record<string, string>): string[] {
  const { status, stdout, stderr } = native(words, env);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("|").slice(0, -1);
}

/** And from the core with the host in JavaScript. */
function jsArguments(words: readonly string[], env: Record<string, string> = {}): string[][] {
  return eachCore.map(({ core }) => {
    const { boot } = run(core, ["wasm-init", ...words], { env });
    return boot.command.slice(2).map((word) => Buffer.from(word).toString());
  });
}

/** A word as `-S` reads it. */
function quoted(word: string, style: number): string {
  if (style === 0 && /^[\w:=,.-]+$/.test(word)) return word;
  if (style === 1) return `"${word.replace(/[\\"$]/g, "\\$&")}"`;
  return `'${word.replace(/[\\']/g, "\\$&")}'`;
}

/**
 * Option words, a command, and its arguments, some of which were put into a string for `-S`, and
 * that again, up to `depth` times. `options` may stand on either side of a string's end.
 */
function nested(words: string[], options: number, depth: number, random: (n: number) => number) {
  let list = words;
  let before = options;
  for (let level = 0; level < depth; level++) {
    const start = random(before + 1);
    const end = start + 1 + random(list.length - start);
    const string = list.slice(start, end).map((word) => quoted(word, random(3)));
    const text = string.join(random(2) === 0 ? " " : " \t ");
    const forms = [["-S", text], [`-S${text}`], ["--split", text], [`--split=${text}`]];
    const form = forms[random(forms.length)]!;
    list = [...list.slice(0, start), ...form, ...list.slice(end)];
    // What stands before the string, and its first word, may begin a string anew.
    before = start;
  }
  return list;
}

describe("the words behind a nested string follow its own", () => {
  const cases: [string, string[]][] = [
    ["at its end", ["-S", `-q -S '${COMMAND.join(" ")} a b' c`, "d"]],
    ["among options", ["-S", `-S '-v -q' -v -q ${COMMAND.join(" ")} a b c`, "d"]],
    ["three deep", ["-S", `-S '-v -S "-q -v" -q' -q ${COMMAND.join(" ")} a b c`, "d"]],
    ["when it is empty", ["-S", `-q -S '' -q ${COMMAND.join(" ")} a b c`, "d"]],
    ["when it is attached", ["-S", `-q '-S-q -q' ${COMMAND.join(" ")} a b c`, "d"]],
    ["between an option and its value", ["-S", `-S '-q -r' HUP:INT ${COMMAND.join(" ")} a b c d`]],
  ];
  for (const [name, words] of cases) {
    test(name, () => {
      expect(nativeArguments(words)).toEqual(["a", "b", "c", "d"]);
      for (const got of jsArguments(words)) expect(got).toEqual(["a", "b", "c", "d"]);
    });
  }

  test("behind options from the environment", () => {
    const words = ["-S", `-q -S '${COMMAND.join(" ")} a b' c`, "d"];
    const env = { WASM_INIT_OPTIONS: "-q -r HUP:INT --stop=TERM:5s,KILL" };
    expect(nativeArguments(words, env)).toEqual(["a", "b", "c", "d"]);
    for (const got of jsArguments(words, env)) expect(got).toEqual(["a", "b", "c", "d"]);
  });

  test("when both are as long as a string may be", () => {
    // 64 words, the last of them a string of 64 words, of which one is a string of 64 words.
    const full = (last: string[]) => [...Array<string>(64 - last.length).fill("-q"), ...last];
    const inner = full([...COMMAND, "a"]).join(" ");
    const middle = full(["-S", quoted(inner, 2), "b", "c"]).join(" ");
    const words = ["-S", full(["-S", quoted(middle, 2), "d", "e"]).join(" "), "f"];
    expect(nativeArguments(words)).toEqual(["a", "b", "c", "d", "e", "f"]);
    for (const got of jsArguments(words)) expect(got).toEqual(["a", "b", "c", "d", "e", "f"]);
  });
});

test("a nested string of more than 64 words is refused like any other", () => {
  const words = ["-S", `-q -S '${"-q ".repeat(65)}' printf never`];
  const { status, stdout: printed, stderr: line } = native(words);
  expect({ status, printed }).toEqual({ status: 125, printed: "" });
  expect(theOnlyLine(line)).toContain("splits into too many arguments: expected at most 64");
  for (const { core } of eachCore) {
    const { actions } = boot(core, ["wasm-init", ...words]);
    expect(exitStatus(actions)).toBe(125);
    expect(stderr(actions)).toBe(line);
  }
});

test("whatever is put into strings, both hosts read what was there before", () => {
  const random = randomOf(20);
  const pool = ["-v", "-q", "-vv", "--drain=5s", "-rHUP:INT", "--log=json", "-s", "--sandbox=off"];
  const strange = ["a b", "", "it's", '"', "back\\slash", "$x", "#", "\t", "-S", "--", "é"];
  for (let round = 0; round < 150; round++) {
    const pick = (from: string[], most: number) =>
      Array.from({ length: random(most) }, () => from[random(from.length)]!);
    const options = pick(pool, 6);
    const given = pick(strange, 5);
    const words = [...options, ...COMMAND, ...given];
    const split = nested(words, options.length, 1 + random(4), random);
    const told = JSON.stringify(split);
    for (const got of jsArguments(split)) expect(got, told).toEqual(given);
    const ran = native(split);
    expect(ran.status, told).toBe(0);
    // printf prints one bar where it has no argument.
    expect(ran.stdout.split("|").slice(0, -1), told).toEqual(given.length > 0 ? given : [""]);
    const explain = ["--explain=json", ...split];
    const explained = native(explain);
    expect(explained, told).toMatchObject({ status: 0, stderr: "" });
    for (const { core } of eachCore)
      expect(stdout(boot(core, ["wasm-init", ...explain]).actions), told).toBe(explained.stdout);
  }
});
