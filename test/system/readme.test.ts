// Every command of the README is run, and every one has to be known here.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run } from "../support/npm.ts";
import { root } from "../support/paths.ts";

const readme = readFileSync(`${root}README.md`, "utf8");

/** The commands in blocks marked `sh`, without their comments. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = ""]) => block.split("\n"))
  .map((line) => line.replace(/\s+#\s.*$/, "").trim())
  .filter((line) => line !== "");

function shell(command: string): ReturnType<typeof run> {
  return run("sh", ["-c", command]);
}

/** What each command is to do; `npm test` is what runs this very file. */
const known: Record<string, (command: string) => void> = {
  "npm start -- sh -c 'echo hello; exit 7'": (command) => {
    // A build that is not fresh says so on stderr.
    expect(shell(command)).toMatchObject({ status: 7, stdout: "hello\n" });
  },
  "npm test": () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts.test).toBe("node tools/test.mjs");
  },
  "npm run package": (command) => {
    expect(shell(command).status).toBe(0);
    const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
      version: string;
    };
    expect(readme).toContain(`build/wasm-init-${version}.tgz`);
    expect(existsSync(`${root}build/wasm-init-${version}.tgz`)).toBe(true);
  },
  "build/wasm-init --stop TERM:8s,KILL --explain": (command) => {
    const { status, stdout, stderr } = shell(command);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Longest time from a stop signal to the exit: 9s");
    expect(stdout).toMatch(/^ start the stop plan: INT QUIT TERM$/m);
  },
  "build/wasm-init -r TERM:QUIT -- sh -c 'exit 3'": (command) => {
    expect(shell(command)).toEqual({ status: 3, stdout: "", stderr: "" });
  },
};

describe("the README", () => {
  test("fits into five minutes", () => {
    expect(readme.split("\n").length).toBeLessThan(150);
  });

  test("has no command that is not run here, and none is left out", () => {
    expect([...commands].sort()).toEqual(Object.keys(known).sort());
  });

  // A build that is not fresh is made anew.
  test.each(Object.entries(known))(
    "%s does what it says",
    { timeout: 300_000 },
    (command, check) => {
      check(command);
    },
  );

  test("lists only options that --help lists", () => {
    const { stdout } = run(`${root}build/wasm-init`, ["--help"]);
    const [, table = ""] = /\n## Options\n([^]*?)\n## /.exec(readme) ?? [];
    const options = [...table.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option);
    expect(options.length).toBeGreaterThan(8);
    expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
  });

  test("shows a picture of a run", () => {
    const [, path = ""] = /!\[[^\]]+\]\((\S+\.svg)\)/.exec(readme) ?? [];
    expect(readFileSync(root + path, "utf8")).toMatch(/^<svg [^]*TERM[^]*<\/svg>\s*$/);
  });
});
