// The real apt-get on a system of its own, without any package: its locks can be held without
// harm to the machine's.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Holds a lock as apt and dpkg do, by fcntl(2), until its standard input ends. */
const HOLDER = `
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
`;

/** Why there can be no such system here; undefined if there can. */
export function whyNoApt(): string | undefined {
  if (process.getuid?.() !== 0) return "apt-get installs nothing for a user who is not root";
  for (const program of ["apt-get", "python3"])
    if (spawnSync(program, ["--version"], { stdio: "ignore" }).status !== 0)
      return `${program} is missing`;
  return undefined;
}

/** In the folder of a checkout, whose set-up finds nothing but apt-get and Node. */
export class ScratchApt {
  readonly #folder: string;
  readonly #checkout: string;

  constructor(checkout: string) {
    this.#checkout = checkout;
    this.#folder = join(checkout, "apt");
    for (const part of ["bin", "dpkg", "sources", "state/lists/partial", "cache/archives/partial"])
      mkdirSync(join(this.#folder, part), { recursive: true });
    writeFileSync(join(this.#folder, "dpkg/status"), "");
    const settings = [
      `Dir::State "${this.#folder}/state";`,
      `Dir::State::status "${this.#folder}/dpkg/status";`,
      `Dir::Cache "${this.#folder}/cache";`,
      `Dir::Etc::sourcelist "/dev/null";`,
      `Dir::Etc::sourceparts "${this.#folder}/sources";`,
      `APT::Sandbox::User "root";`,
    ];
    writeFileSync(join(this.#folder, "apt.conf"), `${settings.join("\n")}\n`);
    const { stdout } = spawnSync("sh", ["-c", "command -v apt-get"], { encoding: "utf8" });
    symlinkSync(stdout.trim(), join(this.#folder, "bin/apt-get"));
  }

  /** A process that holds a lock, until it is released. */
  async hold(lock: string): Promise<{ pid: number; release: () => Promise<void> }> {
    const args = ["-c", HOLDER, join(this.#folder, lock)];
    const holder = spawn("python3", args, { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(holder, "exit");
    await once(holder.stdout, "data");
    const release = async () => {
      holder.stdin.end();
      await ended;
    };
    return { pid: holder.pid ?? 0, release };
  }

  /** `setup.mjs --build`, which wants a compiler. */
  setup(): { stderr: () => string; ended: Promise<number | null> } {
    const env = {
      ...process.env,
      PATH: join(this.#folder, "bin"),
      APT_CONFIG: join(this.#folder, "apt.conf"),
    };
    const options = { cwd: this.#checkout, env };
    const setup = spawn(process.execPath, ["tools/setup/setup.mjs", "--build"], options);
    let stderr = "";
    setup.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = once(setup, "close").then(([status]) => status as number | null);
    return { stderr: () => stderr, ended };
  }
}
