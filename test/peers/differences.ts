// Every difference between a peer and us under its name that we mean to have. An observation that
// differs and is not listed here fails its test, and so does a listed one that does not differ.
import type { Position } from "../support/scenario.ts";
import type { Family } from "./peers.ts";
import { reasons } from "./reasons.ts";

export type Reason = keyof typeof reasons;

/** What is observed under the peer, and under us. */
export type Sides = readonly [theirs: unknown, ours: unknown];

export interface Difference {
  readonly reason: Reason;
  readonly family: Family;
  /** Name of the comparison, or what the names of several have in common. */
  readonly comparison: string | RegExp;
  /** Left out: in both. */
  readonly position?: Position;
  readonly observations: Readonly<Record<string, Sides>>;
}

const FAULTS: Record<number, string> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  11: "SIGSEGV",
  31: "SIGSYS",
};
const EVERYONE = "command, child, group, session";
const ran = (theirs: unknown, ours: unknown): Sides => [theirs, ours];

/** Signals that end a peer which is not PID 1, but not us. */
function endsThePeer(signals: Record<number, unknown>): Record<string, Sides> {
  return Object.fromEntries(
    Object.entries(signals).flatMap(([signal, end]): [string, Sides][] => [
      [`outcomes.${signal}`, ["init gone", undefined]],
      [`outcomes.${signal} ends the init`, [end, undefined]],
      [`outcomes.${signal} leaves alive`, [EVERYONE, undefined]],
    ]),
  );
}

/** Signals 32 and 33, that arrive with us. */
function arrive(who: string): Record<string, Sides> {
  return {
    [`received.${who}.32`]: [undefined, 1],
    [`received.${who}.33`]: [undefined, 1],
  };
}

const TO_GROUP: Record<Family, RegExp> = {
  "dumb-init": /^(?!-c ?).*every signal$/,
  tini: /^-s?g: every signal$/,
  catatonit: /^-g: every signal$/,
};

const threadSignals = (["dumb-init", "tini", "catatonit"] as const).flatMap(
  (family): Difference[] => {
    const row = { reason: "thread signals", family } as const;
    return [
      { ...row, comparison: /every signal$/, observations: arrive("command") },
      { ...row, comparison: TO_GROUP[family], observations: arrive("child") },
      {
        ...row,
        comparison: /every signal$/,
        position: "a plain process",
        observations: endsThePeer({ 32: true, 33: true }),
      },
    ];
  },
);

const all = Array.from({ length: 64 }, (_, index) => index + 1).filter(
  (signal) => ![9, 19].includes(signal),
);
const butThreads = all.filter((signal) => ![32, 33].includes(signal));

const threadMasks: Difference[] = [
  {
    reason: "thread signals",
    family: "dumb-init",
    comparison: /started with all signals blocked$/,
    observations: { blocked: [[32, 33], []] },
  },
  ...(["tini", "catatonit"] as const).map((family): Difference => ({
    reason: "thread signals",
    family,
    comparison: /started with all signals blocked$/,
    observations: { blocked: [butThreads, all] },
  })),
];

const faults = (["tini", "catatonit"] as const).map((family): Difference => ({
  reason: "faults end the init",
  family,
  comparison: /every signal$/,
  position: "a plain process",
  observations: endsThePeer(FAULTS),
}));

const dumbInit: Difference[] = [
  {
    reason: "a sloppy rewrite",
    family: "dumb-init",
    comparison:
      /^the words \["-r","(15:3:4|1:2x|1:2 | 1:2|1: 2|\+1:2|1:\+2|1:0x2|4294967297:1|1:2,3:4)",/,
    observations: {
      end: ["status 0", "status 1"],
      ran: ran([[]], []),
      "writes.stderr": [false, true],
    },
  },
  {
    reason: "ignored real-time signals",
    family: "dumb-init",
    comparison: /started with some signals ignored$/,
    observations: { ignored: [[35, 64], []] },
  },
  {
    reason: "a traced orphan",
    family: "dumb-init",
    comparison: "an orphan stops that is traced by the init",
    observations: { end: ["SIGSEGV", "status 0"] },
  },
  {
    reason: "a refused signal",
    family: "dumb-init",
    comparison: "the kernel refuses to let the init signal its command",
    observations: { "writes.stderr": [false, true] },
  },
];

const tini: Difference[] = [
  {
    reason: "signal names",
    family: "tini",
    comparison:
      /^the words \["-p","(KILL|TERM|9|15|sigterm|SIGRTMIN|SIGSTKFLT|SIGPWR|SIGIO|SIGPOLL|SIGIOT)",/,
    observations: { end: ["status 1", "status 0"], ran: ran([], [[]]) },
  },
  {
    reason: "a sloppy status",
    family: "tini",
    comparison: /^the words \["-e","( 5|\+5|-0|)",/,
    observations: { end: ["status 0", "status 1"], ran: ran([[]], []) },
  },
  {
    reason: "log lines on stdout",
    family: "tini",
    comparison: /^the words \["-v+",("-v",)?"--"/,
    observations: { "writes.stdout": [true, false] },
  },
  {
    reason: "log lines on stdout",
    family: "tini",
    comparison: /^the words \["-gvws"/,
    observations: { "writes.stdout": [true, false], "writes.stderr": [false, true] },
  },
  {
    reason: "log lines on stdout",
    family: "tini",
    comparison: /^-svvv: an orphan ends$/,
    observations: { "writes.stdout": [true, false], "writes.stderr": [false, true] },
  },
  {
    reason: "log lines on stdout",
    family: "tini",
    comparison: /^TINI_VERBOSITY=(2|3|4|10)( -v)?$/,
    observations: { "writes.stdout": [true, false] },
  },
  {
    reason: "log lines on stdout",
    family: "tini",
    comparison: /^TINI_VERBOSITY=(2|3|4|10) -s$/,
    observations: { "writes.stdout": [true, false], "writes.stderr": [false, true] },
  },
  {
    reason: "an odd verbosity",
    family: "tini",
    comparison: /^TINI_VERBOSITY=-1/,
    observations: { "writes.stdout": [true, false] },
  },
  {
    reason: "an odd verbosity",
    family: "tini",
    comparison: /^TINI_VERBOSITY=(x|)( -v)?$/,
    observations: { "writes.stderr": [false, true] },
  },
  {
    reason: "-v and TINI_VERBOSITY",
    family: "tini",
    comparison: "TINI_VERBOSITY=0 -v",
    observations: { "writes.stderr": [false, true] },
  },
  {
    reason: "options after the command",
    family: "tini",
    comparison: `the words ["/no/such/command","-x"]`,
    observations: { end: ["status 1", "status 127"] },
  },
  {
    reason: "other errors of exec",
    family: "tini",
    comparison: /^(TINI_VERBOSITY=0: )?a (name|path) that is too long$/,
    observations: { end: ["status 1", "status 126"] },
  },
  {
    reason: "other errors of exec",
    family: "tini",
    comparison: /^(TINI_VERBOSITY=0: )?a path (through a file|that ends with a slash)$/,
    observations: { end: ["status 1", "status 127"] },
  },
  ...(
    [
      ["dumb-init", "status 2"],
      ["tini", "status 126"],
      ["catatonit", "status 1"],
    ] as const
  ).map(([family, status]): Difference => ({
    reason: "a damaged program",
    family,
    comparison: /^(TINI_VERBOSITY=0: )?bytes that are no program$/,
    observations: { end: ["status 127", status] },
  })),
  {
    reason: "CHLD ignored",
    family: "tini",
    comparison: "a command ends, and CHLD was ignored from the start",
    observations: { end: ["never", "status 3"] },
  },
  {
    reason: "a traced orphan",
    family: "tini",
    comparison: "an orphan stops that is traced by the init",
    observations: { "the orphan ends": [false, true] },
  },
  {
    reason: "a refused signal",
    family: "tini",
    comparison: "the kernel refuses to let the init signal its command",
    observations: { end: ["status 1", "status 137"], "the init": ["gone", "asleep"] },
  },
  {
    reason: "a wake-up every second",
    family: "tini",
    comparison: "nothing happens",
    observations: { "the init sleeps": [false, true] },
  },
];

/** Ctrl-Z leaves a shell that started the peer without its prompt. */
const frozen = (["tini", "catatonit"] as const).map((family): Difference => ({
  reason: "the foreground",
  family,
  comparison: "on a terminal: started by a shell, and stopped",
  observations: {
    "the prompt comes back": [false, true],
    status: [undefined, "130"],
    end: [undefined, "status 6"],
  },
}));

const stopSignals = [20, 21, 22];
const catatonit: Difference[] = [
  {
    reason: "stop signals left blocked",
    family: "catatonit",
    comparison: /started with (?!some signals blocked|all signals blocked)/,
    observations: { blocked: [stopSignals, []] },
  },
  {
    reason: "stop signals left blocked",
    family: "catatonit",
    comparison: /started with some signals blocked$/,
    observations: {
      blocked: [
        [2, 10, 15, ...stopSignals, 34, 64],
        [2, 10, 15, 34, 64],
      ],
    },
  },
  {
    reason: "stop signals left blocked",
    family: "catatonit",
    comparison:
      /^a chain of (dumb-init, CATATONIT, tini|dumb-init, tini, CATATONIT|tini, dumb-init, CATATONIT)$/,
    observations: { blocked: [stopSignals, []] },
  },
  {
    reason: "stop signals left blocked",
    family: "catatonit",
    comparison: "on a terminal: an interactive shell",
    observations: { stops: [false, true] },
  },
  {
    reason: "a failing --help",
    family: "catatonit",
    comparison: /^the words \["--(h|he|help)"\]$/,
    observations: { end: ["status 1", "status 0"] },
  },
  {
    reason: "options after the command",
    family: "catatonit",
    comparison: `the words ["«run»","-h"]`,
    observations: { ran: ran([], [["-h"]]), "writes.stderr": [true, false] },
  },
  {
    reason: "CHLD ignored",
    family: "catatonit",
    comparison: "a command ends, and CHLD was ignored from the start",
    observations: { end: ["never", "status 3"] },
  },
  {
    reason: "a traced orphan",
    family: "catatonit",
    comparison: "an orphan stops that is traced by the init",
    observations: { "the orphan ends": [false, true] },
  },
  {
    reason: "a refused signal",
    family: "catatonit",
    comparison: "the kernel refuses to let the init signal its command",
    observations: { "writes.stderr": [false, true] },
  },
];

export const differences: readonly Difference[] = [
  ...threadSignals,
  ...threadMasks,
  ...faults,
  ...dumbInit,
  ...tini,
  ...catatonit,
  ...frozen,
];
