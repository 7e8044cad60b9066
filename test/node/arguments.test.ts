// The library's arguments: what is wrong with them is said, and nothing has begun.
import { describe, expect, outputOf, test } from "./program.ts";

const TYPE = "ERR_INVALID_ARG_TYPE";
const VALUE = "ERR_INVALID_ARG_VALUE";

/** Calls, and how they are rejected. */
const wrong: [call: string, code: string, message: string][] = [
  [``, TYPE, "args must be an array, and is of type undefined"],
  [`"true"`, TYPE, "args must be an array, and is of type string"],
  [`["--", "echo", 5]`, TYPE, "args[2] must be a string, and is of type number"],
  [`["echo", , "a"]`, TYPE, "args[1] must be a string, and is of type undefined"],
  [`["--", "echo", "a\\0b"]`, VALUE, `args[2] has a NUL byte in it: "a\\u0000b"`],
  [`["--stop=TERM\\0", "true"]`, VALUE, `args[0] has a NUL byte in it: "--stop=TERM\\u0000"`],
  [`["true"], null`, TYPE, "options must be an object, and is of type null"],
  [`["true"], { env: "A=b" }`, TYPE, "options.env must be an object, and is of type string"],
  [
    `["true"], { env: { A: "x\\0B=y" } }`,
    VALUE,
    `options.env["A"] has a NUL byte in it: "x\\u0000B=y"`,
  ],
  [
    `["true"], { env: { "A\\0": "x" } }`,
    VALUE,
    `options.env["A\\u0000"] has a NUL byte in it: "A\\u0000"`,
  ],
  [`["true"], { onEvent: {} }`, TYPE, "options.onEvent must be a function, and is of type object"],
  [
    `["true"], { onAction: null }`,
    TYPE,
    "options.onAction must be a function, and is of type null",
  ],
  [
    `["true"], { signal: new AbortController() }`,
    TYPE,
    "options.signal must be an AbortSignal, and is of type object",
  ],
];

test("run() refuses what is wrong by its name, and then works as ever", async ({ lab }) => {
  const calls = wrong.map(([call]) => `() => run(${call})`);
  const code = `
    for (const call of [${calls.join(", ")}])
      await call().then((status) => say("status", status), (error) =>
        say(error instanceof TypeError, error.code, error.message));
    say(await run(["--", "sh", "-c", "exit 3"]));`;
  const { stdout, stderr } = await outputOf(lab, code);
  const said = wrong.map(([, code, message]) => `true ${code} ${message}`);
  expect(stdout.split("\n")).toEqual([...said, "3", ""]);
  expect(stderr).toBe("");
});

describe("run() takes", () => {
  test("an empty command line, as the init does: it lacks a command", async ({ lab }) => {
    const { stdout, stderr } = await outputOf(lab, `say(await run([]));`);
    expect(stdout).toBe("125\n");
    expect(stderr).toMatch(/^wasm-init: no command given: [^\n]*\n$/);
  });

  test("variables that are no texts, as child_process does", async ({ lab }) => {
    const code = `
      const env = { PATH: process.env.PATH, PORT: 8080, WASM_INIT_OPTIONS: undefined };
      await run(["sh", "-c", "echo $PORT,\${WASM_INIT_OPTIONS-none}"], { env });`;
    expect((await outputOf(lab, code)).stdout).toBe("8080,none\n");
  });
});

describe("an observer that aborts", () => {
  // Whenever it does: from within a drain of the boot, and of what follows.
  test.for(["Booted", "Named", "VariableRead", "WordRead", "Spawned"])(
    "on %s is one TERM to the init, after the drain",
    async (kind, { lab }) => {
      const code = `
        const abort = new AbortController();
        const told = [];
        const status = await run(["--stop=TERM:1h,KILL", "--", "sleep", "1000"], {
          signal: abort.signal,
          onEvent: ({ kind }) => {
            if (kind === library.EventKind.${kind}) abort.abort();
            if (kind === library.EventKind.SignalReceived) told.push("SignalReceived");
          },
        });
        say(status, told);`;
      expect((await outputOf(lab, code)).stdout).toBe("143 SignalReceived\n");
    },
  );
});

test("an observer of events that throws is an uncaught exception, and the run goes on", async ({
  lab,
}) => {
  const code = `
    let uncaught = 0;
    process.on("uncaughtException", ({ message }) => { if (message === "mine") uncaught++; });
    let seen = 0;
    const status = await run(["sh", "-c", "exit 6"], {
      onEvent: () => { seen++; throw new Error("mine"); },
    });
    await sleep(1);
    say(status, seen > 5, uncaught === seen);`;
  expect((await outputOf(lab, code)).stdout).toBe("6 true true\n");
});
