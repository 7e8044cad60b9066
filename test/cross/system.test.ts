// The system suite with the binaries of other architectures: all of its tests pass but those that
// docs/architectures.md lists, with the reason, and all of these fail.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { Architecture } from "../../scripts/lib/architectures.mjs";
import { architectures, binaryOf, ownArchitecture } from "../../scripts/lib/architectures.mjs";
import { whyNoPid1 } from "../support/lab.ts";
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

/** The patterns of what fails on an architecture. */
function listed(architecture: Architecture): string[] {
  const place = isNative(architecture.name) ? "Under the kernel" : "Under qemu";
  const isHere = ({ heading }: Part) =>
    heading.startsWith(`${place}:`) ||
    (heading.startsWith("On ") && heading.split(":")[0]?.includes(architecture.name));
  return [...new Set(parts.filter(isHere).flatMap(({ names }) => names))];
}

/** The files that are tried on an architecture. */
function files(architecture: Architecture): string[] {
  const left = parts.find(({ heading }) => heading === "Not tried")?.names ?? [];
  // That one only takes too long under an emulator.
  const tried = isNative(architecture.name) ? ["no-lost-signal.test.ts"] : [];
  return readdirSync(`${root}test/system`)
    .filter((name) => name.endsWith(".test.ts"))
    .filter((name) => tried.includes(name) || !left.includes(name))
    .map((name) => `test/system/${name}`);
}

interface Outcome {
  fullName: string;
  status: string;
}

describe.each(architectures.filter(({ name }) => name !== ownArchitecture))(
  "the system suite on $name",
  { timeout: 600_000 },
  (architecture) => {
    const absent = whyNot(architecture, () => false) ?? whyNoPid1();
    const folder = mkdtempSync(join(tmpdir(), "wasm-init-cross-"));
    const patterns = listed(architecture);
    const all = `^(?:${patterns.map(expression).join("|")})$`;

    beforeAll(() => {
      if (!absent) build(architecture);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs the tests whose full names match, and answers with what became of them. */
    const outcomes = (names: string, patience: number): Outcome[] => {
      const report = join(folder, "report.json");
      const args = ["run", ...files(architecture), "-t", names];
      args.push("--reporter=json", `--outputFile.json=${report}`);
      const { stderr } = spawnSync("node_modules/.bin/vitest", args, {
        cwd: root,
        env: {
          ...process.env,
          WASM_INIT_BINARY: root + binaryOf(architecture),
          WASM_INIT_LAUNCHER: launcherOf(architecture).join(" "),
          WASM_INIT_PATIENCE: String(patience),
        },
        encoding: "utf8",
      });
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
    const namesOf = (results: Outcome[], ...statuses: string[]) =>
      results.filter(({ status }) => statuses.includes(status)).map(({ fullName }) => fullName);

    test("passes, but for what is listed", ({ skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const results = outcomes(`^(?!${all.slice(1)})`, 20_000);
      expect(namesOf(results, "failed")).toEqual([]);
      expect(namesOf(results, "passed").length).toBeGreaterThan(300);
    });

    // Most of them end by waiting in vain: for a short time, then, and on one of each kind.
    if (!["arm64", "i386"].includes(architecture.name)) return;
    // Promise: docs/architectures.md: ## What can't be shown
    test("fails in all that is listed", ({ skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const results = outcomes(all, 1_000);
      expect(namesOf(results, "passed")).toEqual([]);
      const unmatched = patterns.filter((pattern) => {
        const one = new RegExp(`^${expression(pattern)}$`);
        return !results.some(({ fullName }) => one.test(fullName));
      });
      expect(unmatched).toEqual([]);
    });
  },
);
