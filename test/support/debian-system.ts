// A whole Debian system as a tar archive, for images of real programs: Debian's smallest, packages
// of choice, and this machine's Node and npm, since no registry of images can be had here.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cached } from "./cache.ts";

const run = promisify(execFile);
const SUITE = "bookworm";

/** What the machine trusts, and how it reaches Debian's packages, if it has ways of its own. */
export const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const APT = "/etc/apt/apt.conf.d";

/** What no container reads; LLVM is PostgreSQL's compiler for long queries. */
const LEFT_OUT = ["share/doc", "share/man", "share/locale", "lib/*/libLLVM", "lib/*/libz3"].map(
  (part) => `--dpkgopt=path-exclude=/usr/${part}*`,
);

/** npm's folder; undefined for an npm that lies scattered over the system. */
function npmFolder(): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(":")) {
    if (!existsSync(join(folder, "npm"))) continue;
    const program = realpathSync(join(folder, "npm"));
    const npm = dirname(dirname(program));
    return basename(program) === "npm-cli.js" && existsSync(join(npm, "node_modules"))
      ? npm
      : undefined;
  }
  return undefined;
}

/** Returns the archive of such a system, or why there is none. */
export async function debianSystem(
  name: string,
  ...packages: string[]
): Promise<{ path: string } | { why: string }> {
  if (process.getuid?.() !== 0) return { why: "a Debian system is made by root" };
  const npm = npmFolder();
  if (npm === undefined) return { why: "npm has no folder of its own that could be copied" };
  const hook = (line: string) => `--customize-hook=${line}`;
  const copies = [CERTIFICATES, APT].filter((path) => existsSync(path));
  const recipe = [
    ...["--quiet", "--variant=minbase", ...LEFT_OUT],
    `--include=${["libstdc++6", ...packages].join(",")}`,
    hook('mkdir -p "$1/usr/local/lib/node_modules" "$1/etc/ssl/certs"'),
    hook(`copy-in ${process.execPath} /usr/local/bin`),
    hook(`copy-in ${npm} /usr/local/lib/node_modules`),
    hook('ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"'),
    ...copies.map((path) => hook(`copy-in ${path} ${dirname(path)}`)),
    hook('rm -f "$1"/var/cache/apt/*.bin'),
    // This machine's Node may want other libraries than that system's.
    hook('chroot "$1" npm --version >&2'),
    SUITE,
  ];
  const hash = createHash("sha256").update(JSON.stringify([recipe, process.version]));
  const archive = `${name}-${hash.digest("hex").slice(0, 12)}.tar`;
  return cached(archive, async (folder) => {
    try {
      await run("mmdebstrap", [...recipe, archive], { cwd: folder });
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      throw missing ? new Error("apt-get install --no-install-recommends mmdebstrap") : error;
    }
    return archive;
  });
}
