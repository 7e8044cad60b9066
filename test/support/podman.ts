// Podman with runc, in a corner of its own: storage, run-time state and configuration lie in one
// temporary folder, so that nothing else on the machine is touched, and all of it can be removed.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Output } from "./output.ts";
import type { Exit, Finished } from "./started.ts";
import { within } from "./wait.ts";

/** Building and first starts read whole images: longer than a process takes. */
const PATIENCE_MS = 60_000;

/** Why there are no containers here, if there are none. */
export function whyNoPodman(): string | undefined {
  if (process.getuid?.() !== 0) return "containers need root here: run the tests as root";
  for (const tool of ["podman", "runc"]) {
    if (spawnSync(tool, ["--version"], { stdio: "ignore" }).status !== 0) {
      return `${tool} is missing: apt-get install --no-install-recommends podman runc`;
    }
  }
  return undefined;
}

/** A container that runs in the foreground. */
export interface RunningContainer {
  readonly name: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Waits for the end of the container and of its output. */
  finished(): Promise<Finished>;
}

export class Podman {
  readonly #folder = mkdtempSync(join(tmpdir(), "wasm-init-podman-"));
  readonly #env: NodeJS.ProcessEnv;
  #containers = 0;

  constructor() {
    const file = (name: string, lines: string[]) => {
      const path = join(this.#folder, name);
      writeFileSync(path, `${lines.join("\n")}\n`);
      return path;
    };
    // Podman asks for more files than a process without CAP_SYS_RESOURCE may raise its limit to.
    const files = execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
    const limit = files === "unlimited" ? "1048576" : files;
    this.#env = {
      PATH: process.env.PATH,
      HOME: this.#folder,
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
      ]),
      CONTAINERS_STORAGE_CONF: file("storage.conf", [
        "[storage]",
        'driver = "overlay"',
        `graphroot = "${this.#folder}/storage"`,
        `runroot = "${this.#folder}/run"`,
      ]),
    };
  }

  /** Runs podman itself to its end. */
  async podman(...args: string[]): Promise<Finished> {
    return this.#start(args).finished();
  }

  /** The same, for what has to succeed. Answers what it printed. */
  async must(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.podman(...args);
    if (status !== 0) throw new Error(`podman ${args.join(" ")}: ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Builds an image from the Dockerfile of a folder. */
  async build(tag: string, folder: string, ...options: string[]): Promise<void> {
    const isolated = ["--network=none", "--pull=never", "--format=docker"];
    await this.must("build", "--quiet", ...isolated, ...options, "--tag", tag, folder);
  }

  /** Starts a container in the foreground, which is removed at its end. */
  run(image: string, options: string[], ...command: string[]): RunningContainer {
    const name = `wasm-init-${process.pid}-${++this.#containers}`;
    const isolated = ["--rm", "--network=none", "--pull=never", "--name", name];
    return { name, ...this.#start(["run", ...isolated, ...options, image, ...command]) };
  }

  /** Runs a shell script that calls podman, on a terminal of its own. */
  async onTerminal(script: string): Promise<Finished> {
    return this.#start(["-qec", script, "/dev/null"], "script").finished();
  }

  /** Ends all containers and removes all that podman has kept. */
  async remove(): Promise<void> {
    await this.podman("rm", "--all", "--force", "--time=0");
    await this.podman("system", "reset", "--force");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(args: string[], program = "podman") {
    const child = spawn(program, args, { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    const stdout = new Output(child.stdout);
    const stderr = new Output(child.stderr);
    const exit = new Promise<Exit>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (status, signal) => resolve({ status, signal }));
    });
    exit.catch(() => undefined);
    const end = async (): Promise<Finished> => {
      const ended = await exit;
      await Promise.all([stdout.ended, stderr.ended]);
      return { ...ended, stdout: stdout.text, stderr: stderr.text };
    };
    const explain = () => `stdout:\n${stdout.text}\nstderr:\n${stderr.text}`;
    const what = `${program} ${args.join(" ")} ends`;
    const finished = async () => {
      try {
        return await within(what, end(), PATIENCE_MS, explain);
      } catch (error) {
        child.kill("SIGKILL");
        throw error;
      }
    };
    return { stdout, stderr, finished };
  }
}
