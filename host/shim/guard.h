// System calls that other inits do not make. A seccomp profile that suits those may kill for them,
// and leaves no errno to look at: a child tries them first.
#ifndef WASM_INIT_GUARD_H
#define WASM_INIT_GUARD_H

#include <asm/errno.h>

enum {
  GUARD_CLOCK_GETTIME = 1 << 0,
  GUARD_WAITID = 1 << 1,
  GUARD_CLOSE_RANGE = 1 << 2,
  GUARD_GETDENTS64 = 1 << 3,
  GUARD_RT_SIGQUEUEINFO = 1 << 4,
  GUARD_PIDFD_OPEN = 1 << 5,
  GUARD_PIDFD_SEND_SIGNAL = 1 << 6,
  GUARD_PWRITEV2 = 1 << 7,
  GUARD_PPOLL = 1 << 8,
  GUARD_PTRACE = 1 << 9,
  GUARD_GETEUID = 1 << 10,
};

// The calls that would end this process. None until guard_probe() has found some.
extern unsigned guard_deadly;

// A call that is made unless it is deadly: ENOSYS then, as on a kernel without it.
#define GUARDED(call, made) (guard_deadly & (call) ? -ENOSYS : (made))

// Finds out which calls are deadly, if there is a seccomp filter at all: one system call if not,
// and one child if none is.
void guard_probe(void);

// Whether this process is under a seccomp filter, as guard_probe() has found.
int guard_is_filtered(void);

// Runs a function in a child that shares nothing with us, and waits for it: what it returned, 0 or
// a negated errno, or -EPERM if it was killed. It is no child to SIGCHLD or to waitid(2).
int guard_try(int (*attempt)(int), int argument);

#endif
