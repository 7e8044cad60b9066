// Every option of every dialect of the command line: the one source of the parser's tables,
// --help, the man page and the shell completions.
// May not know: what an option does (apply.ts), how it is parsed (parser.ts).
//
// Plain data, read by tools/build/texts.ts: never compiled into the core as it stands.

/** One option of one dialect. */
export interface Row {
  /** What the option stands for: names of the enum Option that the core switches over. */
  option: string;
  short?: string;
  long?: string;
  /** Placeholder of the value, if it takes one. */
  value?: string;
  /** The value may be left out, and is given only with `=`. */
  optional?: boolean;
  /** Heading under which --help lists it. */
  group: string;
  /** One sentence, no full stop at its end. */
  help: string;
}

/** One dialect: its program names, how its help begins and ends, and its options. */
export interface Table {
  /** Name of the enum Dialect. */
  name: string;
  /** Last part of argv[0], without extension, that selects it. */
  calledAs: string[];
  usage: string;
  /** Long names may be abbreviated, as getopt_long(3) has it. */
  abbreviations: boolean;
  rows: Row[];
  /** What --version prints; {version} is the project's, {dashed} the same without dots. */
  version: string;
  /** Lines after the options. */
  notes: string[];
}

const own: Table = {
  name: "Own",
  calledAs: ["wasm-init"],
  usage: "wasm-init [OPTIONS] [--] COMMAND [ARG...]",
  abbreviations: false,
  version: "wasm-init {version}",
  rows: [
    {
      option: "SingleChild",
      short: "c",
      long: "single-child",
      group: "Signals",
      help: "signal the command alone, not its process group",
    },
    {
      option: "Group",
      short: "g",
      long: "group",
      group: "Signals",
      help: "run in a new process group, not in a new session",
    },
    {
      option: "Rewrite",
      short: "r",
      long: "rewrite",
      value: "FROM:TO",
      group: "Signals",
      help: "forward FROM as TO, or drop it (none); repeatable",
    },
    {
      option: "ParentDeath",
      short: "p",
      long: "parent-death",
      value: "SIGNAL",
      group: "Signals",
      help: "receive SIGNAL when the init's parent dies",
    },
    {
      option: "Stop",
      short: "k",
      long: "stop",
      value: "PLAN",
      group: "Shutdown",
      help: "what to do on a stop signal, as in TERM:10s,KILL",
    },
    {
      option: "StopOn",
      long: "stop-on",
      value: "SIGNALS",
      group: "Shutdown",
      help: "signals that start the stop plan (TERM,INT,QUIT)",
    },
    {
      option: "Drain",
      short: "d",
      long: "drain",
      value: "DURATION|PLAN",
      optional: true,
      group: "Shutdown",
      help: "when the command has ended, send TERM to the remaining processes, wait (5s), then send KILL; or a plan of your own, as in none:2s,TERM:5s,KILL",
    },
    {
      option: "ExitMap",
      short: "e",
      long: "exit-map",
      value: "FROM:TO",
      group: "Shutdown",
      help: "exit with TO if the command's status is FROM (a status, a range or a signal); repeatable",
    },
    {
      option: "Explain",
      long: "explain",
      value: "json",
      optional: true,
      group: "Shutdown",
      help: "dry run: print what each signal would do",
    },
    {
      option: "Subreaper",
      short: "s",
      long: "subreaper",
      value: "WHEN",
      optional: true,
      group: "Process",
      help: "be a child subreaper: auto (unless PID 1), on, off",
    },
    {
      option: "Pause",
      long: "pause",
      group: "Process",
      help: "run no command; exit with 0 on TERM or INT",
    },
    {
      option: "Sandbox",
      long: "sandbox",
      value: "WHEN",
      optional: true,
      group: "Process",
      help: "drop privileges after start-up: auto, on, off",
    },
    {
      option: "Split",
      short: "S",
      long: "split",
      value: "STRING",
      group: "Process",
      help: "split STRING into arguments, for #! lines",
    },
    {
      option: "As",
      long: "as",
      value: "NAME",
      group: "Process",
      help: "act as dumb-init, tini or catatonit; must come first",
    },
    {
      option: "Record",
      long: "record",
      value: "FILE",
      group: "Recording",
      help: "record the run to FILE (%p: pid, %t: start time)",
    },
    {
      option: "RecordLimit",
      long: "record-limit",
      value: "SIZE",
      group: "Recording",
      help: "keep the newest SIZE bytes (1M; suffixes K and M)",
    },
    {
      option: "RecordArguments",
      long: "record-argv",
      group: "Recording",
      help: "also record the command's arguments",
    },
    {
      option: "Verbose",
      short: "v",
      long: "verbose",
      group: "Output",
      help: "report what happens on stderr; repeat for more",
    },
    {
      option: "Quiet",
      short: "q",
      long: "quiet",
      group: "Output",
      help: "print fatal errors only",
    },
    {
      option: "Log",
      long: "log",
      value: "text|json",
      group: "Output",
      help: "format of messages (text)",
    },
    {
      option: "WarnOnReap",
      short: "w",
      long: "warn-on-reap",
      group: "Output",
      help: "print a line for each adopted process reaped",
    },
    { option: "Help", short: "h", long: "help", group: "Output", help: "print this help and exit" },
    {
      option: "Version",
      short: "V",
      long: "version",
      group: "Output",
      help: "print the version and exit",
    },
  ],
  notes: [
    "Environment: WASM_INIT_OPTIONS (options read first), WASM_INIT_RECORD (FILE).",
    "Exit status: the command's, or 128+N if signal N killed it; 127: command not",
    "found, 126: it cannot be executed, 125: invalid option, or the init failed.",
  ],
};

const dumbInit: Table = {
  name: "DumbInit",
  calledAs: ["dumb-init"],
  usage: "dumb-init [option] command [[arg] ...]",
  abbreviations: true,
  version: "dumb-init v1.2.5 (wasm-init {version})",
  rows: [
    {
      option: "SingleChildInPlace",
      short: "c",
      long: "single-child",
      group: "Options",
      help: "signal the command alone; no new session",
    },
    {
      option: "Rewrite",
      short: "r",
      long: "rewrite",
      value: "s:r",
      group: "Options",
      help: "forward signal s as r, or drop it (0); repeatable",
    },
    {
      option: "Verbose",
      short: "v",
      long: "verbose",
      group: "Options",
      help: "report what happens on stderr",
    },
    {
      option: "Help",
      short: "h",
      long: "help",
      group: "Options",
      help: "print this help and exit",
    },
    {
      option: "Version",
      short: "V",
      long: "version",
      group: "Options",
      help: "print the version and exit",
    },
  ],
  notes: ["Environment: DUMB_INIT_DEBUG=1, DUMB_INIT_SETSID=0."],
};

const tini: Table = {
  name: "Tini",
  calledAs: ["tini", "docker-init"],
  usage: "tini [OPTIONS] PROGRAM -- [ARGS] | --version",
  abbreviations: false,
  // dockerd shows what follows "git.", if it has no dot.
  version: "tini version 0.19.0 - git.wasm-init-{dashed}",
  rows: [
    { option: "SubreaperOn", short: "s", group: "Options", help: "be a child subreaper" },
    {
      option: "ParentDeath",
      short: "p",
      value: "SIGNAL",
      group: "Options",
      help: "receive SIGNAL when the parent dies",
    },
    {
      option: "MoreVerbose",
      short: "v",
      group: "Options",
      help: "report more; repeat up to three times",
    },
    {
      option: "WarnOnReap",
      short: "w",
      group: "Options",
      help: "print a line for each adopted process reaped",
    },
    {
      option: "TargetGroup",
      short: "g",
      group: "Options",
      help: "signal the command's process group",
    },
    {
      option: "ExitZero",
      short: "e",
      value: "STATUS",
      group: "Options",
      help: "exit with 0 instead of STATUS (0-255); repeatable",
    },
    { option: "License", short: "l", group: "Options", help: "print the license and exit" },
    { option: "Help", short: "h", group: "Options", help: "print this help and exit" },
    {
      option: "Version",
      long: "version",
      group: "Options",
      help: "print the version; must be the only argument",
    },
  ],
  notes: ["Environment: TINI_SUBREAPER, TINI_KILL_PROCESS_GROUP, TINI_VERBOSITY."],
};

const catatonit: Table = {
  name: "Catatonit",
  calledAs: ["catatonit"],
  usage: "catatonit [-ghLPV] [--] <progname> [<arguments>...]",
  abbreviations: true,
  version: "tini version 0.1.7_catatonit (wasm-init {version})",
  rows: [
    {
      option: "TargetGroup",
      short: "g",
      group: "Options",
      help: "signal the command's process group",
    },
    {
      option: "Help",
      short: "h",
      long: "help",
      group: "Options",
      help: "print this help and exit",
    },
    { option: "License", short: "L", group: "Options", help: "print the license and exit" },
    {
      option: "Pause",
      short: "P",
      group: "Options",
      help: "run no command: reap until TERM or INT",
    },
    {
      option: "Version",
      short: "V",
      long: "version",
      group: "Options",
      help: "print the version and exit",
    },
  ],
  notes: ["Environment: CATATONIT_DEBUG."],
};

/** All of them, in the order of the enum Dialect. */
export const tables: readonly Table[] = [own, dumbInit, tini, catatonit];
