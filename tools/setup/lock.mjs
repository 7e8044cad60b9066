// One set-up at a time in a checkout.
import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Waits until no other set-up of this checkout is at work, and keeps others out from now on.
 *
 * flock(2) belongs to the open file: the kernel lets go of it when the last process that holds the
 * file open has ended. Nobody can leave a lock behind, and an installation that is handed the file
 * keeps the lock even if it outlives the set-up that started it.
 * @returns {number | undefined} the open file, or undefined where there is no flock(1)
 */
export function lock() {
  const file = openSync(join(root, "tools/setup"), "r");
  const { status } = spawnSync("flock", ["3"], { stdio: ["ignore", 2, 2, file] });
  return status === 0 ? file : undefined;
}
