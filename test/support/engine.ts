// What the container engines have in common. Each keeps all that it has in one temporary folder, so
// that nothing else on the machine is touched, and all of it can be removed.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "./lab.ts";
import { Output } from "./output.ts";
import { optionsOfAll } from "./paths.ts";
import type { Exit, Finished } from "./started.ts";
import { Terminal } from "./terminal.ts";
import { eventually, within } from "./wait.ts";

/** First starts read whole images: longer than a process takes. */
const PATIENCE_MS = 60_000;

/** To unpack a whole system, on a machine that is busy. */
const WHOLE_SYSTEM_MS = 300_000;

/** Why an engine can't run here, if it can't: its programs are Debian's packages of the same name. */
export function whyNoTools(...tools: string[]): string | undefined {
  if (process.getuid?.() !== 0) return "containers need root here: run the tests as root";
  const isThere = (tool: string) =>
    spawnSync(tool, ["--version"], { stdio: "ignore" }).status === 0;
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) return undefined;
  return `${missing.join(" and ")} missing: npm run test:containers installs it on Debian`;
}

/** The options of `run`, with what gives the inits of whole suites other options. */
function withOptionsOfAll(options: string[]): string[] {
  const { WASM_INIT_OPTIONS: all } = optionsOfAll();
  if (all === undefined) return options;
  // Of two entries of a name the engines take the last.
  const own = options.map((it) => it.replace(/^WASM_INIT_OPTIONS=/, `$&${all} `));
  return ["--env", `WASM_INIT_OPTIONS=${all}`, ...own];
}

/** A program that was started, and will end by itself. */
export interface Running {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Waits for the end of the program and of its output. */
  finished(patience?: number): Promise<Finished>;
}

/** A container that runs in the foreground. */
export interface RunningContainer extends Running {
  readonly name: string;
}

export abstract class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), "wasm-init-engine-"));
  #containers = 0;

  abstract readonly name: string;
  /** The engine's client, and the words that always follow it. */
  protected abstract readonly client: readonly [string, ...string[]];
  protected abstract readonly env: NodeJS.ProcessEnv;

  /** The options of `run` that make a program the container's init. */
  abstract init(program: string): string[];

  /** Ends all containers, and the engine itself if it is a daemon. */
  protected abstract end(): Promise<void>;

  /** Runs the client to its end. */
  call(...args: string[]): Promise<Finished> {
    return this.#start(args).finished();
  }

  /** The same, for what has to succeed. Returns what it printed. */
  async must(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.call(...args);
    if (status !== 0) throw new Error(`${args.join(" ")}: ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Makes an image of a tar archive of its files; `changes` are lines of a Dockerfile. */
  async import(archive: string, tag: string, ...changes: string[]): Promise<void> {
    const options = changes.flatMap((line) => ["--change", line]);
    await this.mustRun([...this.client, "import", ...options, archive, tag], {}, WHOLE_SYSTEM_MS);
  }

  /** Starts a container in the foreground, which is removed with the engine. */
  run(image: string, options: string[], ...command: string[]): RunningContainer {
    const name = this.#newName();
    const running = this.#start(this.#runWords(name, image, options, command));
    const finished = async () => {
      const client = await running.finished();
      return { ...client, status: await this.statusOf(name, client.status) };
    };
    return { ...running, name, finished };
  }

  /** A container's status, given the one that the client ended with. */
  protected statusOf(_container: string, clients: number | null): Promise<number | null> {
    return Promise.resolve(clients);
  }

  /** The same with `-it`, on a pseudo-terminal that the test sits in front of. */
  onTerminal(lab: Lab, image: string, options: string[], ...command: string[]): Terminal {
    const [program, ...words] = this.client;
    const run = this.#runWords(this.#newName(), image, ["-it", ...options], command);
    const env = Object.entries(this.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return new Terminal(lab, program, [...words, ...run], Object.fromEntries(env));
  }

  /** Runs a shell script in a container. */
  async inside(container: string, script: string, ...options: string[]): Promise<Finished> {
    return this.call("exec", ...options, container, "sh", "-c", script);
  }

  /** Waits until a script in a container succeeds. Returns what it printed. */
  async insideAtLast(container: string, script: string): Promise<string> {
    return eventually(`in ${container}: ${script}`, async () => {
      const { status, stdout } = await this.inside(container, script);
      return status === 0 && { stdout };
    }).then(({ stdout }) => stdout);
  }

  /** Waits until a container runs, whatever its command does. */
  async runs(container: string): Promise<void> {
    const format = "--format={{.State.Status}}";
    await eventually(`${container} runs`, async () => {
      const { stdout } = await this.call("container", "inspect", format, container);
      return stdout.trim() === "running";
    });
  }

  /** Ends everything, and removes all that was kept. */
  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a program with the engine's environment, which has to succeed. */
  protected async mustRun(
    words: readonly string[],
    more: NodeJS.ProcessEnv,
    patience: number,
  ): Promise<string> {
    const { status, stdout, stderr } = await this.start(words, more).finished(patience);
    if (status !== 0) throw new Error(`${words.join(" ")}: ${status}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  /** Starts a program with the engine's environment. */
  protected start([program, ...args]: readonly string[], more: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(program ?? "", args, {
      // Podman's monitor leaves a file where it was started when the kernel runs out of memory.
      cwd: this.folder,
      env: { ...this.env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
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
    const finished = async (patience = PATIENCE_MS) => {
      try {
        return await within(what, end(), patience, explain);
      } catch (error) {
        child.kill("SIGKILL");
        throw error;
      }
    };
    return { stdout, stderr, finished };
  }

  #start(args: string[]): Running {
    return this.start([...this.client, ...args]);
  }

  #newName(): string {
    return `wasm-init-${process.pid}-${++this.#containers}`;
  }

  #runWords(name: string, image: string, options: string[], command: string[]): string[] {
    const isolated = ["--network=none", "--pull=never", "--name", name];
    return ["run", ...isolated, ...withOptionsOfAll(options), image, ...command];
  }
}
