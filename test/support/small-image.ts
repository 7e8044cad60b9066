// An image for either engine, made without a build: the binary, and busybox for all else.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine } from "./engine.ts";
import { binary } from "./paths.ts";

const BUSYBOX = "/bin/busybox";

/**
 * Imports it, with more files of this machine, by their paths in the image. `/etc/plain` is there
 * to be no program.
 */
export async function importSmallImage(
  engine: Engine,
  tag: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = join(engine.folder, tag.replace(/\W/g, "-"));
  for (const part of ["", "/bin", "/etc", "/tmp"]) mkdirSync(folder + part);
  chmodSync(`${folder}/tmp`, 0o1777);
  copyFileSync(binary, `${folder}/wasm-init`);
  copyFileSync(BUSYBOX, `${folder}/bin/busybox`);
  writeFileSync(`${folder}/etc/plain`, "no program\n");
  const applets = execFileSync(BUSYBOX, ["--list"], { encoding: "utf8" }).trim().split("\n");
  for (const applet of applets) {
    if (applet !== "busybox") symlinkSync("busybox", `${folder}/bin/${applet}`);
  }
  for (const [path, file] of Object.entries(more)) {
    mkdirSync(dirname(folder + path), { recursive: true });
    copyFileSync(file, folder + path);
  }
  execFileSync("tar", ["-C", folder, "-cf", `${folder}.tar`, "."]);
  await engine.import(`${folder}.tar`, tag, 'ENTRYPOINT ["/wasm-init", "--"]');
}
