// Why we differ: the first column of the table in docs/compatibility.md, by the short name that
// differences.ts uses.
export const reasons = {
  "thread signals": "Signals 32 and 33",
  "faults end the init":
    "A fault's signal (ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS) sent to an init that is not PID 1",
  "a sloppy rewrite": "`-r` with blanks, signs or more after its two numbers",
  "ignored real-time signals": "Real-time signals that were ignored when the init started",
  "a traced orphan": "An orphan that has the init trace it, and stops",
  "a refused signal": "The kernel refuses to let the init signal its command",
  "signal names": "Names of signals",
  "a sloppy status": "`-e` with blanks, a sign or nothing",
  "log lines on stdout": "Log lines of `-v` and `-w`",
  "an odd verbosity": "`TINI_VERBOSITY` that is not a number, or below 0",
  "-v and TINI_VERBOSITY": "`-v` together with `TINI_VERBOSITY`",
  "options after the command": "Options after the command, as in `tini ls -l` without `--`",
  "other errors of exec":
    "A command that can't be executed for a rarer reason: a path through a file, a name that is too long",
  "a damaged program": "An ELF file that the kernel can't execute, as one for another machine",
  "CHLD ignored": "CHLD was ignored when the init started",
  "a wake-up every second": "An init that has nothing to do",
  "stop signals left blocked": "TSTP, TTIN and TTOU in the command's signal mask",
  "a failing --help": "`--help`",
  "the foreground": "The foreground of a terminal",
} as const;
