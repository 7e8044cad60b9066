// Every command in the blocks `sh` and `console` of the pages is run, in the page's order and in a
// folder of its own for each page; those that can't be run here are listed with the reason. The
// README has its own test (test/system/readme.test.ts), and so have the blocks in other languages.
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { binary, root } from "../support/paths.ts";
import { eventually } from "../support/wait.ts";

/** Generated, with a test of its own. */
const GENERATED = ["options.md"];
const PAGES = [
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith(".md") && !GENERATED.includes(name))
    .map((name) => `docs/${name}`),
];

/** The commands of a page: lines of `sh`, without comments; of `console`, what follows the $. */
function commandsOf(text: string): string[] {
  const found: string[] = [];
  for (const [, language, block = ""] of text.matchAll(/```(sh|console)\n([\s\S]*?)```/g)) {
    const lines = block.split("\n");
    if (language === "console")
      found.push(...lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2)));
    else if (block.startsWith("trap ")) found.push(block);
    else found.push(...lines.map((line) => line.replace(/\s+#\s.*$/, "").trim()).filter(Boolean));
  }
  return found;
}

type Check = (command: string, folder: string) => void | Promise<void>;

let programs: string;

beforeAll(() => {
  programs = mkdtempSync(join(tmpdir(), "pages-"));
  program("wasm-init", `exec ${binary} "$@"`);
  program("wasm-init-trace", `exec ${process.execPath} ${root}build/wasm-init-trace.mjs "$@"`);
});
afterAll(() => rmSync(programs, { recursive: true }));

/** Makes a program that the commands find on PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, name), 0o755);
}

const environment = () => ({ ...process.env, PATH: `${programs}:${process.env.PATH ?? ""}` });

function shell(command: string, cwd: string) {
  const options = { cwd, env: environment(), encoding: "utf8" as const };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], options);
  return { status, stdout, stderr };
}

/** The command ends with a status, and what it prints matches. */
function ends(status: number, said = /^$/): Check {
  return (command, folder) => {
    const ended = shell(command, folder);
    expect(ended).toMatchObject({ status });
    expect(ended.stdout + ended.stderr).toMatch(said);
  };
}

/** The init takes the options; the command after them is not run. */
const explained: Check = (command, folder) => {
  const { status, stderr } = shell(`WASM_INIT_OPTIONS=--explain ${command}`, folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
};

/** The run of docs/replay.md that takes ten seconds to stop, with a tenth of a second instead. */
const slowStop: Check = async (command, folder) => {
  const quick = command.replace("TERM:10s", "TERM:100ms");
  expect(quick).not.toBe(command);
  const options = { cwd: folder, env: environment() };
  const init = spawn("sh", ["-c", `exec ${quick}`], options);
  const ended = new Promise((resolve) => init.on("exit", resolve));
  const pid = init.pid ?? 0;
  const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
  const ignoresTerm = (child: string) => {
    const mask = /^SigIgn:\s*(\w+)$/m.exec(readFileSync(`/proc/${child}/status`, "latin1"))?.[1];
    return (BigInt(`0x${mask ?? 0}`) & (1n << 14n)) !== 0n;
  };
  await eventually("the shell ignores TERM", () => children() !== "" && ignoresTerm(children()));
  init.kill("SIGTERM");
  expect(await ended).toBe(137);
};

/** The script of docs/troubleshooting.md, with a server that makes a daemon of itself. */
const daemonScript: Check = async (script, folder) => {
  const pidFile = join(folder, "server.pid");
  program(
    "server",
    `setsid sh -c 'trap "rm ${pidFile}; exit" TERM; echo $$ > ${pidFile}
       while :; do sleep 0.05 & wait; done' &
     while [ ! -s ${pidFile} ]; do sleep 0.05; done`,
  );
  writeFileSync(join(folder, "start.sh"), script.replaceAll("/run/server.pid", pidFile));
  const options = { cwd: folder, env: environment(), stdio: "ignore" as const };
  const init = spawn(binary, ["--stop", "TERM:10s,KILL", "--", "sh", "start.sh"], options);
  const ended = new Promise((resolve) => init.on("exit", resolve));
  const written = () => readdirSync(folder).includes("server.pid");
  await eventually("the server", () => written() && readFileSync(pidFile, "latin1") !== "");
  init.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(written()).toBe(false);
};

/** What each command does that is not just a line of options for a server. */
const known: Record<string, Record<string, Check>> = {
  "docs/replay.md": {
    "wasm-init --record run.trace --stop=TERM:10s,KILL -- sh -c 'trap \"\" TERM; while :; do sleep 1; done'":
      slowStop,
    "WASM_INIT_RECORD=%t.trace wasm-init -- sh -c 'exit 3'": (command, folder) => {
      expect(shell(command, folder).status).toBe(3);
      expect(readdirSync(folder).filter((name) => /^\d+.*\.trace$/.test(name))).toHaveLength(1);
    },
    "wasm-init-trace why run.trace": ends(0, /'sh' had to be killed/),
    "wasm-init-trace show run.trace": ends(0, /SignalReceived TERM .*\[Stopping\]/),
    "wasm-init-trace svg run.trace > run.svg": (command, folder) => {
      expect(shell(command, folder)).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(join(folder, "run.svg"), "utf8")).toMatch(/^<svg [\s\S]*TERM/);
    },
    "wasm-init-trace replay run.trace": ends(0, /from boot: no difference/),
    "wasm-init-trace to-test --name 'Kills a shell that ignores TERM.' run.trace": ends(
      0,
      /^# Kills a shell that ignores TERM\.\nBoot /,
    ),
    "wasm-init-trace check --signals TERM,HUP --children 1 -- --stop=TERM:10s,KILL": ends(
      0,
      /the longest stop takes 11\.000 s; no invariant is broken/,
    ),
  },
  "docs/shutdown.md": {
    'wasm-init --stop TERM:5s,KILL --drain=3s -- sh -c "worker & worker & wait"': explained,
    "#!/sbin/wasm-init -S --stop TERM:5s,KILL /bin/sh": (line, folder) => {
      const script = join(folder, "script");
      writeFileSync(script, `${line.replace("/sbin/wasm-init", binary)}\nexit 3\n`);
      chmodSync(script, 0o755);
      expect(shell(script, folder)).toEqual({ status: 3, stdout: "", stderr: "" });
    },
  },
  "docs/troubleshooting.md": {
    "wasm-init --stop TERM:8s,KILL --explain": ends(0, /exit: 9s/),
    "wasm-init -v -- sh -c 'exit 3'": ends(3, /with status 3/),
    "wasm-init --record run.trace -- sh -c 'exit 3'": ends(3),
    "wasm-init-trace why run.trace": ends(0, /ended with status 3/),
    "wasm-init --exit-map 143:0 -- sh -c 'kill $$'": ends(0),
    "wasm-init --warn-on-reap -- sh -c '(sleep 0.1 &); sleep 0.3'": ends(0, /reaped/),
    "wasm-init -v -- sh -c 'kill -SYS $$'": ends(159, /SYS/),
    'WASM_INIT_OPTIONS="--stop TERM:8s,KILL" wasm-init --explain': ends(0, /exit: 9s/),
  },
};

/** What can't be run here, and why; or what else runs it. */
const elsewhere: Record<string, Record<string, string>> = {
  "docs/architectures.md": {
    "npm run build -- --arch s390x": "test/cross builds it",
    "export WASM_INIT_BINARY=$PWD/build/wasm-init-linux-s390x": "test/cross runs it",
    "WASM_INIT_LAUNCHER=/usr/bin/qemu-s390x-static npm test -- test/system/forwarding":
      "test/cross runs it, with CI=true",
  },
  "docs/shutdown.md": {
    'docker run --env WASM_INIT_OPTIONS="--stop TERM:8s,KILL" image':
      "needs an engine: test/containers/recipes.test.ts gives a container the variable",
  },
};

/** How a command is checked; undefined for one that no table knows. */
function checkOf(page: string, command: string): Check | undefined {
  const check = known[page]?.[command];
  if (check) return check;
  if (command.startsWith("trap ")) return daemonScript;
  // A server that is not installed here: its options are.
  return /^wasm-init .* -- (?!sh )/.test(command) ? explained : undefined;
}

describe.each(PAGES)("%s", (page) => {
  const commands = commandsOf(readFileSync(root + page, "utf8"));
  const run = commands.filter((command) => elsewhere[page]?.[command] === undefined);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "page-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("has no command that is not known here, and has all that are", () => {
    expect(run.filter((command) => checkOf(page, command) === undefined)).toEqual([]);
    const rows = [...Object.keys(known[page] ?? {}), ...Object.keys(elsewhere[page] ?? {})];
    expect(rows.filter((row) => !commands.includes(row))).toEqual([]);
  });

  test("links to files and headings that exist", () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test.each(run)("%s", { timeout: 60_000 }, async (command) => {
    await checkOf(page, command)?.(command, folder);
  });
});

test("the README links to files and headings that exist", () => {
  expect(brokenLinks("README.md")).toEqual([]);
});

describe("CONTRIBUTING.md", () => {
  const contributing = readFileSync(`${root}CONTRIBUTING.md`, "utf8");

  test("names files and folders that exist", () => {
    const named = [...contributing.matchAll(/`([\w.]+\/[\w./-]*)`/g)].map(([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  test("has a row of its map for every folder", () => {
    const foldersOf = (folder: string) =>
      readdirSync(root + folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${folder}${name}/`);
    const notOurs = ["build/", "node_modules/", ".git/", "assembly/", "host/", "replay/", "tools/"];
    const top = foldersOf("").filter((name) => !notOurs.includes(name));
    const inner = ["assembly/", "host/", "replay/", "tools/"].flatMap(foldersOf);
    const missing = [...top, ...inner].filter((name) => !contributing.includes(`| \`${name}\` `));
    expect(missing).toEqual([]);
  });
});

/** Relative links of a page that lead nowhere. */
function brokenLinks(page: string): string[] {
  const text = readFileSync(root + page, "utf8");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? root + page : join(root, page, "..", path);
    try {
      const headings = readFileSync(target, "utf8").matchAll(/^#+ (.+)$/gm);
      return anchor !== undefined && ![...headings].some(([, it = ""]) => slug(it) === anchor);
    } catch {
      return true;
    }
  });
}

/** The anchor that GitHub gives a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
