// Which name selects which command line, and that --as does the same; and what
// WASM_INIT_OPTIONS does under a peer's name.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { POSITIONS } from "../support/scenario.ts";
import { Lab } from "../support/lab.ts";
import { copyOfProgram } from "../support/copies.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { compare, positionsOf } from "./comparison.ts";
import type { Side } from "./comparison.ts";
import { endOf, speech } from "./observe.ts";
import { ourHost, ourPeer } from "./peers.ts";
import type { Family, PeerName } from "./peers.ts";
import { attributesTable } from "./tables/attributes.ts";
import { grammar } from "./tables/grammar.ts";

type Spoken = Family | "our own";

/** The first line that each command line's version begins with, and its option. */
const VERSIONS: Record<Spoken, [option: string, line: RegExp]> = {
  "dumb-init": ["-V", /^dumb-init v\d/],
  tini: ["--version", /^tini version \d[^_]*$/],
  catatonit: ["-V", /^tini version \S*_catatonit/],
  "our own": ["-V", /^wasm-init \d/],
};

const NAMES: [name: string, spoken: Spoken][] = [
  ["dumb-init", "dumb-init"],
  ["dumb-init-static", "dumb-init"],
  ["dumb-init.amd64", "dumb-init"],
  ["dumb-init_1.2.5_x86_64", "dumb-init"],
  ["tini_amd64", "tini"],
  ["x/y/dumb-init", "dumb-init"],
  ["tini", "tini"],
  ["tini-static", "tini"],
  ["tini-static-muslc-amd64", "tini"],
  ["docker-init", "tini"],
  ["docker-init.old", "tini"],
  ["dumb-init/tini", "tini"],
  ["x/catatonit", "catatonit"],
  ["catatonit-0.1.7", "catatonit"],
  ["wasm-init", "our own"],
  ["init", "our own"],
  ["tinier", "our own"],
  ["mytini", "our own"],
  ["dumb-ini", "our own"],
  ["dumb_init", "our own"],
  ["TINI", "our own"],
  ["podman-init", "our own"],
];

describe("the name", () => {
  for (const [name, spoken] of NAMES) {
    test(`${name} selects ${spoken}`, async ({ lab }) => {
      mkdirSync(dirname(join(lab.folder, name)), { recursive: true });
      const [option, line] = VERSIONS[spoken];
      const finished = await lab.start({ host: ourPeer(lab, name), args: [option] }).finished();
      const text = spoken === "dumb-init" ? finished.stderr : finished.stdout;
      expect(text.split("\n")[0]).toMatch(line);
      expect(finished.status).toBe(0);
    });
  }

  test("counts in a copy too", async ({ lab }) => {
    const path = join(lab.folder, "tini");
    const host = { ...ourHost(), command: copyOfProgram(path) };
    const { stdout } = await lab.start({ host, args: ["--version"] }).finished();
    expect(stdout).toMatch(/^tini version /);
  });

  test("counts without a folder, found on PATH", async ({ lab }) => {
    ourPeer(lab, "catatonit");
    const host = { ...ourHost(), command: ["catatonit"] };
    const env = { PATH: `${lab.folder}:${process.env.PATH}` };
    const { stdout } = await lab.start({ host, args: ["-V"], env, pid1: true }).finished();
    expect(stdout).toMatch(/catatonit/);
  });
});

describe("--as", () => {
  for (const [words, spoken] of [
    [["--as", "dumb-init"], "dumb-init"],
    [["--as=dumb-init"], "dumb-init"],
    [["--as", "tini"], "tini"],
    [["--as=docker-init"], "tini"],
    [["--as", "tini-static"], "tini"],
    [["--as", "/usr/bin/catatonit"], "catatonit"],
    [["--as", "wasm-init"], "our own"],
  ] as [string[], Spoken][]) {
    test(`selects ${spoken}: ${words.join(" ")}`, async ({ lab }) => {
      const [option, line] = VERSIONS[spoken];
      const finished = await lab.start({ args: [...words, option] }).finished();
      expect((finished.stdout + finished.stderr).split("\n")[0]).toMatch(line);
      expect(finished.status).toBe(0);
    });
  }

  for (const args of [["--as"], ["--as", ""], ["--as=x"], ["--as", "tinier", "true"]]) {
    test(`is refused: ${JSON.stringify(args)}`, async ({ lab }) => {
      const finished = await lab.start({ args }).finished();
      expect(endOf(finished)).toBe("status 125");
      expect(speech(finished)).toEqual({ stdout: false, stderr: true });
    });
  }

  test("is refused when it is not the first word", async ({ lab }) => {
    const finished = await lab.start({ args: ["-v", "--as", "tini", "true"] }).finished();
    expect(endOf(finished)).toBe("status 125");
  });

  // The comparisons of the peers' own tables, between the two ways to be one.
  const both = [...attributesTable, ...grammar].filter(
    ({ peer, name }) =>
      peer !== "tini-static" && /nothing special|"-[hV]"|"-xh"|"--ver|bogus|«run»","a"/.test(name),
  );
  for (const position of POSITIONS) {
    for (const comparison of both.filter((it) => positionsOf(it).includes(position))) {
      const { peer, name } = comparison;
      test(`does as the name ${peer} does, as ${position}: ${name}`, async ({ lab }) => {
        const run = (where: Lab, host: Side["host"]) =>
          comparison.run({
            lab: where,
            host,
            peer: peer as PeerName,
            position,
            start: (words, more) =>
              where.start({ ...more, host, args: words, pid1: position === "PID 1" }),
          });
        const named = await run(lab, ourPeer(lab, peer));
        expect(compare(await run(lab, ourHost("--as", peer)), named)).toEqual([]);
      });
    }
  }
});

describe("WASM_INIT_OPTIONS", () => {
  const families: Family[] = ["dumb-init", "tini", "catatonit"];

  for (const name of families) {
    test(`is read in our own syntax under the name ${name}, and hidden`, async ({ lab }) => {
      const env = { WASM_INIT_OPTIONS: "--rewrite TERM:USR1 -e 7:0" };
      const steps = ["env:WASM_INIT_OPTIONS", "listen:10", "exit:7"];
      const args = ["--", lab.probe, ...steps];
      const init = lab.start({ host: ourPeer(lab, name), args, env });
      await init.event("listening");
      await init.signal(15);
      expect(await init.finished()).toMatchObject({ status: 0 });
      expect(await init.event("env")).toMatchObject({ value: null, count: 0 });
      expect(init.signals().map(({ signal }) => signal)).toEqual([10]);
    });

    test(`comes before the words of ${name}`, async ({ lab }) => {
      const env = { WASM_INIT_OPTIONS: "-q" };
      const finished = await lab
        .start({ host: ourPeer(lab, name), args: ["--", lab.probe, "exit:3"], env })
        .finished();
      expect(finished).toMatchObject({ status: 3, stdout: "", stderr: "" });
    });

    test(`is an error under ${name} when it is wrong, with the status that ${name} has`, async ({
      lab,
    }) => {
      const env = { WASM_INIT_OPTIONS: "--no-such-option" };
      const finished = await lab
        .start({ host: ourPeer(lab, name), args: ["--", lab.probe, "exit:3"], env })
        .finished();
      expect(finished).toMatchObject({ status: 1, stdout: "" });
      expect(finished.stderr).toMatch(/WASM_INIT_OPTIONS/);
    });
  }

  test("gives dumb-init real-time signals to rewrite, which its own words can't", async ({
    lab,
  }) => {
    const env = { WASM_INIT_OPTIONS: "-r RTMIN+1:USR1" };
    const args = [lab.probe, "listen:10"];
    const init = lab.start({ host: ourPeer(lab, "dumb-init"), args, env });
    await init.event("listening");
    await init.signal(35);
    expect(await init.finished()).toMatchObject({ status: 0 });
  });

  test("gives tini the process group of our own -g", async ({ lab }) => {
    const env = { WASM_INIT_OPTIONS: "-g" };
    const steps = ["child{", "name:child", "listen:15", "}", "name:command", "listen:15", "wait"];
    const args = ["--", lab.probe, ...steps];
    const init = lab.start({ host: ourPeer(lab, "tini"), args, env });
    await init.event("listening", "child");
    await init.event("listening", "command");
    await init.signal(15);
    await init.finished();
    expect(init.signals("child").map(({ signal }) => signal)).toEqual([15]);
  });
});

test("a symbolic link's name counts as PID 1, as --init has it", async ({ lab }) => {
  const args = ["--", lab.probe, "exit:5"];
  const init = lab.start({ host: ourPeer(lab, "docker-init"), args, pid1: true });
  expect(await init.finished()).toMatchObject({ status: 5, stdout: "", stderr: "" });
});
