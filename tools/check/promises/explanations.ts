/**
 * What the pages say and no test holds, since it promises nothing that could be broken: words that
 * explain, advise or lead elsewhere. Each with the reason.
 */

export interface Explanation {
  page: string;
  /** Any part of one row, bullet or paragraph that is in no other. */
  quotation: string;
  why: string;
}

const measured =
  "a measurement of `npm run bench`, true of the day and the machine that the page names";
const limit = "a limit that is told, not kept: the kernel decides it";
const described = "a description of how it is built";

export const explanations: readonly Explanation[] = [
  {
    page: "README.md",
    quotation: "`npm run bench`, 2026",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "start-up, of a bare vfork",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "the same, all on one processor",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "kill to the command's handler",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "CPU per reaped orphan",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "idle RSS, kB",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "system calls while idle, in",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "binary, kB",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "The sandbox, on by default, is part of",
    why: measured,
  },
  {
    page: "README.md",
    quotation: "More: [containers]",
    why: "leads to the other pages",
  },
  {
    page: "SECURITY.md",
    quotation: "Please report a vulnerability",
    why: "asks something of the reader",
  },
  {
    page: "docs/architectures.md",
    quotation: "`npm test` builds and tries",
    why: "says which tests run when",
  },
  {
    page: "docs/reliability.md",
    quotation: "The faults are injected by strace",
    why: "tells how the tests go about it",
  },
  {
    page: "docs/reliability.md",
    quotation: "A kernel without `pidfd_open`",
    why: "what such a kernel can't do",
  },
  {
    page: "docs/reliability.md",
    quotation: "Who is not PID 1 can be killed",
    why: "the kernel's rule",
  },
  {
    page: "docs/reliability.md",
    quotation: "Faults come one at a time",
    why: "tells how the tests go about it",
  },
  {
    page: "docs/shutdown.md",
    quotation: "Docker's default is 10 seconds",
    why: "a fact about Docker",
  },
  {
    page: "docs/terminals.md",
    quotation: "a terminal emulator or an ssh server",
    why: "says which case the heading means",
  },
  {
    page: "docs/terminals.md",
    quotation: "A user's HUP that arrives in the microseconds",
    why: limit,
  },
  {
    page: "docs/terminals.md",
    quotation: "Stops and CONT erase each other",
    why: limit,
  },
  {
    page: "docs/terminals.md",
    quotation: "Programs that ask for the foreground",
    why: limit,
  },
  {
    page: "docs/terminals.md",
    quotation: "A stop that comes between the command's fork",
    why: limit,
  },
  {
    page: "docs/terminals.md",
    quotation: "An init that is PID 1 of a namespace while",
    why: limit,
  },
  {
    page: "docs/terminals.md",
    quotation: "in an orphaned group gets EIO",
    why: limit,
  },
  {
    page: "docs/node.md",
    quotation: "Unless you have a reason, take the first",
    why: "advice; the numbers are those of the README",
  },
  {
    page: "docs/node.md",
    quotation: "What it can't do: a program whose event loop is blocked",
    why: "a limit of Node itself, which runs no JavaScript meanwhile",
  },
  { page: "docs/node.md", quotation: "## Numbers", why: measured },
  { page: "docs/hosts.md", quotation: "the shim is ·", why: described },
  { page: "docs/hosts.md", quotation: "one loop, written in", why: described },
  {
    page: "docs/hosts.md",
    quotation: "The process is shared, and so some things differ",
    why: "the head of the list that follows",
  },
];
