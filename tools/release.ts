/**
 * Puts a release into build/release/: for each architecture, whose binary has been built before,
 * the static binary and a Debian package; the npm package with all of them; completions, man page,
 * SBOM, notes and SHA256SUMS.
 *
 *   tsx tools/release.ts [ARCH|all]
 *
 * Same sources, same bytes: every time stamp is SOURCE_DATE_EPOCH, or the last commit's.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tables } from "../assembly/options/tables";
import { architecturesNamed, binaryOf } from "../scripts/lib/architectures.mjs";
import { bashCompletion, fishCompletion, zshCompletion } from "./completions";
import { put } from "./files";
import { manPage } from "./man";
import { packageFor as npmPackageFor } from "./npm";

const folder = "build/release";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const [own] = tables;
if (own === undefined) throw new Error("there is no option table");

/** Seconds since 1970 that everything is dated. */
const epoch = process.env.SOURCE_DATE_EPOCH ?? lastCommit();

function lastCommit(): string {
  try {
    return execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim();
  } catch {
    return "0";
  }
}

/** The files of the packages beside the binary, by their paths. */
function sharedFiles(): Map<string, string | Uint8Array> {
  if (own === undefined) throw new Error("there is no option table");
  const date = new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
  const share = "usr/share";
  return new Map<string, string | Uint8Array>([
    [`${share}/man/man1/wasm-init.1.gz`, gzipSync(manPage(own, version, date), { level: 9 })],
    [`${share}/bash-completion/completions/wasm-init`, bashCompletion(own)],
    [`${share}/zsh/vendor-completions/_wasm-init`, zshCompletion(own)],
    [`${share}/fish/vendor_completions.d/wasm-init.fish`, fishCompletion(own)],
    // An init that is copied into images of any C library, or none.
    [`${share}/lintian/overrides/wasm-init`, "wasm-init: statically-linked-binary *\n"],
    [`${share}/doc/wasm-init/copyright`, readFileSync("LICENSE")],
    [`${share}/doc/wasm-init/changelog.gz`, gzipSync(readFileSync("CHANGELOG.md"), { level: 9 })],
  ]);
}

function openFolders(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
}

/** One Debian package. */
function packageFor(name: string, binary: string): void {
  const root = `build/package/${name}`;
  rmSync(root, { recursive: true, force: true });
  put(`${root}/usr/bin/wasm-init`, readFileSync(binary), 0o755);
  for (const [path, bytes] of sharedFiles()) put(join(root, path), bytes);
  const control = [
    "Package: wasm-init",
    `Version: ${version}`,
    `Architecture: ${name}`,
    "Maintainer: The wasm-init developers <wasm-init@users.noreply.github.com>",
    `Installed-Size: ${Math.ceil(statSync(binary).size / 1024) + 8}`,
    "Section: admin",
    "Priority: optional",
    "Description: container init that decides in WebAssembly",
    " Starts one command, forwards signals to it, reaps what it adopts and ends",
    " with the status of the command. Stands in for dumb-init, tini and catatonit.",
    "",
  ].join("\n");
  put(`${root}/DEBIAN/control`, control);
  openFolders(root);
  execFileSync(
    "dpkg-deb",
    ["--build", "--root-owner-group", root, `${folder}/wasm-init_${version}_${name}.deb`],
    { env: { ...process.env, SOURCE_DATE_EPOCH: epoch }, stdio: ["ignore", "ignore", "inherit"] },
  );
}

/** npm's own list of what the build is made of, with the two fields that differ from run to run. */
function bill(): string {
  const text = execFileSync(
    "npm",
    ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const sbom = JSON.parse(text) as { serialNumber?: string; metadata: { timestamp: string } };
  delete sbom.serialNumber;
  sbom.metadata.timestamp = new Date(Number(epoch) * 1000).toISOString();
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** The newest version's part of the changelog. */
function notes(): string {
  const part = readFileSync("CHANGELOG.md", "utf8").split(/^## /m)[1] ?? "";
  if (!part.startsWith(`${version}\n`)) throw new Error(`CHANGELOG.md begins not with ${version}`);
  return `# wasm-init ${part}`;
}

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
for (const architecture of architecturesNamed(process.argv[2] ?? "all")) {
  const binary = binaryOf(architecture);
  copyFileSync(binary, `${folder}/wasm-init-linux-${architecture.name}`);
  packageFor(architecture.name, binary);
}
npmPackageFor(process.argv[2] ?? "all", folder);
const date = new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
put(`${folder}/wasm-init.1`, manPage(own, version, date));
put(`${folder}/wasm-init.bash`, bashCompletion(own));
put(`${folder}/_wasm-init`, zshCompletion(own));
put(`${folder}/wasm-init.fish`, fishCompletion(own));
put(`${folder}/sbom.cdx.json`, bill());
put(`${folder}/RELEASE.md`, notes());
put(`${folder}/SHA256SUMS`, checksums());
