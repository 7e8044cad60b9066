// Installs Debian packages with apt-get, which works only while no other apt or dpkg does.
import { present } from "./paths.mjs";
import { attempt, report } from "./run.mjs";
import { say } from "./say.mjs";

/** How long one installation waits in all for others to release apt's locks, in milliseconds. */
const LOCK_WAIT_MS = 120_000;
/** How often a lock is tried that apt-get itself does not wait for, that of the lists. */
const LOCK_RETRY_MS = 1000;

/** Tells whether this user on this system can install packages. */
export function canInstall() {
  return process.getuid?.() === 0 && present("apt-get");
}

/**
 * Installs packages. What fails is reported.
 * @param {string[]} packages
 */
export function install(packages) {
  say(`installing Debian packages: ${packages.join(" ")}`);
  const aptGet = waitingAptGet();
  // If the update fails, the lists that are there may do.
  aptGet("apt-get update", "update");
  /** @param {string[]} names */
  const get = (...names) =>
    aptGet(`installing ${names.join(" ")}`, "install", "-y", "--no-install-recommends", ...names);
  // One package that a release does not have would keep away all the others.
  if (!get(...packages) && packages.length > 1) for (const name of packages) get(name);
}

/**
 * Returns a function that runs apt-get, and returns whether it succeeded. If another program holds
 * a lock, it says so, once, and waits.
 */
function waitingAptGet() {
  // In English, since the error is what tells that a lock is held.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  /** @type {number | undefined} */
  let until;
  /** @param {string} what @param {string[]} args */
  return (what, ...args) => {
    for (;;) {
      const left_ms = until === undefined ? 0 : Math.max(0, until - Date.now());
      const timeout = `DPkg::Lock::Timeout=${Math.ceil(left_ms / 1000)}`;
      const outcome = attempt("apt-get", ["-qq", "-o", timeout, ...args], env);
      if (outcome.failure === undefined) return true;
      const holder = lockHolder(outcome.output);
      if (holder === undefined || (until !== undefined && left_ms === 0)) {
        report(what, outcome);
        return false;
      }
      if (until === undefined) {
        until = Date.now() + LOCK_WAIT_MS;
        say(`apt is in use by ${holder}: waiting up to ${LOCK_WAIT_MS / 1000} seconds`);
      } else sleep(LOCK_RETRY_MS);
    }
  };
}

/**
 * Returns who holds a lock, as apt-get's output names it; undefined if no lock was the reason.
 * @param {string} output
 */
function lockHolder(output) {
  const named = /^E: Could not get lock .* held by (process .*?)\.?$/m.exec(output);
  if (named) return named[1];
  const held = /^E: (Could not get lock|Unable to (lock|acquire) .*is another process using it)/m;
  return held.test(output) ? "another program" : undefined;
}

/** @param {number} duration_ms */
function sleep(duration_ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration_ms);
}
