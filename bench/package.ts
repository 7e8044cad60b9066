/** How big the npm package is. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { architectures, binaryOf, ownArchitecture } from "../tools/setup/architectures.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A package and its sizes in bytes. */
export interface PackageSize {
  name: string;
  packed: number;
  unpacked: number;
}

/** The package with this machine's binary, and the one with all, if all have been built. */
export function packageSizes(): PackageSize[] {
  const lacking = architectures.filter(
    (architecture) =>
      architecture.name !== ownArchitecture && !existsSync(root + binaryOf(architecture)),
  );
  return [ownArchitecture, ...(lacking.length === 0 ? ["all"] : [])].map((word) => {
    execFileSync(process.execPath, ["--import", "tsx", "tools/release/npm.ts", word], {
      ...{ cwd: root, stdio: ["ignore", "ignore", "inherit"] },
    });
    const { name, version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
      name: string;
      version: string;
    };
    const tarball = readFileSync(`${root}build/${name}-${version}.tgz`);
    const called = word === "all" ? `${architectures.length} architectures` : word;
    return { name: called, packed: tarball.length, unpacked: gunzipSync(tarball).length };
  });
}
