// A release: the same bytes wherever, whenever and by whomever it is made; and what it holds.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { architectures, ownArchitecture } from "../../tools/setup/architectures.mjs";
import { whyNot } from "../cross/machines.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { EPOCH, makeRelease } from "./making.ts";
import type { Circumstances } from "./making.ts";

const isThere = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;

const absent = isThere("dpkg-deb", "--version") ? undefined : "dpkg-deb is missing";
const isRoot = process.getuid?.() === 0;

/** Why not all architectures are in the release: they take their compilers, and minutes. */
const onlyOwn = architectures.map((it) => whyNot(it, () => false)).find((why) => why);
const word = onlyOwn === undefined ? "all" : ownArchitecture;
const names = word === "all" ? architectures.map(({ name }) => name) : [ownArchitecture];

const NOBODY = 65534;

/** What the second release is made in, as far as this machine can. */
function another(folder: string): { circumstances: Circumstances; same: string[] } {
  const same: string[] = [];
  const circumstances: Circumstances = {
    folder: join(folder, "another, deeper/place"),
    umask: "077",
    env: { TZ: "Asia/Kathmandu", LANG: "C.UTF-8" },
  };
  // Whoever measures time with the monotonic clock, such as Node's event loop, may go on.
  if (isThere("faketime", "2031-02-03", "true"))
    circumstances.under = ["faketime", "--exclude-monotonic", "2031-02-03 04:05:06"];
  else same.push("time (faketime is missing: apt-get install faketime)");
  if (isRoot && isThere("unshare", "--mount", "true")) circumstances.id = NOBODY;
  else same.push("user (that takes root)");
  return { circumstances, same };
}

describe("a release", { timeout: 600_000 }, () => {
  let folder = "";
  let same: string[] = [];
  const made = () => join(folder, "one/build/release");
  const sums = (of: string) => readFileSync(join(of, "build/release/SHA256SUMS"), "utf8");
  const debs = () => readdirSync(made()).filter((name) => name.endsWith(".deb"));
  const ownDeb = () => join(made(), debs().find((name) => name.includes(ownArchitecture)) ?? "");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "wasm-init-release-"));
    chmodSync(folder, 0o755);
    if (absent) return;
    const other = another(folder);
    same = other.same;
    await Promise.all([
      makeRelease({ folder: join(folder, "one"), umask: "022" }, word),
      makeRelease(other.circumstances, word),
    ]);
  }, 1_800_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has the same bytes in another folder, by another user, at another time", ({
    skip,
    task,
  }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    expect(sums(join(folder, "one"))).toBe(sums(join(folder, "another, deeper/place")));
    for (const it of same) process.stderr.write(`SKIPPED: a release with another ${it}\n`);
  });

  test("holds a binary and a Debian package of each architecture, and the rest", ({
    skip,
    task,
  }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    if (onlyOwn) process.stderr.write(`SKIPPED: a release of all architectures: ${onlyOwn}\n`);
    const expected = [
      ...names.map((name) => expect.stringMatching(`^wasm-init_.*_${name}\\.deb$`) as string),
      ...names.map((name) => `wasm-init-linux-${name}`),
      ...["RELEASE.md", "SHA256SUMS", "_wasm-init", "sbom.cdx.json"],
      ...["wasm-init.1", "wasm-init.bash", "wasm-init.fish"],
      expect.stringMatching(/^wasm-init-[\d.]+\.tgz$/) as string,
    ];
    expect(readdirSync(made())).toHaveLength(expected.length);
    expect(readdirSync(made())).toEqual(expect.arrayContaining(expected));
    const { status } = spawnSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], {
      cwd: made(),
    });
    expect(status).toBe(0);
  });

  test("has a bill of materials that names the project, and all its packages", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const text = readFileSync(join(made(), "sbom.cdx.json"), "utf8");
    const { bomFormat, metadata, components } = JSON.parse(text) as {
      bomFormat: string;
      metadata: { timestamp: string; component: { name: string } };
      components: { name: string; hashes: unknown[] }[];
    };
    expect(bomFormat).toBe("CycloneDX");
    expect(metadata.component.name).toBe("wasm-init");
    expect(metadata.timestamp).toBe(new Date(Number(EPOCH) * 1000).toISOString());
    expect(components.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["assemblyscript", "wabt", "binaryen"]),
    );
  });

  test("has a package that installs, runs, is verified and goes without a trace", ({
    skip,
    task,
  }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    if (!isRoot) return skipLoudly({ skip, task }, "chroot takes root");
    const root = join(folder, "root");
    mkdirSync(join(root, "var/lib/dpkg/info"), { recursive: true });
    mkdirSync(join(root, "var/lib/dpkg/updates"));
    writeFileSync(join(root, "var/lib/dpkg/status"), "");
    const dpkg = (...args: string[]) =>
      execFileSync("dpkg", [`--root=${root}`, "--log=/dev/null", ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    dpkg("--install", ownDeb());
    // There is no shell, no library and no /proc in there.
    const init = ["chroot", root, "/usr/bin/wasm-init"] as const;
    const run = (...words: string[]) => spawnSync(init[0], [...init.slice(1), ...words]).status;
    expect(run("--version")).toBe(0);
    expect(run("-e", "0:7", "--", "/usr/bin/wasm-init", "--help")).toBe(7);
    expect(run("/usr/bin/no-such")).toBe(127);
    expect(dpkg("--verify", "wasm-init")).toBe("");
    const listed = dpkg("--listfiles", "wasm-init");
    expect(listed).toContain("/usr/share/man/man1/wasm-init.1.gz\n");
    dpkg("--purge", "wasm-init");
    expect(readdirSync(root)).toEqual(["var"]);
  });

  test("has packages in which lintian finds nothing", ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    if (!isThere("lintian", "--version"))
      return skipLoudly({ skip, task }, "lintian is missing: apt-get install lintian");
    for (const name of debs()) {
      const args = ["--allow-root", "--display-info", "--pedantic", "--fail-on", "pedantic"];
      const { status, stdout } = spawnSync("lintian", [...args, join(made(), name)], {
        encoding: "utf8",
      });
      expect({ name, status, stdout }).toEqual({ name, status: 0, stdout: "" });
    }
  });
});
