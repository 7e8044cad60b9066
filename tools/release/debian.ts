/** The Debian package of one architecture. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Table } from "../../assembly/options/tables";
import { debianChangelog } from "./changelog";
import { bashCompletion, fishCompletion, zshCompletion } from "./completions";
import { day, epoch, version } from "./dated";
import { put } from "./files";
import { manPage } from "./man";

const maintainer = "The wasm-init developers <wasm-init@users.noreply.github.com>";

const share = "usr/share";

function compressed(contents: string): Uint8Array {
  return gzipSync(contents, { level: 9 });
}

/** All files but the control ones, by their paths; the binary is the first. */
function files(binary: string, table: Table): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ["usr/bin/wasm-init", readFileSync(binary)],
    [`${share}/man/man1/wasm-init.1.gz`, compressed(manPage(table, version, day))],
    [`${share}/bash-completion/completions/wasm-init`, bashCompletion(table)],
    [`${share}/zsh/vendor-completions/_wasm-init`, zshCompletion(table)],
    [`${share}/fish/vendor_completions.d/wasm-init.fish`, fishCompletion(table)],
    // An init that is copied into images of any C library, or none.
    [`${share}/lintian/overrides/wasm-init`, "wasm-init: statically-linked-binary *\n"],
    [`${share}/doc/wasm-init/copyright`, readFileSync("LICENSE")],
    [`${share}/doc/wasm-init/changelog.gz`, compressed(debianChangelog(maintainer))],
  ]);
}

function control(architecture: string, bytes: number): string {
  return [
    "Package: wasm-init",
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${Math.ceil(bytes / 1024)}`,
    "Section: admin",
    "Priority: optional",
    "Description: container init that decides in WebAssembly",
    " Starts one command, forwards signals to it, reaps what it adopts and ends",
    " with the status of the command. Stands in for dumb-init, tini and catatonit.",
    "",
  ].join("\n");
}

/** Modes of folders that no umask decides. */
function openFolders(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
}

/** Makes the package around a binary, into a folder. */
export function debianPackage(
  architecture: string,
  binary: string,
  table: Table,
  folder: string,
): void {
  const root = `build/package/${architecture}`;
  rmSync(root, { recursive: true, force: true });
  const sums: string[] = [];
  let size = 0;
  for (const [path, contents] of files(binary, table)) {
    put(join(root, path), contents, path.startsWith("usr/bin/") ? 0o755 : 0o644);
    const bytes = readFileSync(join(root, path));
    size += bytes.length;
    sums.push(`${createHash("md5").update(bytes).digest("hex")}  ${path}\n`);
  }
  put(`${root}/DEBIAN/control`, control(architecture, size));
  put(`${root}/DEBIAN/md5sums`, sums.join(""));
  openFolders(root);
  const name = `wasm-init_${version}_${architecture}.deb`;
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", root, join(folder, name)], {
    env: { ...process.env, SOURCE_DATE_EPOCH: epoch },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
