// The npm package as its users have it.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { ownArchitecture } from "../../tools/setup/architectures.mjs";
import { theOnlyLine } from "../support/lines.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { Installed } from "./installed.ts";

/** Compilers take their time on a busy machine. */
const SLOW = { timeout: 300_000 };

const addon = `prebuilt/linux-${process.arch}.node`;

/** Every file that is in it. */
const files = [
  "LICENSE",
  "README.md",
  "bin/wasm-init",
  `bin/wasm-init-linux-${ownArchitecture}`,
  ...["addon.cc", "binding.gyp", "child.c", "child.h", "source.cc", "source.h"].map(
    (name) => `host/node/addon/${name}`,
  ),
  ...["LICENSE.md", "napi-inl.deprecated.h", "napi-inl.h", "napi.h"].map(
    (name) => `host/node/addon/napi/${name}`,
  ),
  ...[
    "abi.h",
    "architecture.h",
    "children.c",
    "clock.c",
    "descriptors.c",
    "exec.c",
    "exec_failure.c",
    "guard.c",
    "guard.h",
    "identity.c",
    "job_control.c",
    "listing.c",
    "listing.h",
  ].map((name) => `host/shim/${name}`),
  ...["output.c", "processes.c", "record.c", "shim.h", "signals.c", "spawn.c", "sys.h"].map(
    (name) => `host/shim/${name}`,
  ),
  ...["terminal.c", "trace_writer.c", "uapi.h", "vfork.S"].map((name) => `host/shim/${name}`),
  "install.mjs",
  "lib/core.wasm",
  ...["library.d.ts", "library.mjs"].map((name) => `lib/${name}`),
  ...["pid1-deciding.cjs", "pid1.cjs", "pid1.d.ts", "pid1.mjs"].map((name) => `lib/${name}`),
  ...["replay.d.ts", "replay.mjs"].map((name) => `lib/${name}`),
  ...["wasm-init-trace.mjs", "wasm-init.mjs"].map((name) => `lib/${name}`),
  "package.json",
  addon,
];

const user = `
import { boot, parseTrace, replay, signal, explore, childExited } from "wasm-init/replay";
const run = boot("wasm-init --sandbox=off --stop=TERM:10s,KILL -- server");
export const lines = run.take(signal("TERM")).map(({ line }) => line);
run.take(childExited(100, { code: 3 }));
export const { status } = run;
`;

let here: Installed;
beforeAll(() => {
  here = new Installed();
}, SLOW.timeout);
afterAll(() => here.remove());

const asPid1 = (...words: string[]) =>
  spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "--kill-child", ...words], {
    ...{ cwd: here.folder, env: { ...here.env, PATH: `${here.env.PATH}:/usr/bin:/bin` } },
    ...{ encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  });

describe("the package", () => {
  test("holds these files and no other", () => {
    const listed = execFileSync("tar", ["-tzf", here.tarball], { encoding: "utf8" });
    const names = listed.trim().split("\n");
    expect(names.map((name) => name.replace(/^package\//, "")).sort()).toEqual([...files].sort());
  });

  test("is installed without network, compiler or any other package", () => {
    expect(here.installation).toMatchObject({ status: 0 });
    expect(here.installation.stdout).toMatch(/added 1 package/);
    expect(here.files()).toEqual([...files].sort());
  });

  test("says nothing of the checkout's scripts and packages", () => {
    const text = readFileSync(join(here.package, "package.json"), "utf8");
    const { scripts, engines, os, ...rest } = JSON.parse(text) as Record<string, unknown>;
    expect({ scripts, engines, os }).toEqual({
      scripts: { install: "node install.mjs" },
      engines: { node: ">=20" },
      os: ["linux"],
    });
    for (const field of ["private", "dependencies", "devDependencies", "allowScripts"])
      expect(rest).not.toHaveProperty(field);
  });

  test("is small", () => {
    // With all seven architectures it is some 150 kB more.
    expect(statSync(here.tarball).size).toBeLessThan(400_000);
  });
});

describe("the static binary", () => {
  const link = "node_modules/.bin/wasm-init";

  test("runs a command, by its link, and by npx", () => {
    const words = ["--", "sh", "-c", "echo out; exit 7"];
    expect(here.run(`./${link}`, ...words)).toEqual({ status: 7, stdout: "out\n", stderr: "" });
    const { status, stdout } = here.run("npx", "--offline", "wasm-init", ...words);
    expect({ status, stdout }).toEqual({ status: 7, stdout: "out\n" });
  });

  test("is itself PID 1 as an image's entrypoint, without shell or Node", ({ skip, task }) => {
    const absent = whyNoPid1();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const { status, stdout } = asPid1(
      ...[link, "--", "sh", "-c", "readlink /proc/1/exe; ps -A -o comm= | grep -c node; exit 3"],
    );
    expect(status).toBe(3);
    expect(stdout).toBe(`${here.package}/bin/wasm-init-linux-${ownArchitecture}\n0\n`);
  });
});

describe("Node as the init", () => {
  test("runs a command", () => {
    const words = ["--", "sh", "-c", "echo out; exit 7"];
    const ran = here.run("./node_modules/.bin/wasm-init-node", ...words);
    expect(ran).toEqual({ status: 7, stdout: "out\n", stderr: "" });
  });

  test("is a library", () => {
    here.write(
      "run.mjs",
      `import { EventKind, run } from "wasm-init";
      const events = [];
      const onEvent = ({ kind }) => events.push(EventKind[kind]);
      const status = await run(["--", "sh", "-c", "echo out; exit 7"], { onEvent });
      console.log(status, events.at(-1));`,
    );
    const ran = here.run("node", "run.mjs");
    expect(ran).toEqual({ status: 0, stdout: "out\n7 ChildExited\n", stderr: "" });
  });

  test("makes Node a good PID 1", ({ skip, task }) => {
    const absent = whyNoPid1();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const code = `process.kill(1, "SIGTERM"); setInterval(() => {}, 1000);`;
    const { status, stderr } = asPid1("node", "--import", "wasm-init/pid1", "--eval", code);
    expect({ status, stderr }).toEqual({ status: 143, stderr: "" });
  });

  test("does so when it is required, not imported", ({ skip, task }) => {
    const absent = whyNoPid1();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    const code = `process.kill(1, "SIGINT"); setInterval(() => {}, 1000);`;
    const { status, stderr } = asPid1("node", "--require", "wasm-init/pid1", "--eval", code);
    expect({ status, stderr }).toEqual({ status: 130, stderr: "" });
  });
});

describe("the replay library", () => {
  const expected = ["SendSignal Group 100 TERM", "SendSignal Group 100 CONT", "SetDeadline 10000"];

  test("works in vitest", () => {
    here.borrow("vitest");
    here.write("user.mjs", user);
    here.write(
      "user.test.mjs",
      `import { expect, test } from "vitest";
      import { lines, status } from "./user.mjs";
      test("it ends", () => expect({ lines, status }).toEqual(
        ${JSON.stringify({ lines: expected, status: 3 })}));`,
    );
    const { status, stdout } = here.run("node", "node_modules/vitest/vitest.mjs", "run");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/1 passed/);
  });

  test("works in node:test", () => {
    here.write("user.mjs", user);
    here.write(
      "user.node.mjs",
      `import { test } from "node:test";
      import { deepEqual } from "node:assert/strict";
      import { lines, status } from "./user.mjs";
      test("it ends", () => deepEqual({ lines, status },
        ${JSON.stringify({ lines: expected, status: 3 })}));`,
    );
    const { status, stdout } = here.run("node", "--test", "user.node.mjs");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/pass 1/);
  });

  test("replays what the binary has recorded, as the trace tool does", () => {
    const recording = ["--record", "run.trace", "--", "sh", "-c", "exit 4"];
    expect(here.run("./node_modules/.bin/wasm-init", ...recording)).toMatchObject({ status: 4 });
    here.write(
      "replay.mjs",
      `import { readFileSync } from "node:fs";
      import { parseTrace, replay } from "wasm-init/replay";
      const { lost, difference } = replay(parseTrace(readFileSync("run.trace")));
      console.log(lost, difference);`,
    );
    expect(here.run("node", "replay.mjs").stdout).toBe("0 undefined\n");
    const { status, stderr } = here.run(
      "./node_modules/.bin/wasm-init-trace",
      "replay",
      "run.trace",
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("brings its core along", () => {
    here.write(
      "core.mjs",
      `import { readFileSync } from "node:fs";
      import { coreBytes } from "wasm-init/replay";
      const file = readFileSync(new URL(import.meta.resolve("wasm-init/core.wasm")));
      console.log(Buffer.compare(file, coreBytes));`,
    );
    expect(here.run("node", "core.mjs").stdout).toBe("0\n");
  });

  test("and all others have types that the strictest user's compiler accepts", SLOW, () => {
    here.write(
      "user.ts",
      `import { ActionKind, boot, explore, parseTrace, replay } from "wasm-init/replay";
      import type { Action, Explored, Replayed } from "wasm-init/replay";
      import { run, type RunOptions } from "wasm-init";
      import "wasm-init/pid1";
      const options: RunOptions = { signal: AbortSignal.timeout(9), onEvent: ({ now }) => now };
      export const ended: Promise<number> = run(["--", "true"], options);
      const booted = boot("wasm-init -- server", { pid: 1 });
      export const status: number | undefined = booted.status;
      export const replayed: Replayed = replay(parseTrace(new Uint8Array()));
      export const explored: Explored = explore("wasm-init -- server");
      export const exits = (action: Action): boolean => action.kind === ActionKind.Exit;
      // @ts-expect-error: there is no such field.
      export const wrong = booted.nonsense;`,
    );
    const options = ["--strict", "--noEmit", "--skipLibCheck", "false"];
    for (const module of [
      ["--module", "node16"],
      ["--module", "nodenext"],
      ["--module", "esnext", "--moduleResolution", "bundler", "--exactOptionalPropertyTypes"],
    ]) {
      const compiler = `${root}node_modules/typescript/bin/tsc`;
      const { status, stdout } = here.run("node", compiler, ...options, ...module, "user.ts");
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    }
  });
});

describe("the pages", () => {
  const pages = ["README.md", "docs/node.md"].map((name) => readFileSync(root + name, "utf8"));
  const blocks = (language: string) =>
    pages.flatMap((page) => [
      ...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs")),
    ]);

  test("have entrypoints that work as PID 1", ({ skip, task }) => {
    const absent = whyNoPid1();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    here.write(
      "server.js",
      `process.on("SIGTERM", () => process.exit(5));
      setInterval(() => {}, 1000); process.kill(process.pid, "SIGTERM");`,
    );
    const lines = blocks("Dockerfile").flatMap(([, text = ""]) => text.split("\n"));
    const words = (line: string) => JSON.parse(line.replace(/^\w+ /, "")) as string[];
    const entrypoints = lines.filter((line) => /^ENTRYPOINT.*node/.test(line)).map(words);
    expect(entrypoints.length).toBeGreaterThanOrEqual(4);
    for (const entrypoint of entrypoints) {
      const command = entrypoint.at(-1) === "--" ? ["node", "server.js"] : [];
      const { status, stderr } = asPid1(...entrypoint, ...command);
      expect({ status, stderr }).toEqual({ status: 5, stderr: "" });
    }
  });

  test("have programs that work", () => {
    here.command("my-server", `echo "$* in $MODE"; exit 7`);
    const programs = blocks("js").map(([, text = ""]) => text);
    expect(programs).toHaveLength(2);
    for (const program of programs) {
      here.write("program.mjs", `${program}\nconsole.log("ended", status);`);
      const { status, stdout, stderr } = here.run("node", "program.mjs");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(/^(--port 80)? in (test)?$/m);
      expect(stdout).toMatch(/^ended 7$/m);
    }
  });
});

describe("where the addon inside does not fit", () => {
  const stub = () => join(here.package, addon);

  test("it is missed in one line, by those alone who need it", ({ skip, task }) => {
    const absent = whyNoPid1();
    if (absent !== undefined) skipLoudly({ skip, task }, absent);
    renameSync(stub(), `${stub()}.away`);
    try {
      const { status, stderr } = asPid1("node", "--import", "wasm-init/pid1", "--eval", "0");
      expect(status).toBe(125);
      expect(theOnlyLine(stderr)).toMatch(
        /^wasm-init: cannot load the addon .*: node .*install\.mjs compiles it/,
      );
      const other = here.run("node", "--import", "wasm-init/pid1", "--eval", "process.exit(5)");
      expect(other).toEqual({ status: 5, stdout: "", stderr: "" });
    } finally {
      renameSync(`${stub()}.away`, stub());
    }
  });

  test("its installation is a success all the same, with a line that says what it takes", () => {
    renameSync(stub(), `${stub()}.away`);
    try {
      const { status, stderr } = here.run("node", "node_modules/wasm-init/install.mjs");
      expect(status).toBe(0);
      expect(stderr).toMatch(/^wasm-init: cannot compile the addon: this needs .*$/m);
    } finally {
      renameSync(`${stub()}.away`, stub());
      rmSync(join(here.package, "host/node/addon/build"), { recursive: true, force: true });
    }
  });

  test("it can be compiled there, without any other package", SLOW, ({ skip, task }) => {
    if (spawnSync("g++", ["--version"]).status !== 0)
      skipLoudly({ skip, task }, "there is no g++ here");
    renameSync(stub(), `${stub()}.away`);
    try {
      const install = join(here.package, "install.mjs");
      execFileSync(process.execPath, [install], {
        ...{ cwd: here.folder, stdio: ["ignore", "ignore", "pipe"] },
      });
      const ran = here.run("./node_modules/.bin/wasm-init-node", "--", "sh", "-c", "exit 6");
      expect(ran).toEqual({ status: 6, stdout: "", stderr: "" });
    } finally {
      renameSync(`${stub()}.away`, stub());
      rmSync(join(here.package, "host/node/addon/build"), { recursive: true, force: true });
    }
  });
});
