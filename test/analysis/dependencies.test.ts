// The packages that the project is built with.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { audit, licenseList, refused } from "../../tools/check/dependencies.ts";
import { components } from "../../tools/release/sbom.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(root + file, "utf8"));

test("every package is pinned: one version in package.json, a digest in the lock file", () => {
  const { devDependencies, ...others } = read("package.json") as {
    devDependencies: Record<string, string>;
    dependencies?: unknown;
  };
  expect(others.dependencies).toBeUndefined();
  for (const version of Object.values(devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  const { packages } = read("package-lock.json") as { packages: Record<string, Locked> };
  const names = Object.keys(packages).filter((name) => name !== "");
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !/^sha512-/.test(packages[name]?.integrity ?? ""))).toEqual([]);
});

test("every package has a licence on our lists, which are narrower for what we ship", () => {
  const all = components();
  expect(refused(all)).toEqual([]);
  // The lists refuse: what says nothing, what is on none, and what only a tool may have.
  const [none, odd, shipped] = [
    { name: "none", version: "1.0.0", licenses: [] },
    { name: "odd", version: "1.0.0", licenses: ["MIT", "GPL-3.0-only"] },
    { name: "wabt", version: "1.0.0", licenses: ["MPL-2.0"] },
  ];
  expect(refused([...all, none, odd, shipped])).toEqual([none, odd, shipped]);
  expect(licenseList(all)).toMatch(/^MIT: .*\bvitest \d/m);
});

test.for(["tools/check/analyze.ts", "tools/check/dependencies.ts"])(
  "%s names a word that it does not know, and what there is",
  (tool) => {
    const args = ["--import", "tsx", tool, "nonsense"];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
    });
    expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
    expect(stderr).toMatch(/^'nonsense' is not a part: expected \w+, [\w, ]+\n$/);
  },
);

test("no advisory of high severity is known against a package", ({ skip, task }) => {
  if (process.env.CI !== "true")
    skipLoudly({ skip, task }, "with CI=true only; npm run dependencies");
  const { unanswered, advisories } = audit();
  if (unanswered !== undefined)
    skipLoudly({ skip, task }, `no registry answers npm audit: ${unanswered}`);
  expect(advisories).toEqual([]);
});
