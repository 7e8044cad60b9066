// How programs of other architectures run here.
import { execFileSync, spawnSync } from "node:child_process";
import type { Architecture } from "../../tools/setup/architectures.mjs";
import { compilerOf, ownArchitecture } from "../../tools/setup/architectures.mjs";
import { root } from "../support/paths.ts";

/** Without CI=true, two that differ most: another one of the same kind, and a big-endian one. */
const few = ["arm64", "s390x"];

/** Where a test that isn't for CI alone tries an architecture. */
export const always = (name: string): boolean => few.includes(name);

/** The path of a program, if there is one. */
function pathOf(program: string): string | undefined {
  const { status, stdout } = spawnSync("sh", ["-c", 'command -v "$1"', "sh", program], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether the machine's own kernel runs the programs of an architecture. */
export function isNative(name: string): boolean {
  // Kernels of amd64 run i386 too; where one was built without that, the tests will say so.
  return name === ownArchitecture || (name === "i386" && ownArchitecture === "amd64");
}

/** The words before a program of an architecture that run it; a path, for a test may change PATH. */
export function launcherOf({ name, emulator }: Architecture): string[] {
  return isNative(name) ? [] : [pathOf(emulator) ?? emulator];
}

/** Why an architecture is not tried here, if it is not. */
export function whyNot(
  architecture: Architecture,
  isTried: (name: string) => boolean,
): string | undefined {
  const { name, emulator } = architecture;
  const tools = [compilerOf(architecture), ...(isNative(name) ? [] : [emulator])];
  const absent = tools.filter((tool) => pathOf(tool) === undefined);
  if (absent.length > 0) return `${absent.join(" and ")} missing: npm run build -- --arch ${name}`;
  if (process.env.CI !== "true" && !isTried(name)) return `${name} is tried with CI=true only`;
  return undefined;
}

/** Builds the binary of an architecture; one test worker at a time. */
export function build({ name }: Architecture): void {
  execFileSync(
    "flock",
    ["build", process.execPath, "--import", "tsx", "tools/build/cross.ts", name],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
    },
  );
}
