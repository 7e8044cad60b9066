// A sandbox for the init itself, never for the command: no new privileges, no capability in effect
// but KILL and SYS_PTRACE, and a filter that allows the system calls of the loop. All else fails
// with EPERM: a filter that killed would end PID 1, and with it the container.
#include "abi.h"
#include "architecture.h"
#include "guard.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>

enum { CALLS_MAX = 32 };

// Which calls each part of the loop makes, as bits of Sandbox.
static const struct {
  unsigned short call, part;
} allowed[] = {
    {__NR_rt_sigtimedwait, SANDBOX_LOOP},
    {__NR_waitid, SANDBOX_LOOP},
    // In its place, where a profile kills for it.
    {__NR_wait4, SANDBOX_LOOP},
    {__NR_kill, SANDBOX_LOOP},
    // Stopping ourselves.
    {__NR_rt_sigaction, SANDBOX_LOOP},
    {__NR_rt_sigprocmask, SANDBOX_LOOP},
    {__NR_clock_gettime, SANDBOX_LOOP},
    {__NR_pwritev2, SANDBOX_LOOP},
    {__NR_exit_group, SANDBOX_LOOP},
    {__NR_rt_sigqueueinfo, SANDBOX_LOOP},
    {__NR_pidfd_open, SANDBOX_LOOP},
    {__NR_pidfd_send_signal, SANDBOX_LOOP},
    {__NR_close, SANDBOX_LOOP},
    {__NR_getpid, SANDBOX_LOOP},
#ifdef __NR_geteuid32
    {__NR_geteuid32, SANDBOX_LOOP},
#else
    {__NR_geteuid, SANDBOX_LOOP},
#endif
    {__NR_ppoll, SANDBOX_LOOP},
    {__NR_write, SANDBOX_LOOP},
    // A timed wait that a stop interrupted goes on by this one (restart_syscall(2)).
    {__NR_restart_syscall, SANDBOX_LOOP},
    {__NR_pwritev, SANDBOX_RECORD},
    // The terminal's foreground: whether the group that has it descends from us.
    {__NR_openat, SANDBOX_DRAIN | SANDBOX_TERMINAL},
    {__NR_read, SANDBOX_DRAIN | SANDBOX_TERMINAL},
    {__NR_getdents64, SANDBOX_DRAIN},
    {__NR_ioctl, SANDBOX_TERMINAL},
#ifdef __NR_getpgrp
    {__NR_getpgrp, SANDBOX_TERMINAL},
#else
    {__NR_getpgid, SANDBOX_TERMINAL},
#endif
};

// Nothing is dropped from the permitted set, only from what is in effect: a child that asks us to
// trace it (PTRACE_TRACEME) is refused if it is permitted a capability that we are not, unless
// SYS_PTRACE is in effect; and Yama may demand that one in any case (ptrace(2)). The filter refuses
// capset(2), so that what is dropped does not come back.
static int drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  long result = sys2(__NR_capget, P(&header), P(data));
  if (result < 0)
    return (int)result;
  data[0].effective &= 1U << CAP_KILL | 1U << CAP_SYS_PTRACE;
  data[1].effective = 0;
  data[0].inheritable = data[1].inheritable = 0;
  return (int)sys2(__NR_capset, P(&header), P(data));
}

static int enter(int parts) {
  const unsigned count = sizeof allowed / sizeof allowed[0];
  struct sock_filter program[CALLS_MAX + 8];
  unsigned calls = 0;
  for (unsigned i = 0; i < count; i++) {
    if (allowed[i].part & parts)
      calls++;
  }
  unsigned at = 0;
  program[at++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)ARCHITECTURE, 0,
                                               (unsigned char)(calls + 4));
  program[at++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  unsigned left = calls + 3;
  for (unsigned i = 0; i < count; i++) {
    if (!(allowed[i].part & parts))
      continue;
    program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i].call,
                                                 (unsigned char)left--, 0);
  }
  // Of ptrace(2) only letting go, whose request is the lower half of its first argument.
  const unsigned request =
      offsetof(struct seccomp_data, args) + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0);
  program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_ptrace, 0, 2);
  program[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, request);
  program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PTRACE_DETACH, 1, 0);
  program[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  program[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog filter = {(unsigned short)at, program};
  long result = sys5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (result < 0)
    return (int)result;
  result = drop_capabilities();
  if (result < 0)
    return (int)result;
  return (int)sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, P(&filter));
}

int sandbox_probe(void) {
  if (guard_is_filtered())
    return guard_try(enter, SANDBOX_LOOP);
  // A filter that can't be read: EFAULT says that one that can would be taken.
  long result = sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, 0);
  return result == -EFAULT ? 0 : (int)result;
}

int sandbox_enter(int parts) {
  int result = guard_is_filtered() ? guard_try(enter, parts) : 0;
  return result < 0 ? result : enter(parts);
}
