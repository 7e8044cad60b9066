// A machine that has Node, and nothing else that the project needs: no compiler, no npm packages
// and no build. A Debian system in a folder stands for it.
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CERTIFICATES, debianSystem } from "../support/debian-system.ts";
import { environment, run } from "../support/npm.ts";
import type { Ended } from "../support/npm.ts";
import { root } from "../support/paths.ts";
import { skipLoudly } from "../support/system-test.ts";

const HOOK_MS = 600_000;
const TEST_MS = 600_000;
const registry = run("npm", ["config", "get", "registry"]).stdout.trim();

/** How far a folder is a machine: with processes, devices and names of its own. */
const ENTER = `
mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" || exit 99
exec chroot "$0" sh -c 'cd /checkout && exec "$@"' sh "$@"`;

let absent = process.env.CI === "true" ? undefined : "an empty machine is tried with CI=true only";
const machine = mkdtempSync(join(tmpdir(), "wasm-init-machine-"));

beforeAll(async () => {
  if (absent) return;
  if (run("npm", ["view", "typescript", "name"]).status !== 0) {
    absent = "npm reaches no registry";
    return;
  }
  const system = await debianSystem("node");
  if ("why" in system) {
    absent = system.why;
    return;
  }
  run("tar", ["-xf", system.path, "-C", machine, "--exclude=./dev/*"]);
  for (const name of ["/etc/resolv.conf", "/etc/hosts"]) {
    if (existsSync(name)) cpSync(name, machine + name, { dereference: true });
  }
  mkdirSync(join(machine, "checkout"));
  const left = [".git", "build", "node_modules", "host/node/addon/build"].map((it) => root + it);
  const filter = (path: string) => !left.includes(path);
  cpSync(root, join(machine, "checkout"), { recursive: true, filter });
}, HOOK_MS);

// What is mounted in it is mounted for its own processes alone, and has gone with them.
afterAll(() => rmSync(machine, { recursive: true, force: true }), HOOK_MS);

/** Runs a program in the checkout on that machine, and ends what it leaves behind. */
function there(signal: AbortSignal, words: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child"];
  const args = [...namespaces, "sh", "-c", ENTER, machine, ...words];
  const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const variables = { ...environment(), ...env, HOME: "/root", PATH };
  return new Promise((resolve) => {
    execFile("unshare", args, { env: variables, signal }, (error, stdout, stderr) => {
      const status = error === null ? 0 : Number(error.code);
      resolve({ status, stdout, stderr });
    });
  });
}

test(
  "npm start in a fresh checkout gets a compiler and packages, builds, and runs the command",
  { timeout: TEST_MS },
  async ({ signal, skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    expect(
      (await there(signal, ["sh", "-c", "command -v gcc || command -v make"])).status,
    ).not.toBe(0);
    const ways = {
      npm_config_registry: registry,
      ...(existsSync(CERTIFICATES) ? { NODE_EXTRA_CA_CERTS: CERTIFICATES } : {}),
    };
    const first = await there(signal, ["npm", "start", "--", "sh", "-c", "exit 7"], ways);
    expect(first).toEqual({
      status: 7,
      stdout: "",
      stderr:
        "wasm-init: installing Debian packages: gcc libc6-dev\n" +
        "wasm-init: installing npm packages\n" +
        "wasm-init: building\n",
    });
    // Where everything is there, nothing is fetched: it needs no network.
    const offline = ["unshare", "--net", "npm", "start", "--", "sh", "-c", "echo hello; exit 7"];
    const second = await there(signal, offline);
    expect(second).toEqual({ status: 7, stdout: "hello\n", stderr: "" });
  },
);
