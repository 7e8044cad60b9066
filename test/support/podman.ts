// Podman with runc, and buildah, which shares its storage and its configuration.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, whyNoTools } from "./engine.ts";
import { eventually } from "./wait.ts";

/** Why there is no podman here, if there is none. */
export const whyNoPodman = () => whyNoTools("podman", "runc");

export class Podman extends Engine {
  readonly name = "podman";
  protected readonly client = ["podman"] as const;
  protected readonly env: NodeJS.ProcessEnv;

  constructor() {
    super();
    const file = (name: string, lines: string[]) => {
      const path = join(this.folder, name);
      writeFileSync(path, `${lines.join("\n")}\n`);
      return path;
    };
    // Podman asks for more files than a process without CAP_SYS_RESOURCE may raise its limit to.
    const files = execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
    const limit = files === "unlimited" ? "1048576" : files;
    this.env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      CONTAINERS_CONF: file("containers.conf", [
        "[containers]",
        `default_ulimits = ["nofile=${limit}:${limit}", "nproc=4096:4096"]`,
        'log_driver = "k8s-file"',
        'netns = "none"',
        "[engine]",
        // crun refuses a machine with cgroups of both versions.
        'runtime = "runc"',
        'cgroup_manager = "cgroupfs"',
        'events_logger = "file"',
        // By default in places that all podmans of the machine share: one that is removed would take
        // the others' state with it.
        `tmp_dir = "${this.folder}/tmp"`,
        'lock_type = "file"',
      ]),
      CONTAINERS_STORAGE_CONF: file("storage.conf", [
        "[storage]",
        'driver = "overlay"',
        `graphroot = "${this.folder}/storage"`,
        `runroot = "${this.folder}/run"`,
      ]),
    };
  }

  init(program: string): string[] {
    return ["--init", `--init-path=${program}`];
  }

  /** Builds an image from the Dockerfile of a folder. */
  async build(tag: string, folder: string, ...options: string[]): Promise<void> {
    const isolated = ["--network=none", "--pull=never", "--format=docker"];
    await this.must("build", "--quiet", ...isolated, ...options, "--tag", tag, folder);
  }

  /** Starts the pods of a Kubernetes file, with an image for their pause containers. */
  async play(file: string, pause: string): Promise<void> {
    const conf = join(this.folder, "containers.conf");
    const own = readFileSync(conf, "utf8");
    writeFileSync(conf, `${own}infra_image = "${pause}"\n`);
    await this.must("kube", "play", "--network=none", file);
    writeFileSync(conf, own);
  }

  /** Waits until a container in the background has printed a line. */
  async says(container: string, pattern: RegExp): Promise<void> {
    await eventually(`${container} says ${pattern}`, async () =>
      pattern.test((await this.call("logs", container)).stdout),
    );
  }

  /**
   * Runs another program that knows podman's configuration, such as buildah, to its end. Returns
   * what it printed.
   */
  async tool(patience: number, ...words: string[]): Promise<string> {
    return this.mustRun(words, {}, patience);
  }

  /**
   * Podman 4.3 can miss a container's end when another podman has a hand in it, as `podman stop`
   * has: then `podman run` ends with 0 or 127. What it has written down is right.
   */
  protected override async statusOf(container: string, clients: number | null) {
    return eventually(`${container} is known to have ended`, async () => {
      const format = "--format={{.State.Status}} {{.State.ExitCode}}";
      const { status, stdout } = await this.call("container", "inspect", format, container);
      const [state = "", code] = stdout.trim().split(" ");
      // It never came to be, or never started, and the client has said why.
      if (status !== 0 || /^(configured|created)$/.test(state)) return { status: clients };
      // "stopped" is what is known to have ended, and not yet cleaned up.
      return /^(exited|stopped)$/.test(state) && { status: Number(code) };
    }).then((ended) => ended.status);
  }

  protected async end(): Promise<void> {
    await this.call("pod", "rm", "--all", "--force", "--time=0");
    await this.call("rm", "--all", "--force", "--time=0");
    await this.call("system", "reset", "--force");
  }
}
