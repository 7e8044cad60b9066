// A host is a program that starts a command and looks after it: the binary under test, and others
// that the same scenario can run under.
import { accessSync, constants } from "node:fs";
import { binary, launchedAt, underNode } from "./paths.ts";

/** What a scenario wants of an init, in no program's own words. */
export interface InitOptions {
  /** Signal the command alone, rather than its group. */
  singleChild?: boolean;
  /** Pairs of signal numbers; 0 drops. */
  rewrite?: [from: number, to: number][];
  subreaper?: "on" | "off";
  verbose?: boolean;
}

/** A program under which commands run. */
export interface Host {
  readonly name: string;
  /** The program, and the words that always follow it. */
  readonly command: readonly string[];
  /** Whether its signals are blocked or caught once it listens to them. */
  readonly listensBy: "SigBlk" | "SigCgt";
  /** The option words for this, or undefined when the program can't do that. */
  options(wanted: InitOptions): string[] | undefined;
  /** Why it can't run here, if it can't. */
  whyAbsent(): string | undefined;
}

function whyNotExecutable(path: string, remedy: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return `${path} is missing: ${remedy}`;
  }
}

/** How the program under test listens: where threads can't share a mask, by handlers. */
export const listensBy = underNode ? "SigCgt" : "SigBlk";

/** The program under test, at its usual place or another. */
export function hostUnderTest(path = binary): Host {
  return {
    name: "wasm-init",
    command: launchedAt(path),
    listensBy,
    options: ({ singleChild, rewrite = [], subreaper, verbose }) => [
      ...(singleChild ? ["-c"] : []),
      ...(verbose ? ["-v"] : []),
      ...(subreaper ? [`--subreaper=${subreaper}`] : []),
      ...rewrite.flatMap(([from, to]) => ["-r", `${from}:${to}`]),
    ],
    whyAbsent: () => whyNotExecutable(path, "npm run build"),
  };
}

/** A program that is no init, to be started and watched as one. */
export function anyProgram(path: string): Host {
  return {
    name: path,
    command: [path],
    listensBy: "SigBlk",
    options: () => undefined,
    whyAbsent: () => undefined,
  };
}

/** The same, run by other programs before it. */
export function after(words: readonly string[], host = hostUnderTest()): Host {
  return { ...host, command: [...words, ...host.command] };
}
