// The npm package's launcher: whichever shell runs it and however it is called, it becomes the
// binary for the machine that uname tells of.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { architectures, ownArchitecture } from "../../tools/setup/architectures.mjs";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["sh"]];

/** busybox's shell prefers its own uname to any on PATH: there, this machine has to do. */
const itself = spawnSync("uname", ["-m"], { encoding: "utf8" }).stdout.trim();
const ours = new RegExp(`^${ownArchitecture} `);
const believes = (shell: string[]) => shell[0] !== "busybox";

/** What uname -m says, and Debian's name for it. */
const machines = {
  ...{ x86_64: "amd64", aarch64: "arm64", armv7l: "armhf", armv8l: "armhf", i686: "i386" },
  ...{ i586: "i386", ppc64le: "ppc64el", s390x: "s390x", riscv64: "riscv64" },
};

let folder = "";
/** The package, as npm unpacks it, and the link that npm makes. */
const module = () => join(folder, "with space/node_modules");
const link = () => join(module(), ".bin/wasm-init");

function program(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wasm-init-launcher-"));
  for (const made of [".bin", "wasm-init/bin"])
    mkdirSync(join(module(), made), { recursive: true });
  copyFileSync(`${root}host/npm/wasm-init.sh`, join(module(), "wasm-init/bin/wasm-init"));
  symlinkSync("../wasm-init/bin/wasm-init", link());
  for (const { name } of architectures)
    program(
      join(module(), `wasm-init/bin/wasm-init-linux-${name}`),
      `echo ${name} $$; for word; do echo "<$word>"; done; exit 7`,
    );
  // Nothing but these on PATH: no readlink, no realpath, no dirname.
  mkdirSync(join(folder, "bin"));
  for (const name of ["ls", "sh"]) symlinkSync(`/bin/${name}`, join(folder, "bin", name));
  program(join(folder, "bin/uname"), `[ "$*" = -m ] && echo "$MACHINE"`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function launch(command: string[], machine = "x86_64", more: { cwd?: string; PATH?: string } = {}) {
  const [file = "", ...words] = command;
  const { cwd = folder, PATH = join(folder, "bin") } = more;
  const path = file.startsWith("/") ? file : `/bin/${file}`;
  return spawnSync(path, words, {
    ...{ cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    env: { PATH, MACHINE: machine, QUOTING_STYLE: "c" },
  });
}

describe.each(shells.map((shell) => ({ shell, name: shell.join(" ") })))(
  "under $name",
  ({ shell }) => {
    const absent = existsSync(`/bin/${shell[0] ?? ""}`) ? undefined : `there is no ${shell[0]}`;

    test("it is replaced by the binary, which gets its words as they are", ({ skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const { status, stdout, stderr, pid } = launch([
        ...shell,
        link(),
        "--",
        "a  b",
        "",
        "*",
        "$x",
      ]);
      expect({ status, stderr }).toEqual({ status: 7, stderr: "" });
      expect(stdout).toMatch(`${ownArchitecture} ${pid}\n<-->\n<a  b>\n<>\n<*>\n<$x>\n`);
    });

    const known = Object.entries(machines).filter(([name]) => believes(shell) || name === itself);

    test.for(known)("%s gets the binary for %s", ([machine, name], { skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const { status, stdout } = launch([...shell, link()], machine);
      expect(status).toBe(7);
      expect(stdout).toMatch(new RegExp(`^${name} `));
    });

    test.for(believes(shell) ? ["mips64", "armv6l", "ppc64", ""] : [])(
      "on '%s', for which there is no binary, a line says so",
      (machine, { skip, task }) => {
        if (absent) return skipLoudly({ skip, task }, absent);
        const { status, stdout, stderr } = launch([...shell, link()], machine);
        expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
        expect(stderr).toBe(
          `wasm-init: this package has no binary for ${machine || "this machine"}\n`,
        );
      },
    );

    test("it finds its binaries through links to links, and from PATH", ({ skip, task }) => {
      if (absent) return skipLoudly({ skip, task }, absent);
      const far = join(folder, `far-${shell[0]}`);
      mkdirSync(far);
      symlinkSync(link(), join(far, "absolute"));
      symlinkSync("absolute", join(far, "relative -> odd"));
      for (const [words, cwd] of [
        [[join(far, "absolute")], folder],
        [[join(far, "relative -> odd")], folder],
        [["./absolute"], far],
        [["absolute"], far],
      ] as const)
        expect(launch([...shell, ...words], itself, { cwd }).stdout).toMatch(ours);
      const PATH = `${far}:${join(folder, "bin")}`;
      const { stdout, stderr } = launch([...shell, "-c", "absolute"], itself, { PATH });
      expect(stderr).toBe("");
      expect(stdout).toMatch(ours);
    });
  },
);

test("who calls it by another init's name has that one's command line", () => {
  for (const name of ["dumb-init", "tini", "catatonit"]) {
    symlinkSync(link(), join(folder, name));
    expect(launch([join(folder, name), "-x"]).stdout).toMatch(
      new RegExp(`^amd64 \\d+\\n<--as>\\n<${name}>\\n<-x>\\n$`),
    );
  }
});
