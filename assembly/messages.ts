// Every text that the program prints: one language, one place.
// May not know: decisions. Plain data, read by tools/texts.ts, which makes UTF-8 bytes of it.
//
// Placeholders: {word} and {other} are bytes quoted from the command line, {signal} is a signal by
// name, {pid} and {number} are decimal, {error} is the text of the errno in {number}. A name of an
// action in front, as in {Reap}, says what the message speaks of; only JSON lines show it.

/** Messages: each becomes one line on stderr, after the prefix. The key is its name in the code. */
export const messages = {
  // The command line.
  unknownOption: "unknown option '{word}': expected an option that --help lists",
  ambiguousOption: "option '{word}' is ambiguous: expected more of its name",
  missingValue: "option '--{word}' lacks its value: expected {other}",
  missingShortValue: "option '-{word}' lacks its value: expected {other}",
  unexpectedValue: "option '{word}' takes no value: expected nothing after it",
  wordTooLong: "option word '{word}' is too long: expected at most {number} bytes",
  noCommand: "no command: expected COMMAND [ARG...] after the options",
  badSignal:
    "'{word}' is not a signal: expected a name (TERM, RTMIN+3) or a number from 1 to 64",
  badRewrite: "'{word}' is not a rewrite: expected FROM:TO, as in TERM:QUIT or 15:3",
  badRewriteNumbers: "'{word}' is not a rewrite: expected signals from 1 to 31, as in 15:3",
  uncatchable: "'{word}': KILL and STOP can't be caught: expected another signal",
  badChoice: "'{word}' is not a choice for {other}: expected auto, on or off",
  badLog: "'{word}' is not a log format: expected text or json",
  badExplain: "'{word}' is not a format: expected json, or no value",
  badDuration:
    "'{word}' is not a duration: expected 500ms, 10s, 2m, 1h or seconds, at most 24h",
  badPlan: "'{word}' is not a stop plan: expected steps such as TERM:10s,INT:5s,KILL",
  badPlanStep: "'{word}' is not a step of a stop plan: expected SIGNAL[:DURATION]",
  stepWithoutDuration: "'{word}' needs a duration: expected one in every step but the last",
  tooManySteps: "'{word}' has too many steps: expected at most {number}",
  badSignals: "'{word}' is not a list of signals: expected names with commas, as in TERM,INT",
  badExitMap:
    "'{word}' is not an exit map: expected FROM:TO, FROM a status 0-255, a range or a signal",
  badStatus: "'{word}' is not an exit status: expected a number from 0 to 255",
  badSize: "'{word}' is not a size: expected bytes, or K or M, from 16K to 1024M",
  badName: "'{word}' is not a command line: expected dumb-init, tini or catatonit",
  lateAs: "option '--as' is late: expected it as the first word",
  pauseWithCommand: "'{word}': expected no command with --pause",
  badQuote: "'{word}' has an open quote or a bad escape: expected words as for env -S",
  tooManyWords: "'{word}' has too many words: expected at most {number}",
  notAnOption: "'{word}' is not an option: expected options only",
  emptyRecord: "option '--record' has an empty value: expected the name of a file",
  fromEnvironment: "in WASM_INIT_OPTIONS: ",
  recordFailed: "can't record to '{word}': {error}",
  sandboxRefused: "--sandbox=on, but the kernel has no sandbox to give: {error}",
  sandboxFailed: "can't enter the sandbox, the command was killed: {error}",

  // The spawn.
  forkFailed: "can't make a process for '{word}': {error}",
  commandNotFound: "can't run '{word}': {error}: expected a command on PATH or the path of one",
  commandNotExecutable: "can't run '{word}': {error}: expected an executable file",
  interpreterMissing:
    "can't run '{word}': the loader or interpreter '{other}' that it names is missing",

  // Warnings.
  refused: "{SendSignal}the kernel refuses to let us send {signal} to {pid}: {error}",
  notReaper:
    "neither PID 1 nor a subreaper: orphans won't be reaped here (-s or TINI_SUBREAPER helps)",
  reaped: "{Reap}reaped adopted process {pid}",
  commandLost: "the command {pid} is gone, and its status with it",
  outlived: "some process outlived KILL by a second: not waiting for it",
  recordStopped: "the recording has stopped: {error}",
  droppedDraining: "dropped {signal} while draining",

  // What -v says.
  started: "{Spawn}started '{word}' as {pid}",
  startedPause: "paused: reaping until TERM or INT",
  exited: "{Reap}the command {pid} ended with status {number}",
  killedBy: "{Reap}the command {pid} was killed by {signal}",
  dumpedCore: "{Reap}the command {pid} was killed by {signal} (core dumped)",
  planStep: "{SendSignal}stop plan: sent {signal} to {pid}",
  planWait: "{SetDeadline}stop plan: waiting before the next step",
  planStarted: "stop plan: started by {signal} from {pid}",
  draining: "{SendSignal}draining: TERM to everyone left",
  drainKill: "{SendSignal}draining: KILL to everyone left",
  terminalKept: "could not hand the terminal over: {error}",
  actionFailed: "{word} failed: {error}",

  // What -vv says.
  forwarded: "{SendSignal}forwarded {signal} to {pid}",
  received: "received {signal} from {pid}",
  dropped: "dropped {signal}",
  droppedOwn: "dropped {signal} of our own doing",
  stopped: "the command {pid} was stopped by {signal}",
  trapped: "{DetachTraced}let {pid} go with {signal}",
  child: "{Reap}reaped {pid}",
} as const;

/** Words that the core compares with or puts into messages, in lower case where it compares. */
export const words = {
  none: "none",
  rtmin: "rtmin",
  rtmax: "rtmax",
  auto: "auto",
  on: "on",
  off: "off",
  text: "text",
  json: "json",
  prefix: "wasm-init: ",
  realTime: "RTMIN+",
  optionsVariable: "WASM_INIT_OPTIONS",
  recordVariable: "WASM_INIT_RECORD",
  listenPid: "LISTEN_PID",
  dumbInitDebug: "DUMB_INIT_DEBUG",
  dumbInitSetsid: "DUMB_INIT_SETSID",
  tiniSubreaper: "TINI_SUBREAPER",
  tiniKillProcessGroup: "TINI_KILL_PROCESS_GROUP",
  tiniVerbosity: "TINI_VERBOSITY",
  catatonitDebug: "CATATONIT_DEBUG",
  errorNumber: "error ",
  ellipsis: "...",
  subreaperOption: "--subreaper",
  sandboxOption: "--sandbox",
  versionOption: "--version",
  asOption: "--as",
  jsonMilliseconds: '{"ms":',
  jsonEvent: ',"event":"',
  jsonAction: '","action":"',
  jsonPid: '","pid":',
  jsonNoPid: '",',
  jsonSignal: '"signal":"',
  jsonEndString: '",',
  jsonMessage: '"message":"',
  jsonEnd: '"}',
} as const;

/** What --explain prints. */
export const explanation = {
  explainSession: "The command leads a session of its own.\n\n SIGNAL    GOES\n",
  explainGroup: "The command leads a process group of its own.\n\n SIGNAL    GOES\n",
  explainInherit: "The command shares the init's process group.\n\n SIGNAL    GOES\n",
  explainToGroup: "to the group",
  explainToCommand: "to the command",
  explainToNobody: "nowhere",
  explainUncatchable: "to the init: it can't be caught",
  explainReaps: "to the init: it reaps",
  explainStarts: "starts the stop plan",
  explainAs: " as ",
  explainPlan: "\nStop plan:\n",
  explainNoPlan: " none: a stop signal is forwarded, and the command decides\n",
  explainWaits: ", then waits ",
  explainEnd: "\nWhen the command ends:\n",
  explainGroupTerm: " TERM to the rest of its group\n",
  explainDrain: " TERM to everyone left, KILL after ",
  explainExit: " exit with its status\n",
  explainLongest: "\nLongest time from a stop signal to the exit: ",
  explainUnplanned: "unbounded: there is no stop plan\n",
  explainUnkilled: "unbounded: the stop plan does not end in KILL\n",
  explainDocker:
    "longer than Docker's default of 10s: raise --stop-timeout, or stop_grace_period, to ",
  explainKubernetes:
    "longer than Kubernetes' default of 30s: raise terminationGracePeriodSeconds to ",
  explainSignalsJson: '{"signals":[',
  explainFirstRow: '{"signal":"',
  explainNextRow: ',{"signal":"',
  explainRowTo: '","goes":"',
  explainRowAs: '","as":"',
  explainPlanJson: '],"plan":[',
  explainRowWaits: '","waits":',
  explainEndJson: '],"groupTerm":',
  explainTrue: "true",
  explainFalse: "false",
  explainDrainJson: ',"drain":',
  explainLongestJson: ',"longestStop":',
  explainNull: "null",
  explainClose: "}\n",
} as const;

/** The licence, as some peers' options print it. */
export const license = "wasm-init is free software under the MIT License: use it as you like.\n";

/** Names of the signals 1-31 by number, and what else they are called. */
export const signalNames: readonly (readonly [number, string])[] = [
  [1, "HUP"], [2, "INT"], [3, "QUIT"], [4, "ILL"], [5, "TRAP"], [6, "ABRT"], [7, "BUS"],
  [8, "FPE"], [9, "KILL"], [10, "USR1"], [11, "SEGV"], [12, "USR2"], [13, "PIPE"],
  [14, "ALRM"], [15, "TERM"], [16, "STKFLT"], [17, "CHLD"], [18, "CONT"], [19, "STOP"],
  [20, "TSTP"], [21, "TTIN"], [22, "TTOU"], [23, "URG"], [24, "XCPU"], [25, "XFSZ"],
  [26, "VTALRM"], [27, "PROF"], [28, "WINCH"], [29, "IO"], [30, "PWR"], [31, "SYS"],
  [6, "IOT"], [17, "CLD"], [29, "POLL"],
];

/** Texts of the errors that a user is likely to meet, by number (the same on every Linux here). */
export const errors: readonly (readonly [number, string])[] = [
  [1, "operation not permitted"],
  [2, "no such file or directory"],
  [3, "no such process"],
  [5, "input/output error"],
  [7, "argument list too long"],
  [8, "exec format error"],
  [11, "out of processes"],
  [12, "out of memory"],
  [13, "permission denied"],
  [17, "the file exists and is not a trace"],
  [20, "not a directory"],
  [21, "is a directory"],
  [22, "invalid argument"],
  [24, "too many open files"],
  [26, "text file busy"],
  [27, "file too large"],
  [28, "no space left on device"],
  [30, "read-only file system"],
  [36, "file name too long"],
  [38, "not supported by this kernel"],
  [40, "too many symbolic links"],
];
