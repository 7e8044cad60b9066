/** A checkout that is compared: how it is made, built and asked for its tests. */
import { execFileSync, type StdioOptions } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Core } from "../../../host/wasm/core.ts";

/** What the steps print goes to stderr. */
const stdio: StdioOptions = ["ignore", 2, 2];

/** The 40 digits of a commit. Git says on stderr what is wrong with its name, and this throws. */
export function commitNamed(name: string): string {
  const args = ["rev-parse", "--verify", "--end-of-options", `${name}^{commit}`];
  return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", 2] }).trim();
}

/**
 * Checks a commit out into a new folder, beside which nothing of it is left in the repository. With
 * the same package-lock.json, it has the packages of this checkout.
 */
export function checkOut(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), "wasm-init-compare-"));
  try {
    execFileSync("git", ["clone", "-q", "--shared", "--no-checkout", ".", folder], { stdio });
    execFileSync("git", ["-C", folder, "checkout", "-q", "--detach", commit], { stdio });
    const lockfile = (root: string) => readFileSync(join(root, "package-lock.json"), "utf8");
    if (lockfile(".") === lockfile(folder))
      symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Builds a checkout by its own set-up, for all architectures, with what its tests import. */
export function buildAll(root: string): void {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: { build: string };
  };
  // `node PATH/setup.mjs OPTION...`: the path is not the same in all commits.
  const [, setUp = ""] = scripts.build.split(" ");
  const args = [setUp, "--build", "--tests", "--arch", "all"];
  execFileSync(process.execPath, args, { cwd: root, stdio });
}

/** Names of all tests with their projects, without their files: these may move. */
export function testNames(root: string): string[] {
  const list = join(root, "build/tests.json");
  const args = ["node_modules/vitest/vitest.mjs", "list", `--json=${list}`];
  execFileSync(process.execPath, args, { cwd: root, stdio });
  const tests = JSON.parse(readFileSync(list, "utf8")) as { name: string; projectName?: string }[];
  rmSync(list);
  return tests.map(({ name, projectName = "" }) => `${projectName}: ${name}`).sort();
}

/** A core of a checkout, in the library that the checkout has for it. */
export async function coreOf(root: string): Promise<Core> {
  const url = pathToFileURL(join(root, "build/replay.mjs")).href;
  const { freshCore } = (await import(url)) as typeof import("../../../replay/library.ts");
  return freshCore();
}
