// Debian's dockerd in a corner of its own: storage, run-time state and socket in one temporary
// folder, and no bridge, no firewall rule.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./wait.ts";

const CLIENT = "/usr/bin/docker";

/** Why there is no Docker here, if there is none. */
export function whyNoDocker(): string | undefined {
  if (process.getuid?.() !== 0) return "dockerd needs root here: run the tests as root";
  for (const tool of ["dockerd", CLIENT]) {
    if (spawnSync(tool, ["--version"], { stdio: "ignore" }).status !== 0) {
      return `${tool} is missing: apt-get install --no-install-recommends docker.io`;
    }
  }
  return undefined;
}

export class Docker {
  readonly #folder = mkdtempSync(join(tmpdir(), "wasm-init-docker-"));
  readonly #daemon: ChildProcess;

  /** Starts the daemon, with a program of ours as what `--init` runs. */
  constructor(init: string) {
    const log = openSync(join(this.#folder, "log"), "w");
    const off = ["iptables", "ip6tables", "ip-forward", "ip-masq"].map((it) => `--${it}=false`);
    const at = (option: string, name: string) => `--${option}=${this.#folder}/${name}`;
    const places = [at("data-root", "data"), at("exec-root", "exec"), at("pidfile", "pid")];
    const own = ["--bridge=none", "--storage-driver=overlay2", `--init-path=${init}`];
    const args = [...off, ...places, ...own, `--host=${this.#host}`];
    this.#daemon = spawn("dockerd", args, { stdio: ["ignore", log, log] });
  }

  get #host() {
    return `unix://${this.#folder}/socket`;
  }

  /** Waits until the daemon answers. */
  async ready(): Promise<void> {
    await eventually("dockerd answers", () => {
      if (this.#daemon.exitCode !== null) {
        throw new Error(readFileSync(join(this.#folder, "log"), "utf8"));
      }
      return this.docker(["info"]).status === 0;
    });
  }

  /** Runs the client to its end. */
  docker(args: string[], input?: Buffer) {
    const { status, stdout, stderr } = spawnSync(CLIENT, ["--host", this.#host, ...args], {
      encoding: "utf8",
      timeout: 60_000,
      ...(input === undefined ? {} : { input }),
    });
    return { status, stdout, stderr };
  }

  /** Ends the daemon and removes all that it kept. */
  async remove(): Promise<void> {
    this.#daemon.kill("SIGTERM");
    await eventually("dockerd ends", () => this.#daemon.exitCode !== null);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
