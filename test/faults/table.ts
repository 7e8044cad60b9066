// What each failure of each system call leads to. The errnos are those of the call's man page, and
// those that a seccomp profile or an old kernel gives instead (ENOSYS, EPERM).
import type { SceneName } from "./scenes.ts";

/**
 * `recovers`: all goes on as if nothing had failed, and not a word about it is due.
 * `reports`: the same, and one line says what failed.
 * `refuses`: ends with 125, and one line, before the command was started.
 * `not run`: the command can't be executed: 126 or 127, and one line.
 * `kills`: the command is killed, with 125 and one line (a sandbox that was insisted on).
 * `loses`: the kernel says that nobody is there, or refuses: that one signal arrives nowhere.
 */
export type Expectation = "recovers" | "reports" | "refuses" | "not run" | "kills" | "loses";

/** How the init runs: as any process, as PID 1 of a namespace, or with a recording of all it does. */
export type Mode = "any process" | "PID 1" | "recording";

export interface Row {
  readonly call: string;
  readonly errnos: readonly string[];
  readonly scene: SceneName;
  readonly expectation: Expectation;
  /** Which of the calls fail, one at a time; the first, unless it says otherwise. */
  readonly at?: readonly number[];
  /** How many in a row fail, from that one on. */
  readonly times?: number;
  /** Made by the child between vfork and exec. */
  readonly inChild?: boolean;
  /** Another failure that has to come first. */
  readonly also?: string;
  /** Where another mode differs: what is expected there, or that the call is not made at all. */
  readonly but?: Partial<Record<Mode, Partial<Pick<Row, "expectation" | "at">> | "not made">>;
}

/** A row as it is in a mode; undefined where the call is not made. */
export function rowIn(mode: Mode, row: Row): Row | undefined {
  const but = row.but?.[mode];
  return but === "not made" ? undefined : { ...row, ...but };
}

/** Calls that can't fail (their man pages list no error). */
export const NEVER_FAIL = ["getpid", "geteuid", "geteuid32", "getpgrp", "getpgid"];

/**
 * Made by tests and by the Node host only, under a seccomp filter only, or the kernel's own
 * continuation of another call.
 */
export const NO_ROW_NEEDED = ["clone", "restart_syscall", "umask"];

const OPENING = [
  ...["EACCES", "EINTR", "EINVAL", "ELOOP", "EMFILE", "ENAMETOOLONG", "ENFILE", "ENODEV"],
  ...["ENOENT", "ENOMEM", "ENOTDIR", "ENXIO", "EOVERFLOW", "EPERM", "EROFS", "ETXTBSY"],
];
const WRITING = [
  ...["EAGAIN", "EBADF", "EDESTADDRREQ", "EDQUOT", "EFAULT", "EFBIG", "EINTR", "EINVAL"],
  ...["EIO", "ENOSPC", "EPERM", "EPIPE"],
];
const CLOCK = ["EFAULT", "EINVAL", "ENODEV", "EOPNOTSUPP", "EOVERFLOW", "EPERM", "ENOSYS"];
const WAITING = ["ECHILD", "EINTR", "EINVAL", "EAGAIN", "ESRCH"];
const SIGNAL_WAIT = ["EAGAIN", "EINTR", "EINVAL"];
const IOCTL = ["EBADF", "EFAULT", "EINVAL", "ENOTTY", "EIO", "EPERM"];

export const table: readonly Row[] = [
  // Before the command: a signal or a status would be lost later, so nothing is started.
  { call: "rt_sigprocmask", errnos: ["EFAULT", "EINVAL"], scene: "plain", expectation: "refuses" },
  { call: "rt_sigaction", errnos: ["EFAULT", "EINVAL"], scene: "plain", expectation: "refuses" },
  {
    // As vfork(2).
    call: "clone",
    errnos: ["EAGAIN", "ENOMEM", "ENOSYS", "EPERM"],
    scene: "plain",
    expectation: "refuses",
  },
  { call: "setsid", errnos: ["EPERM"], scene: "plain", expectation: "refuses", inChild: true },
  {
    call: "setpgid",
    errnos: ["EACCES", "EINVAL", "EPERM", "ESRCH"],
    scene: "single",
    expectation: "refuses",
    inChild: true,
  },
  {
    call: "execve",
    errnos: [
      ...["E2BIG", "EACCES", "EAGAIN", "EFAULT", "EINVAL", "EIO", "EISDIR", "ELIBBAD", "ELOOP"],
      ...["EMFILE", "ENAMETOOLONG", "ENFILE", "ENOENT", "ENOMEM", "ENOTDIR", "EPERM", "ETXTBSY"],
    ],
    scene: "plain",
    expectation: "not run",
    inChild: true,
  },
  {
    call: "wait4",
    errnos: ["ECHILD", "EINTR", "EINVAL"],
    scene: "loaderless",
    expectation: "not run",
  },
  {
    call: "lseek",
    errnos: ["EBADF", "EINVAL", "ENXIO", "EOVERFLOW", "ESPIPE"],
    scene: "loaderless",
    expectation: "not run",
    inChild: true,
    at: [1, 2],
  },
  // Which file was at fault is not told then.
  {
    call: "faccessat",
    errnos: ["EACCES", "EINVAL", "EIO", "ELOOP", "ENOENT", "ENOMEM", "ENOSYS", "ENOTDIR", "EPERM"],
    scene: "loaderless",
    expectation: "not run",
    inChild: true,
    at: [1, 2],
  },

  // Who and where we are, and what is let go of.
  // PID 1 has neither a terminal of another namespace's nor a need to become a subreaper.
  {
    call: "ioctl",
    errnos: IOCTL,
    scene: "plain",
    expectation: "recovers",
    at: [1, 2, 3],
    but: { "PID 1": "not made" },
  },
  {
    call: "openat",
    errnos: OPENING,
    scene: "plain",
    expectation: "recovers",
    but: { "PID 1": "not made" },
  },
  {
    call: "prctl",
    errnos: ["EINVAL", "EPERM"],
    scene: "unsandboxed",
    expectation: "recovers",
    at: [1, 2],
    but: { "PID 1": { at: [1] } },
  },
  {
    call: "prctl",
    errnos: ["EINVAL", "EPERM"],
    scene: "verbose",
    expectation: "reports",
    at: [2, 3],
    but: { "PID 1": { at: [2] } },
  },
  {
    call: "chdir",
    errnos: [
      ...["EACCES", "EFAULT", "EIO", "ELOOP", "ENAMETOOLONG", "ENOENT", "ENOMEM", "ENOTDIR"],
    ],
    scene: "verbose",
    expectation: "reports",
  },
  {
    call: "close_range",
    errnos: ["EBADF", "EINVAL", "EMFILE", "ENOMEM", "ENOSYS", "EPERM"],
    scene: "plain",
    expectation: "recovers",
  },
  {
    call: "close",
    errnos: ["EBADF", "EINTR", "EIO", "ENOSPC", "EDQUOT"],
    scene: "plain",
    expectation: "recovers",
  },

  // The loop.
  {
    call: "waitid",
    errnos: WAITING,
    scene: "unsandboxed",
    expectation: "recovers",
    at: [1, 2, 3, 4, 5, 6, 7, 8],
  },
  {
    call: "rt_sigtimedwait",
    errnos: SIGNAL_WAIT,
    scene: "unsandboxed",
    expectation: "recovers",
    at: [1, 2, 3, 4, 5],
  },
  { call: "clock_gettime", errnos: CLOCK, scene: "plain", expectation: "recovers", at: [1, 2, 3] },
  {
    call: "clock_gettime",
    errnos: CLOCK,
    scene: "stop",
    expectation: "recovers",
    at: [1, 2, 3, 4],
  },
  {
    call: "rt_sigtimedwait",
    errnos: SIGNAL_WAIT,
    scene: "stop",
    expectation: "recovers",
    at: [1, 2, 3],
  },
  // Again and again: the init goes on, says so once, and has missed nothing when it sees again.
  {
    call: "waitid",
    errnos: ["ECHILD", "EINVAL", "ENOSYS"],
    scene: "unsandboxed",
    expectation: "reports",
    times: 30,
  },
  { call: "waitid", errnos: WAITING, scene: "stop", expectation: "recovers", at: [1, 2, 3, 4] },
  { call: "exit_group", errnos: ["ENOSYS", "EPERM"], scene: "plain", expectation: "recovers" },

  // Sending.
  { call: "kill", errnos: ["EINVAL", "EPERM", "ESRCH"], scene: "plain", expectation: "loses" },
  {
    call: "rt_sigqueueinfo",
    errnos: ["EAGAIN", "EINVAL", "EPERM", "ENOSYS"],
    scene: "single",
    expectation: "recovers",
  },
  { call: "rt_sigqueueinfo", errnos: ["ESRCH"], scene: "single", expectation: "loses" },
  {
    call: "pidfd_open",
    errnos: ["EINVAL", "EMFILE", "ENFILE", "ENODEV", "ENOMEM", "ENOSYS", "EPERM"],
    scene: "plain",
    expectation: "recovers",
  },
  { call: "pidfd_open", errnos: ["ESRCH"], scene: "plain", expectation: "loses" },
  {
    call: "pidfd_send_signal",
    errnos: ["EBADF", "EINVAL", "EPERM", "EAGAIN", "ENOSYS"],
    scene: "plain",
    expectation: "recovers",
  },
  { call: "pidfd_send_signal", errnos: ["ESRCH"], scene: "plain", expectation: "loses" },
  {
    call: "ptrace",
    errnos: ["EPERM", "ESRCH", "EIO", "EFAULT", "EINVAL"],
    scene: "traced",
    expectation: "reports",
  },

  // Saying something.
  {
    call: "pwritev2",
    errnos: [...WRITING, "EOPNOTSUPP", "ENOSYS"],
    scene: "verbose",
    expectation: "recovers",
    at: [1, 2],
  },
  {
    call: "ppoll",
    errnos: ["EFAULT", "EINTR", "EINVAL", "ENOMEM"],
    scene: "verbose",
    expectation: "recovers",
    also: "pwritev2:error=EOPNOTSUPP",
    at: [1, 2],
  },
  {
    call: "write",
    errnos: WRITING,
    scene: "verbose",
    expectation: "recovers",
    also: "pwritev2:error=EOPNOTSUPP",
    at: [1, 2],
  },

  // Draining: whoever could not be told is killed when the time is up. PID 1 tells everyone at once.
  {
    call: "openat",
    errnos: OPENING,
    scene: "drain",
    expectation: "reports",
    at: [2],
    but: { "PID 1": "not made", recording: { at: [3] } },
  },
  {
    call: "getdents64",
    errnos: ["EBADF", "EFAULT", "EINVAL", "ENOENT", "ENOTDIR"],
    scene: "drain",
    expectation: "reports",
    at: [1, 2],
    but: { "PID 1": "not made" },
  },
  {
    call: "read",
    errnos: ["EAGAIN", "EBADF", "EFAULT", "EINTR", "EINVAL", "EIO", "EISDIR"],
    scene: "drain",
    expectation: "recovers",
    at: [1, 2],
    but: { "PID 1": "not made" },
  },
  { call: "waitid", errnos: WAITING, scene: "drain", expectation: "recovers", at: [1, 2, 3] },

  // The sandbox: insisted on, or not.
  {
    call: "seccomp",
    errnos: ["EACCES", "EINVAL", "ENOMEM", "ENOSYS", "EPERM"],
    scene: "sandbox",
    expectation: "refuses",
  },
  {
    call: "seccomp",
    errnos: ["EACCES", "EFAULT", "EINVAL", "ENOMEM", "ESRCH"],
    scene: "sandbox",
    expectation: "kills",
    at: [2],
  },
  { call: "capget", errnos: ["EFAULT", "EINVAL"], scene: "sandbox", expectation: "kills" },
  { call: "capset", errnos: ["EFAULT", "EINVAL", "EPERM"], scene: "sandbox", expectation: "kills" },
  {
    call: "prctl",
    errnos: ["EINVAL"],
    scene: "sandbox",
    expectation: "kills",
    at: [3],
    but: { "PID 1": { at: [2] } },
  },
  {
    call: "seccomp",
    errnos: ["EACCES", "EFAULT", "EINVAL", "ENOMEM", "ENOSYS", "EPERM"],
    scene: "settled",
    expectation: "reports",
  },
  { call: "capget", errnos: ["EFAULT", "EINVAL"], scene: "settled", expectation: "reports" },
  { call: "capset", errnos: ["EFAULT", "EINVAL"], scene: "settled", expectation: "reports" },

  // The recorder: no file, no start; a file that fails later only ends the recording.
  {
    call: "openat",
    errnos: OPENING,
    scene: "record",
    expectation: "refuses",
    at: [2],
    but: { "PID 1": { at: [1] } },
  },
  {
    call: "fcntl",
    errnos: ["EBADF", "EINVAL", "EMFILE"],
    scene: "closed",
    expectation: "refuses",
  },
  {
    call: "preadv",
    errnos: ["EAGAIN", "EBADF", "EINVAL", "EIO", "EISDIR", "ESPIPE"],
    scene: "record",
    expectation: "refuses",
  },
  // What it does not tell is done all the same.
  {
    call: "statx",
    errnos: ["EACCES", "EBADF", "EFAULT", "EINVAL", "ENOENT", "ENOMEM", "ENOSYS", "EPERM"],
    scene: "record",
    expectation: "recovers",
  },
  {
    call: "fchmod",
    errnos: ["EIO", "EPERM", "EROFS"],
    scene: "record",
    expectation: "recovers",
    also: "statx:error=ENOSYS",
  },
  {
    call: "ftruncate",
    errnos: ["EFBIG", "EINTR", "EINVAL", "EIO", "EPERM"],
    scene: "record",
    expectation: "refuses",
    also: "fallocate:error=EOPNOTSUPP",
  },
  {
    call: "fallocate",
    errnos: ["EBADF", "EFBIG", "EINTR", "EINVAL", "EIO", "ENODEV", "ENOSPC", "EPERM", "ESPIPE"],
    scene: "record",
    expectation: "refuses",
  },
  { call: "fallocate", errnos: ["EOPNOTSUPP"], scene: "record", expectation: "recovers" },
  { call: "pwritev", errnos: WRITING, scene: "record", expectation: "refuses", at: [1] },
  { call: "pwritev", errnos: WRITING, scene: "record", expectation: "reports", at: [2, 3, 4] },

  // With a terminal: all of it best effort.
  { call: "ioctl", errnos: IOCTL, scene: "terminal", expectation: "recovers", at: [1, 2, 3] },
  { call: "ioctl", errnos: IOCTL, scene: "job", expectation: "recovers", at: [1, 2, 3, 4] },
];
