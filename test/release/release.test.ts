// A release: the same bytes wherever and whenever it is made, and texts that can't drift from
// the options.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { tables } from "../../assembly/options/tables.ts";
import { ownArchitecture } from "../../scripts/lib/architectures.mjs";
import { bashCompletion, fishCompletion, zshCompletion } from "../../tools/completions.ts";
import { manPage } from "../../tools/man.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const inputs = ["assembly", "host", "tools", "scripts", "package.json", "package-lock.json"];
inputs.push("tsconfig.json", "LICENSE", "CHANGELOG.md", "README.md", ".npmrc");

const absent =
  spawnSync("dpkg-deb", ["--version"]).status === 0 ? undefined : "dpkg-deb is missing";

/** Makes a release in a copy of the checkout. */
function release(folder: string, umask: string): void {
  for (const input of inputs) {
    cpSync(root + input, join(folder, input), {
      recursive: true,
      filter: (path) => !/host\/node\/(build|node_modules)/.test(path),
    });
  }
  symlinkSync(`${root}node_modules`, join(folder, "node_modules"));
  const tsx = `"${process.execPath}" --import tsx`;
  const steps = [
    "build.ts --no-trap",
    "addon.ts",
    `cross.ts ${ownArchitecture}`,
    `release.ts ${ownArchitecture}`,
  ];
  const script = steps.map((step) => `${tsx} tools/${step}`).join(" && ");
  execFileSync("sh", ["-c", `umask ${umask}; ${script}`], {
    cwd: folder,
    env: { ...process.env, SOURCE_DATE_EPOCH: "1700000000" },
    stdio: ["ignore", "ignore", 2],
  });
}

describe("a release", () => {
  let folder = "";
  const sums = (name: string) =>
    readFileSync(join(folder, name, "build/release/SHA256SUMS"), "utf8");

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-init-release-"));
    if (absent) return;
    for (const [name, umask] of [
      ["one", "022"],
      ["another, deeper/one", "077"],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      release(join(folder, name), umask);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has the same bytes in another folder, at another time", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    expect(sums("one")).toBe(sums("another, deeper/one"));
    expect(sums("one")).toMatch(/ {2}wasm-init_.*\.deb\n/);
    expect(sums("one")).toMatch(/ {2}wasm-init-[\d.]+\.tgz\n/);
  });

  test("has a package that unpacks to the binary and its man page", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const made = join(folder, "one/build/release");
    const name = /wasm-init_.*\.deb/.exec(sums("one"))?.[0] ?? "";
    const listed = execFileSync("dpkg-deb", ["--contents", join(made, name)], { encoding: "utf8" });
    expect(listed).toMatch(/^-rwxr-xr-x root\/root .* \.\/usr\/bin\/wasm-init$/m);
    expect(listed).toMatch(/\.\/usr\/share\/man\/man1\/wasm-init\.1\.gz$/m);
  });
});

describe("the man page and the completions", () => {
  const [own] = tables;
  if (own === undefined) throw new Error("there is no option table");
  const page = manPage(own, "1.2.3", "2026-01-31").replaceAll("\\-", "-");

  test.for(own.rows.map((row) => row.long ?? row.short ?? ""))("know --%s", (name) => {
    expect(page).toContain(`--${name}`);
    expect(bashCompletion(own)).toContain(`--${name}`);
    expect(zshCompletion(own)).toContain(`--${name}`);
    expect(fishCompletion(own)).toContain(`-l ${name}`);
  });

  test("are read by bash without a complaint", () => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: bashCompletion(own) });
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: "" });
  });
});
