// Debian's dockerd: its socket lies in its folder, too, and it makes no bridge and no firewall rule.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { openSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Engine, whyNoTools } from "./engine.ts";
import { eventually } from "./wait.ts";

const CLIENT = "/usr/bin/docker";

/** Why there is no Docker here, if there is none. */
export const whyNoDocker = () => whyNoTools("dockerd", CLIENT);

export class Docker extends Engine {
  readonly name = "docker";
  protected readonly client;
  protected readonly env;
  readonly #daemon: ChildProcess;
  readonly #log = join(this.folder, "log");
  /** What the daemon takes for its init; it looks anew for each container. */
  readonly #link = join(this.folder, "docker-init");

  /** Starts the daemon, with a program as what `--init` runs. */
  constructor(init: string) {
    super();
    const host = `--host=unix://${this.folder}/socket`;
    this.client = [CLIENT, host] as const;
    this.env = { PATH: process.env.PATH, HOME: this.folder };
    this.init(init);
    const log = openSync(this.#log, "w");
    const off = ["iptables", "ip6tables", "ip-forward", "ip-masq"].map((it) => `--${it}=false`);
    const at = (option: string, name: string) => `--${option}=${this.folder}/${name}`;
    const places = [at("data-root", "data"), at("exec-root", "exec"), at("pidfile", "pid")];
    const own = ["--bridge=none", "--storage-driver=overlay2", `--init-path=${this.#link}`];
    this.#daemon = spawn("dockerd", [...off, ...places, ...own, host], {
      stdio: ["ignore", log, log],
    });
  }

  init(program: string): string[] {
    rmSync(this.#link, { force: true });
    symlinkSync(program, this.#link);
    return ["--init"];
  }

  /** Waits until the daemon answers. */
  async ready(): Promise<void> {
    await eventually("dockerd answers", async () => {
      if (this.#daemon.exitCode !== null) throw new Error(this.said());
      return (await this.call("info")).status === 0;
    });
  }

  /** The daemon's log so far. */
  said(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** Builds an image by BuildKit. Returns what the builder said. */
  async build(patience: number, ...args: string[]): Promise<string> {
    const words = [...this.client, "build", "--progress=plain", ...args];
    return this.mustRun(words, { DOCKER_BUILDKIT: "1" }, patience);
  }

  /** Runs docker-compose to its end. */
  async compose(...args: string[]): Promise<string> {
    const socket = { DOCKER_HOST: `unix://${this.folder}/socket` };
    return this.mustRun(["docker-compose", "--project-name=test", ...args], socket, 60_000);
  }

  protected async end(): Promise<void> {
    this.#daemon.kill("SIGTERM");
    await eventually("dockerd ends", () => this.#daemon.exitCode !== null);
  }
}
