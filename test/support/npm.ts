// Runs the project's own npm scripts, as somebody at a shell would.
import { spawnSync } from "node:child_process";
import { root } from "./paths.ts";

/** How a program ended, and all that it printed. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The environment without what npm has added to it, if the tests themselves run under npm. */
export function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !/^npm_|^INIT_CWD$|^VITEST/.test(name)));
}

/** Runs a program to its end in a folder, by default the checkout's. */
export function run(program: string, args: string[], cwd: string = root, input = ""): Ended {
  const options = { cwd, env: environment(), input, encoding: "utf8" as const };
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (error) throw error;
  return { status, stdout, stderr };
}

/** `npm start -- WORDS`, in the checkout. */
export function npmStart(words: string[], input = ""): Ended {
  return run("npm", ["start", "--", ...words], root, input);
}
