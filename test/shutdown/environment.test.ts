// WASM_INIT_OPTIONS: options for images whose entrypoint can't be edited.
import { theOnlyLine } from "../support/lines.ts";
import { got, inBothPositions } from "../support/positions.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { CONT, QUIT, TERM } from "../support/signals.ts";

inBothPositions((claim) => {
  claim("options in WASM_INIT_OPTIONS count, before those of the command line", async (stage) => {
    const init = stage.start({
      env: { WASM_INIT_OPTIONS: "--stop 'QUIT:1h,KILL' -e 4:9 -e 5:9" },
      options: ["-e", "4:8"],
      command: [stage.lab.probe, "env:WASM_INIT_OPTIONS", `listen:${QUIT}`, "exit:4"],
    });
    await init.event("listening");
    expect(await init.event("env")).toMatchObject({ value: null, count: 0 });
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 8, stderr: "" });
    expect(got(init)).toEqual([QUIT]);
  });

  claim("an init inside does not obey it", async ({ lab, start }) => {
    const { hostUnderTest } = await import("../support/host.ts");
    const init = start({
      env: { WASM_INIT_OPTIONS: "-e 4:9" },
      options: ["-e", "4:4"],
      command: [...hostUnderTest().command, "--", lab.probe, "exit:4"],
    });
    expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
  });

  claim("no command line is needed in it, nor anything at all", async ({ lab, start }) => {
    for (const value of ["", "   ", "# nothing"]) {
      const init = start({ env: { WASM_INIT_OPTIONS: value }, command: [lab.probe, "exit:4"] });
      expect(await init.finished()).toMatchObject({ status: 4, stderr: "" });
    }
  });
});

test("a plan of WASM_INIT_OPTIONS works under a peer's name too", async ({ lab }) => {
  const init = lab.start({
    env: { WASM_INIT_OPTIONS: "-s --stop TERM:20ms,KILL" },
    args: ["--as", "tini", "--", lab.probe, "listen"],
  });
  await init.event("listening");
  await init.signal(TERM);
  expect(await init.finished()).toMatchObject({ status: 137, stderr: "" });
  expect(got(init)).toEqual([TERM, CONT]);
});

describe("says that a bad option came from WASM_INIT_OPTIONS, and starts nothing", () => {
  const rows: [value: string, word: string][] = [
    ["--frobnicate", "--frobnicate"],
    ["-v -x", "-x"],
    ["--stop TERM:5s,KIL", "KIL"],
    ["--stop TERM:5x,KILL", "5x"],
    ["--drain=-1s", "-1s"],
    ["-e 5-1:0", "5-1:0"],
    ["-r TERM", "TERM"],
    ["--stop", "stop"],
    ["-v --stop-on", "stop-on"],
    ["-e", "exit-map"],
    ["server", "server"],
    ["-- server", "--"],
    ["-S '-v'", "-v"],
    ["'-v", "'-v"],
    ['--stop "TERM', "--stop"],
    ["--stop $PLAN", "$PLAN"],
    ["\\q", "\\q"],
    [`-v ${"x".repeat(5_000)}`, "xxxx"],
    ["-v ".repeat(65), "-v -v"],
  ];
  for (const [value, word] of rows) {
    const shown = value.length > 40 ? `${value.slice(0, 30)}...` : value;
    test(shown, async ({ lab }) => {
      const init = lab.start({
        env: { WASM_INIT_OPTIONS: value },
        command: [lab.probe, "say:started"],
      });
      const finished = await init.finished();
      expect(finished).toMatchObject({ status: 125, stdout: "" });
      const line = theOnlyLine(finished.stderr);
      expect(line).toContain("in WASM_INIT_OPTIONS");
      expect(line).toContain(word);
      expect(line).toMatch(/expected/);
    });
  }

  test("but not of one that did not", async ({ lab }) => {
    const init = lab.start({ env: { WASM_INIT_OPTIONS: "-v" }, args: ["--bad", "true"] });
    expect(theOnlyLine((await init.finished()).stderr)).not.toContain("WASM_INIT_OPTIONS");
  });
});
