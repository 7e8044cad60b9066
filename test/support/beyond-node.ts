// What the Node host can't do: the rows of the table in docs/hosts.md. Each test that a row names is
// run all the same, and has to show it: one that passes has no place here.
import { existsSync } from "node:fs";
import { addon } from "./paths.ts";

export interface Row {
  /** As docs/hosts.md says it. */
  what: string;
  /** Tests, by the file and the names that lead to them. */
  tests: RegExp[];
  /** In comparisons with a peer: what is observed otherwise. All else has to be the same. */
  observations?: string[];
}

const attributes = /^test\/peers\/attributes\.test\.ts .*: started with (?!more)/;
const special = /^test\/peers\/attributes\.test\.ts .*: started with (all|some|the stop) /;

export const rows: readonly Row[] = [
  {
    what: "Signals that were blocked or ignored when the init was started",
    tests: [/^test\/system\/spawn\.test\.ts .*hands on the (same mask|mask and the dispositions)/],
  },
  {
    what: "Signals that were blocked or ignored when the init was started",
    tests: [special, /^test\/peers\/chains\.test\.ts .*atatonit, (catatonit, CATATONIT|TINI)$/],
    observations: ["blocked", "ignored"],
  },
  {
    what: "Standard streams that were closed when the init was started",
    tests: [
      /^test\/system\/spawn\.test\.ts .*opens nothing in place of a closed standard input$/,
      /^test\/system\/logging\.test\.ts .*a closed stderr is not mistaken/,
    ],
  },
  {
    what: "Descriptors above 2 of the init itself",
    tests: [/^test\/system\/after-spawn\.test\.ts .*closes every descriptor above 2$/],
  },
  {
    what: "Descriptors above 2 of the init itself",
    tests: [attributes],
    observations: ["init.descriptor 9"],
  },
  {
    what: "The system calls of the init",
    tests: [/^test\/system\/after-spawn\.test\.ts .*the init's own system calls/],
  },
  {
    what: "The sandbox",
    tests: [/^test\/replay\/recorder\.test\.ts .*goes on recording inside the sandbox$/],
  },
  {
    what: "A limit of processes that is reached",
    tests: [
      /^test\/system\/statuses\.test\.ts .*125 for a process that the kernel refuses to make/,
    ],
  },
  {
    what: "A seccomp profile that refuses every ioctl with EPERM",
    tests: [/^test\/terminal\/refused\.test\.ts > every ioctl fails with EPERM/],
  },
];

/** Whether a test is one that the Node host has to fail. */
export function beyondNode(name: string): boolean {
  return rows.some((row) => row.observations === undefined && matches(row, name));
}

/** What a comparison observes otherwise under the Node host. */
export function observedOtherwise(name: string): string[] {
  return rows.flatMap((row) => (matches(row, name) ? (row.observations ?? []) : []));
}

function matches({ tests }: Row, name: string): boolean {
  return tests.some((it) => it.test(name));
}

/** Why nothing can run under the Node host here, if nothing can. */
export function whyNoNodeHost(): string | undefined {
  return existsSync(addon) ? undefined : `${addon} is missing: npm run build, with g++ and make`;
}
