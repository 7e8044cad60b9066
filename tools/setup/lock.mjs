// One set-up at a time in a checkout.
import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { say } from "./say.mjs";

/**
 * Waits until no other set-up of this checkout is at work, and keeps others out from now on.
 *
 * flock(2) belongs to the open file: the kernel lets go of it when the last process that holds the
 * file open has ended. No lock is left behind, and an installation that inherits the file keeps the
 * lock even if it outlives the set-up that started it.
 * @returns {number | undefined} the open file, or undefined where there is no flock(1)
 */
export function lock() {
  const file = openSync(join(root, "tools/setup"), "r");
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ["ignore", 2, 2, file];
  // With -n, 1 says that another process holds the lock: flock(1).
  let { status } = spawnSync("flock", ["-n", "3"], { stdio });
  if (status === 1) {
    say("another set-up of this checkout is running: waiting for it");
    status = spawnSync("flock", ["3"], { stdio }).status;
  }
  return status === 0 ? file : undefined;
}
