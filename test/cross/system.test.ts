// The system suite with the binaries of other architectures: all of its tests pass but those that
// docs/architectures.md lists, with the reason, and all of these fail.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe } from "vitest";
import type { Architecture } from "../../tools/setup/architectures.mjs";
import { architectures, binaryOf, ownArchitecture } from "../../tools/setup/architectures.mjs";
import { whyNoPid1 } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { build, isNative, launcherOf, whyNot } from "./machines.ts";

const page = readFileSync(`${root}docs/architectures.md`, "utf8");

/** A part of the page that lists tests. */
interface Part {
  heading: string;
  names: string[];
}

const parts: Part[] = page
  .split(/^### /m)
  .slice(1)
  .map((text) => ({
    heading: text.split("\n", 1)[0] ?? "",
    names: [...text.matchAll(/^- (.*)$/gm)].flatMap((line) =>
      [...(line[1] ?? "").matchAll(/`([^`]*)`/g)].map((match) => match[1] ?? ""),
    ),
  }));

/** A pattern of the page as a regular expression. */
function expression(pattern: string): string {
  return pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
}

/** The names that are listed for an architecture in the parts whose headings begin so. */
function listed({ name }: Architecture, ...beginnings: string[]): string[] {
  const isHere = ({ heading }: Part) =>
    beginnings.some((beginning) => heading.startsWith(beginning)) &&
    // Where a heading names architectures, it means no others.
    (!/\bon \w/i.test(heading) || new RegExp(`\\b${name}\\b`).test(heading));
  return [...new Set(parts.filter(isHere).flatMap(({ names }) => names))];
}

/** The patterns of what fails on an architecture. */
function failing(architecture: Architecture): string[] {
  return listed(architecture, "On ", ...(isNative(architecture.name) ? [] : ["Under qemu:"]));
}

/** The files that are tried on an architecture. */
function files(architecture: Architecture): string[] {
  const left = listed(
    architecture,
    ...["Not tested anywhere", "Not tested on "],
    ...(isNative(architecture.name) ? [] : ["Not tested under qemu"]),
  );
  return readdirSync(`${root}test/system`)
    .filter((name) => name.endsWith(".test.ts") && !left.includes(name))
    .map((name) => `test/system/${name}`);
}

interface Outcome {
  fullName: string;
  status: string;
  failureMessages: string[];
}

describe.each(architectures.filter(({ name }) => name !== ownArchitecture))(
  "the system suite on $name",
  { timeout: 600_000 },
  (architecture) => {
    const absent = whyNot(architecture, () => false) ?? whyNoPid1();
    const patterns = failing(architecture);
    const all = `^(?:${patterns.map(expression).join("|")})$`;

    beforeAll(() => {
      if (!absent) build(architecture);
    });

    /** Runs the tests whose full names match, and returns what became of them. */
    const outcomes = async (
      { lab, signal }: { lab: Lab; signal: AbortSignal },
      names: string,
      patience: number,
    ) => {
      const report = join(lab.folder, "report.json");
      // The other projects run the same files on this machine's own binary, or under Node.
      const args = ["run", "--project", "tests", ...files(architecture), "-t", names];
      args.push("--reporter=json", `--outputFile.json=${report}`);
      const options = {
        cwd: root,
        env: {
          ...process.env,
          WASM_INIT_BINARY: root + binaryOf(architecture),
          WASM_INIT_LAUNCHER: launcherOf(architecture).join(" "),
          WASM_INIT_PATIENCE: String(patience),
        },
        signal,
        maxBuffer: Infinity,
      };
      const started = Date.now();
      const stderr = await new Promise<string>((resolve) => {
        // Its status says that a test failed, which the report tells better.
        execFile("node_modules/.bin/vitest", args, options, (_, __, text) => resolve(text));
      });
      const seconds = Math.round((Date.now() - started) / 1000);
      process.stderr.write(`the system suite on ${architecture.name}: ${seconds} s\n`);
      try {
        const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
          testResults: { assertionResults: Outcome[] }[];
        };
        const matching = new RegExp(names);
        return testResults
          .flatMap(({ assertionResults }) => assertionResults)
          .filter(({ fullName }) => matching.test(fullName));
      } catch {
        throw new Error(`the suite did not run:\n${stderr}`);
      }
    };
    const passed = (results: Outcome[]) =>
      results.filter(({ status }) => status === "passed").map(({ fullName }) => fullName);
    const failed = (results: Outcome[]) =>
      results
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) => [fullName, ...failureMessages].join("\n"));

    test("passes, but for what is listed", async ({ lab, signal, skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const results = await outcomes({ lab, signal }, `^(?!${all.slice(1)})`, 20_000);
      expect(failed(results).join("\n")).toBe("");
      expect(passed(results).length).toBeGreaterThan(100);
    });

    // Most of them end by waiting in vain: for a short time, then, and on one of each kind.
    if (!["arm64", "i386"].includes(architecture.name)) return;
    test("fails in all that is listed", async ({ lab, signal, skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const results = await outcomes({ lab, signal }, all, 1_000);
      expect(passed(results)).toEqual([]);
      const unmatched = patterns.filter((pattern) => {
        const one = new RegExp(`^${expression(pattern)}$`);
        return !results.some(({ fullName }) => one.test(fullName));
      });
      expect(unmatched).toEqual([]);
    });
  },
);
