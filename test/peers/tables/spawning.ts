// Commands that can and that can't be executed.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison, Side } from "../comparison.ts";
import { endOf, speech } from "../observe.ts";
import { loaderlessProgram } from "../../support/fixtures.ts";
import { modesOf, PLAIN, prefix } from "./modes.ts";
import type { Mode } from "./modes.ts";

function file(side: Side, name: string, mode: number, text: string): string {
  const path = join(side.lab.folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

interface Case {
  command(side: Side): string[];
  env?(side: Side): Record<string, string>;
}

const CASES: Record<string, Case> = {
  "a path that is not there": { command: () => ["/no/such/command"] },
  "a name that PATH does not have": { command: () => ["no-such-command"] },
  "an empty name": { command: () => [""] },
  "a path through a file": { command: () => ["/etc/passwd/command"] },
  "a directory": { command: () => ["/usr"] },
  "a path that ends with a slash": { command: (side) => [`${side.lab.probe}/`] },
  "a name that is too long": { command: () => ["x".repeat(300)] },
  "a path that is too long": { command: () => [`/${"x/".repeat(3000)}`] },
  "a file that is not executable": {
    command: (side) => [file(side, "data", 0o644, "#!/bin/sh\nexit 3\n")],
  },
  "an empty file": { command: (side) => [file(side, "empty", 0o755, "")] },
  "a script without #!": {
    command: (side) => [file(side, "script", 0o755, "exit $#\n"), "a", "b"],
  },
  "a script": { command: (side) => [file(side, "script", 0o755, "#!/bin/sh\nexit $#\n"), "a"] },
  "a script whose interpreter is missing": {
    command: (side) => [file(side, "script", 0o755, "#!/no/such/shell\n")],
  },
  "a script whose interpreter ends with a carriage return": {
    command: (side) => [file(side, "script", 0o755, "#!/bin/sh\r\nexit 0\n")],
  },
  "a script whose interpreter is not executable": {
    command: (side) => [file(side, "script", 0o755, "#!/etc/passwd\n")],
  },
  "a program whose loader is missing": { command: () => [loaderlessProgram()] },
  "bytes that are no program": {
    command: (side) => [file(side, "elf", 0o755, "\x7fELF\x02\x01\x01\x00nonsense")],
  },
  "a name on PATH": { command: () => ["sh", "-c", "exit 4"] },
  "a name on a PATH with an empty entry": {
    command: () => ["sh", "-c", "exit 4"],
    env: () => ({ PATH: ":/no/such/folder:/bin" }),
  },
  "a name on a PATH that is empty": {
    command: () => ["sh", "-c", "exit 4"],
    env: () => ({ PATH: "" }),
  },
  "a name that is there twice, the first one not executable": {
    command: () => ["twice"],
    env: (side) => {
      for (const [folder, mode] of [
        ["first", 0o644],
        ["second", 0o755],
      ] as const) {
        mkdirSync(join(side.lab.folder, folder));
        file(side, `${folder}/twice`, mode, "#!/bin/sh\nexit 6\n");
      }
      return { PATH: `${side.lab.folder}/first:${side.lab.folder}/second:/bin` };
    },
  },
  "a name that is there once, not executable": {
    command: () => ["once"],
    env: (side) => {
      file(side, "once", 0o644, "#!/bin/sh\nexit 6\n");
      return { PATH: `${side.lab.folder}:/bin` };
    },
  },
};

function comparison(mode: Mode, name: string, { command, env }: Case): Comparison {
  return {
    peer: mode.peer,
    name: `${prefix(mode)}${name}`,
    positions: ["a plain process"],
    run: async (side) => {
      const variables = { ...mode.env, ...env?.(side) };
      const start = { env: variables, cwd: side.lab.folder };
      const finished = await side
        .start([...mode.options, "--", ...command(side)], start)
        .finished();
      return { end: endOf(finished), writes: speech(finished) };
    },
  };
}

const quiet: Mode[] = modesOf("tini", []).map((mode) => ({
  ...mode,
  env: { TINI_VERBOSITY: "0" },
}));

export const spawning: readonly Comparison[] = [...PLAIN, ...quiet].flatMap((mode) =>
  Object.entries(CASES).map(([name, one]) => comparison(mode, name, one)),
);
