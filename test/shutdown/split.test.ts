// -S: words in one word, for shebang lines, where the kernel passes one.
import { chmodSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { anyProgram } from "../support/host.ts";
import { binary } from "../support/paths.ts";
import { got, inBothPositions } from "../support/positions.ts";
import { describe, expect, test } from "../support/system-test.ts";
import type { StartedInit } from "../support/started.ts";
import { TERM, USR1 } from "../support/signals.ts";

/** The words that the probe got, as text. */
async function words(init: StartedInit): Promise<string[]> {
  const said = await init.event("words");
  await init.finished();
  return said.words.map((word) => Buffer.from(word, "hex").toString());
}

inBothPositions((claim) => {
  claim("a script can name the init, its options and its interpreter", async ({ lab, start }) => {
    const script = `${lab.folder}/script`;
    const line = `#!${binary} -S --stop USR1:1h,KILL -e 4:9 ${lab.probe} name:command listen:${USR1} exit:4`;
    // Longer than the 255 bytes that the kernel reads of the line, it would be cut.
    expect(line.length).toBeLessThan(255);
    writeFileSync(script, `${line}\n`);
    chmodSync(script, 0o755);
    const host = anyProgram(script);
    const init = start({ host, args: ["say:never", "say:reached"] });
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 9, stderr: "" });
    expect(got(init, "command")).toEqual([USR1]);
  });

  claim("a shell script gets its own path and its arguments", async ({ lab, start }) => {
    const script = `${lab.folder}/script.sh`;
    writeFileSync(
      script,
      `#!${binary} -S --stop TERM:5s,KILL /bin/sh\necho "$0" "$#" "$2"; exit 6\n`,
    );
    chmodSync(script, 0o755);
    const host = anyProgram(script);
    const init = start({ host, args: ["one", "two words"] });
    expect(await init.finished()).toEqual({
      status: 6,
      signal: null,
      stdout: `${script} 2 two words\n`,
      stderr: "",
    });
  });
});

describe("splits as env -S does", () => {
  const strings = [
    "a b  c",
    "  a\tb\n c\v\f\rd  ",
    "'a b' \"c d\" e'f g'h",
    "'' \"\" x''",
    'a\\_b "a\\_b"',
    "'a\\_b' 'it\\'s' 'back\\\\slash'",
    "\\t\\n\\v\\f\\r x",
    '"\\t\\n\\v\\f\\r x"',
    "\\# \\$ \\\" \\' \\\\",
    "a # the rest",
    "a#b '#c' \\#d",
    "a\\cb c",
    "one \\c two",
    "-- --stop x",
  ];
  for (const string of strings) {
    test(JSON.stringify(string), async ({ lab }) => {
      const real = spawnSync("env", ["-S", `${lab.probe} words ${string}`, "last"], {
        encoding: "utf8",
      });
      expect(real.status).toBe(0);
      const expected = (JSON.parse(real.stdout) as { words: string[] }).words;
      const init = lab.start({ args: ["-S", `${lab.probe} words ${string}`, "last"] });
      expect(await words(init)).toEqual(
        expected.map((word) => Buffer.from(word, "hex").toString()),
      );
    });
  }

  test("with options before it, in its cluster, and further strings in it", async ({ lab }) => {
    for (const args of [
      ["-v", "-S", `-q ${lab.probe} words x`],
      ["-vS", `-q ${lab.probe} words x`],
      [`-vS-q ${lab.probe} words x`],
      [`--split=-q -- ${lab.probe} words x`],
      ["--split", `-q -- ${lab.probe} words x`],
      ["-S", "-q", "--", lab.probe, "words", "x"],
      ["-S", `-q -S '${lab.probe} words x'`],
      ["-S", "", lab.probe, "words", "x"],
    ]) {
      expect(await words(lab.start({ args }))).toEqual(["x"]);
    }
  });
});
