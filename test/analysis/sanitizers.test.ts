// The suites of real runs, with the static binary's sources under AddressSanitizer and UBSan: the
// shim, the loop and the core in C. test/fuzz/ runs the same loop under them on a fake kernel.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { present } from "../../tools/setup/paths.mjs";
import { buildSanitized, leftOut } from "../../tools/build/hosted.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const PATIENCE_MS = 1_200_000;
const FOUND = 99;

const suites = ["test/system", "test/shutdown"];

const files = suites.flatMap((suite) =>
  readdirSync(root + suite)
    .filter(
      (name) => name.endsWith(".test.ts") && !leftOut.files.includes(name.replace(".test.ts", "")),
    )
    .map((name) => `${suite}/${name}`),
);

interface Outcome {
  fullName: string;
  status: string;
  failureMessages: string[];
}

function whyAbsent(): string | undefined {
  if (process.env.CI !== "true") return "with CI=true only";
  if (process.arch !== "x64") return "vfork under the sanitizer is written for amd64 alone";
  if (!present("clang")) return "clang is missing";
  return whyNoPid1();
}

describe("under AddressSanitizer and UBSan", { timeout: PATIENCE_MS }, () => {
  const absent = whyAbsent();
  const folder = mkdtempSync(join(tmpdir(), "wasm-init-sanitizers-"));
  const ends = join(folder, "ends");
  let built: ReturnType<typeof buildSanitized>;

  beforeAll(() => {
    if (absent === undefined) built = buildSanitized(ends);
  }, PATIENCE_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** How many inits were ended by what was found in them. */
  const ended = () => readFileSync(ends).readInt32LE();
  const forget = () => writeFileSync(ends, Buffer.alloc(4), { mode: 0o666 });

  test("a read past the end of the linear memory is found", ({ skip, task }) => {
    if (absent !== undefined) return skipLoudly({ skip, task }, absent);
    forget();
    const { status, stderr } = spawnSync(built.binary, [], {
      cwd: root,
      argv0: "past",
      encoding: "utf8",
    });
    expect({ status, ended: ended() }).toEqual({ status: FOUND, ended: 1 });
    expect(stderr).toContain("test/hosted/main.c");
  });

  test("the suites of real runs pass, and nothing is found", ({ skip, task }) => {
    if (absent !== undefined) return skipLoudly({ skip, task }, absent);
    forget();
    const report = join(folder, "report.json");
    const args = ["run", "--project", "tests", ...files];
    args.push("-t", `^(?!(?:${leftOut.tests.join("|")})$)`);
    args.push("--reporter=json", `--outputFile.json=${report}`);
    spawnSync("node_modules/.bin/vitest", args, {
      cwd: root,
      env: {
        ...process.env,
        WASM_INIT_BINARY: root + built.binary,
        WASM_INIT_TRAPPING: root + built.trapping,
      },
      stdio: "ignore",
    });
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: { assertionResults: Outcome[] }[];
    };
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status === "failed");
    expect(failed.map((it) => `${it.fullName}: ${it.failureMessages.join("\n")}`)).toEqual([]);
    expect(results.filter(({ status }) => status === "passed").length).toBeGreaterThan(400);
    expect(ended()).toBe(0);
  });
});
