// Signals by their numbers, from the system itself.
import { constants } from "node:os";

export const {
  SIGHUP: HUP,
  SIGINT: INT,
  SIGQUIT: QUIT,
  SIGKILL: KILL,
  SIGUSR1: USR1,
  SIGSEGV: SEGV,
  SIGUSR2: USR2,
  SIGPIPE: PIPE,
  SIGTERM: TERM,
  SIGCHLD: CHLD,
  SIGCONT: CONT,
  SIGSTOP: STOP,
  SIGTSTP: TSTP,
  SIGTTIN: TTIN,
  SIGURG: URG,
  SIGWINCH: WINCH,
} = constants.signals;
