/**
 * Puts a release into build/release/: for each architecture, whose binary has been built before,
 * the static binary and a Debian package; the npm package with all of them; completions, man page,
 * SBOM, notes and SHA256SUMS.
 *
 *   tsx tools/release/release.ts [ARCH|all]
 *
 * Same sources, same bytes: every time stamp is SOURCE_DATE_EPOCH, or the last commit's.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { tables } from "../../assembly/options/tables";
import { architecturesNamed, binaryOf } from "../setup/architectures.mjs";
import { releaseNotes } from "./changelog";
import { bashCompletion, fishCompletion, zshCompletion } from "./completions";
import { day, version } from "./dated";
import { debianPackage } from "./debian";
import { put } from "./files";
import { manPage } from "./man";
import { packageFor as npmPackageFor } from "./npm";
import { bill } from "./sbom";

const folder = "build/release";
const word = process.argv[2] ?? "all";
const [own] = tables;
if (own === undefined) throw new Error("there is no option table");

function checksums(): string {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const hash = createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex");
      return `${hash}  ${name}\n`;
    })
    .join("");
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const architecture of architecturesNamed(word)) {
  const binary = binaryOf(architecture);
  put(join(folder, basename(binary)), readFileSync(binary), 0o755);
  debianPackage(architecture.name, binary, own, folder);
}
npmPackageFor(word, folder);
put(`${folder}/wasm-init.1`, manPage(own, version, day));
put(`${folder}/wasm-init.bash`, bashCompletion(own));
put(`${folder}/_wasm-init`, zshCompletion(own));
put(`${folder}/wasm-init.fish`, fishCompletion(own));
put(`${folder}/sbom.cdx.json`, bill());
put(`${folder}/RELEASE.md`, releaseNotes());
put(`${folder}/SHA256SUMS`, checksums());
