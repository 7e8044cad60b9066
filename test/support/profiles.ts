// Seccomp profiles to run an init under.
import { execFileSync } from "node:child_process";
import { confineProgram } from "./fixtures.ts";

let numbers: Map<string, number> | undefined;

/** The number of a system call on this machine, as its headers have it. */
function numberOf(call: string): number | undefined {
  if (numbers === undefined) {
    const options = { input: "#include <sys/syscall.h>\n", encoding: "utf8" } as const;
    const macros = execFileSync("gcc", ["-dM", "-E", "-"], options);
    const found = [...macros.matchAll(/^#define __NR_(\w+) (\d+)$/gm)];
    numbers = new Map(found.map(([, name = "", number]) => [name, Number(number)]));
  }
  return numbers.get(call);
}

/** The words that run a command under a profile: these calls fail or kill, or all but these. */
export function confined(
  how: "deny" | "allow",
  failure: number | "kill",
  calls: readonly string[],
): string[] {
  // Machines differ in their old calls: a name without a number is none of theirs.
  const found = calls.flatMap((call) => numberOf(call) ?? []);
  return [confineProgram(), how, String(failure), found.join(",")];
}

/**
 * What an engine's default profile refuses to a container without privileges: what was refused at
 * any time, as the calls that came after the profile was written are.
 */
export const REFUSED_BY_ENGINES: readonly string[] = [
  ...[
    "acct",
    "add_key",
    "bpf",
    "chroot",
    "clock_settime",
    "clone3",
    "close_range",
    "delete_module",
  ],
  ...["epoll_pwait2", "faccessat2", "finit_module", "futex_waitv", "init_module"],
  ...["io_uring_enter", "io_uring_register", "io_uring_setup", "kcmp", "kexec_load", "keyctl"],
  ...["landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "lookup_dcookie"],
  ...["memfd_secret", "mount", "mount_setattr", "openat2", "perf_event_open", "personality"],
  ...["pidfd_getfd", "pidfd_open", "pidfd_send_signal", "pivot_root", "process_madvise"],
  ...["process_mrelease", "process_vm_readv", "process_vm_writev", "ptrace", "quotactl_fd"],
  ...["reboot", "request_key", "seccomp", "setns", "settimeofday", "swapoff", "swapon", "syslog"],
  ...["umount2", "unshare", "userfaultfd", "vhangup"],
];

/**
 * What dumb-init, tini and catatonit call on a default run, the C library that starts them included,
 * and in the child: seen by strace(1).
 */
export const MADE_BY_PEERS: readonly string[] = [
  ...["access", "arch_prctl", "brk", "chdir", "clone", "close", "close_range", "execve"],
  ...["exit_group", "getpgrp", "getpid", "getrandom", "ioctl", "kill", "mmap", "mprotect"],
  ...["munmap", "newfstatat", "openat", "prctl", "pread64", "prlimit64", "read", "readlink"],
  ...["rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigtimedwait", "set_robust_list"],
  ...["set_tid_address", "setpgid", "setsid", "signalfd4", "wait4", "write"],
];

/** What we call on a default run, and they do not: a profile that suits them may kill us for it. */
export const MADE_BY_US_ALONE: readonly string[] = [
  ...["capget", "capset", "clock_gettime", "getdents64", "geteuid", "pidfd_open"],
  ...["pidfd_send_signal", "ppoll", "ptrace", "pwritev2", "rt_sigqueueinfo", "seccomp", "waitid"],
];

/** Far stricter than any engine: hardly more than what a static program without an init makes. */
export const BARELY_ENOUGH: readonly string[] = [
  ...["access", "arch_prctl", "brk", "clone", "close", "dup", "dup2", "dup3", "execve", "exit"],
  ...["exit_group", "faccessat", "fcntl", "fork", "fstat", "futex", "getcwd", "getdents64"],
  ...["getegid", "geteuid", "getgid", "getpgid", "getpgrp", "getpid", "getppid", "getrandom"],
  ...["gettid", "getuid", "kill", "lseek", "lstat", "mmap", "mprotect", "munmap", "nanosleep"],
  ...["clock_nanosleep", "newfstatat", "open", "openat", "pause", "pipe", "pipe2", "poll", "ppoll"],
  ...["prlimit64", "read", "readlink", "readlinkat", "restart_syscall", "rseq", "rt_sigaction"],
  ...["rt_sigpending", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "set_robust_list"],
  ...["set_tid_address", "setpgid", "setsid", "sigaltstack", "stat", "statx", "tgkill", "uname"],
  ...["vfork", "wait4", "waitid", "write", "writev"],
];
