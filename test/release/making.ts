// Makes releases in copies of the checkout, under circumstances that differ in all that a build
// could take notice of.
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ownArchitecture } from "../../tools/setup/architectures.mjs";
import { root } from "../support/paths.ts";

const inputs = ["assembly", "host", "replay", "tools", "package.json", "package-lock.json"];
inputs.push("tsconfig.json", "asconfig.json", "LICENSE", "CHANGELOG.md", "README.md", ".npmrc");

/** The time that the release is to bear. */
export const EPOCH = "1700000000";

export interface Circumstances {
  /** The checkout. */
  folder: string;
  umask: string;
  /** Words of a program that runs the rest in other circumstances. */
  under?: readonly string[];
  /** User and group, which takes root. */
  id?: number;
  env?: Readonly<Record<string, string>>;
}

/** Copies the sources: no products, no packages and no history. */
function copy({ folder, id }: Circumstances): void {
  mkdirSync(folder, { recursive: true });
  for (const input of inputs) {
    cpSync(root + input, join(folder, input), {
      recursive: true,
      filter: (path) => !/host\/node\/(build|node_modules)/.test(path),
    });
  }
  // Another user may not be able to go through the folders above the checkout's packages.
  if (id === undefined) symlinkSync(`${root}node_modules`, join(folder, "node_modules"));
  else mkdirSync(join(folder, "node_modules"));
  mkdirSync(join(folder, "home"));
  chmodSync(folder, 0o755);
}

/** Makes a release, of this architecture or of all. */
export async function makeRelease(
  circumstances: Circumstances,
  word = ownArchitecture,
): Promise<void> {
  copy(circumstances);
  const { folder, umask, under = [], id, env } = circumstances;
  const steps = [
    "build/build.ts --no-trap",
    "build/addon.ts",
    `build/cross.ts ${word}`,
    `release/release.ts ${word}`,
  ];
  const script = [
    `umask ${umask}`,
    ...steps.map((step) => `"${process.execPath}" --import tsx tools/${step}`),
  ].join(" && ");
  const words = [...under, "sh", "-c", script];
  if (id !== undefined) {
    await promisify(execFile)("chown", ["-R", `${id}:${id}`, folder]);
    const mounts = 'mount --bind "$0" "$1" && shift && exec "$@"';
    words.unshift(
      ...[
        "unshare",
        "--mount",
        "sh",
        "-c",
        mounts,
        `${root}node_modules`,
        `${folder}/node_modules`,
      ],
      ...["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups"],
    );
  }
  const [program = "", ...rest] = words;
  await promisify(execFile)(program, rest, {
    cwd: folder,
    env: { ...process.env, SOURCE_DATE_EPOCH: EPOCH, HOME: join(folder, "home"), ...env },
    maxBuffer: 1 << 26,
  });
}
