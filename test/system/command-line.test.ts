// What the options are called, and what help says of them.
import { describe, expect, test } from "../support/system-test.ts";

describe("help", () => {
  for (const args of [
    ["-h"],
    ["--help"],
    ["-vh"],
    ["-v", "--help", "--", "true"],
    ["-h", "--bad"],
  ]) {
    test(`goes to stdout with status 0: ${args.join(" ")}`, async ({ lab }) => {
      const finished = await lab.start({ args }).finished();
      expect(finished).toMatchObject({ status: 0, stderr: "" });
      expect(finished.stdout).toMatch(/^Usage: wasm-init /i);
      expect(finished.stdout).toMatch(/\n$/);
    });
  }

  test("fits 80 columns, in lines without trailing blanks", async ({ lab }) => {
    const { stdout } = await lab.start({ args: ["--help"] }).finished();
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
  });

  test("has every option, in groups with a title", async ({ lab }) => {
    const { stdout } = await lab.start({ args: ["--help"] }).finished();
    for (const option of [
      ...["-c, --single-child", "-r, --rewrite", "-s, --subreaper", "-v, --verbose"],
      ...["-q, --quiet", "-h, --help", "-V, --version"],
    ]) {
      expect(stdout).toContain(option);
    }
    expect(stdout.match(/^\S.*:$/gm)?.length).toBeGreaterThanOrEqual(2);
  });

  test("does not hang when nobody reads it", async ({ lab }) => {
    expect((await lab.start({ args: ["-h"], stdout: "closed" }).finished()).signal).toBe(null);
  });
});

describe("version", () => {
  for (const args of [["-V"], ["--version"], ["-vV"]]) {
    test(`goes to stdout with status 0: ${args.join(" ")}`, async ({ lab }) => {
      const finished = await lab.start({ args }).finished();
      expect(finished).toMatchObject({ status: 0, stderr: "" });
      expect(finished.stdout).toMatch(/^wasm-init \d+\.\d+\.\d+\n$/);
    });
  }
});

describe("options", () => {
  const accepted: string[][] = [
    ["-c"],
    ["--single-child"],
    ["-vc"],
    ["-cv"],
    ["-vvv"],
    ["-q"],
    ["--quiet"],
    ["--verbose", "--verbose"],
    ["-vcr15:3"],
    ["-vcr", "15:3"],
    ["-s"],
    ["-sc"],
    ["--subreaper"],
    ["--subreaper=auto"],
    ["--subreaper=on"],
    ["--subreaper=off"],
    ["--rewrite", "15:3"],
    ["--rewrite=15:3"],
    ["-r", "1:2", "-r3:10", "--rewrite", "15:3", "--rewrite=28:0"],
  ];
  for (const options of accepted) {
    test(`are taken, with and without --: ${options.join(" ")}`, async ({ lab }) => {
      for (const end of [[], ["--"]]) {
        const args = [...options, ...end, lab.probe, "say:ran", "exit:7"];
        const init = lab.start({ args });
        expect(await init.finished()).toMatchObject({ status: 7 });
        expect(init.events()).toEqual([{ event: "say", who: "", text: "ran" }]);
      }
    });
  }

  test("say nothing without -v", async ({ lab }) => {
    const init = lab.probeUnder({ options: ["-c", "-s", "-r15:3"] }, "exit:0");
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
  });
});
