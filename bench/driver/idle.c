/*
 * The syscalls of an idle init, counted with ptrace(2). All candidates are watched at the same
 * time, so that one window is enough.
 */
#define _GNU_SOURCE
#include "measures.h"

#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

/*
 * Takes every stop that the traced process has reported, lets it go on, and returns how many of
 * them were the entry to a syscall or the exit from one.
 */
static long take_stops(pid_t pid) {
  long stops = 0;
  int status;
  pid_t changed;

  while ((changed = waitpid(pid, &status, __WALL | WNOHANG)) == pid) {
    if (!WIFSTOPPED(status))
      break;
    /* PTRACE_O_TRACESYSGOOD marks a syscall's stop; an event has its number above. */
    int at_syscall = WSTOPSIG(status) == (SIGTRAP | 0x80);
    int signal = at_syscall || status >> 16 ? 0 : WSTOPSIG(status);
    if (ptrace(PTRACE_SYSCALL, pid, 0, signal) != 0)
      fail("cannot resume the traced init: %m");
    stops += at_syscall;
  }
  if (changed != 0)
    fail("the traced init ended before its time");
  return stops;
}

static void pause_briefly(void) {
  const struct timespec pause = {.tv_nsec = 1000000};

  nanosleep(&pause, NULL);
}

/*
 * Attaches. That interrupts the wait that the init sleeps in: it goes back into it, which is our
 * doing and is not counted, so this returns when it sleeps again.
 */
static void trace(pid_t pid) {
  if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD) != 0 ||
      ptrace(PTRACE_INTERRUPT, pid, 0, 0) != 0)
    fail("cannot trace the init: %m");
  while (take_stops(pid) == 0)
    pause_briefly();
  while (!sleeps(pid)) {
    take_stops(pid);
    pause_briefly();
  }
}

void measure_idle(const struct run *run) {
  struct init inits[CANDIDATES_MAX];
  long stops[CANDIDATES_MAX] = {0};

  for (int i = 0; i < run->candidate_count; i++) {
    inits[i] = start_pid1(&run->candidates[i]);
    trace(inits[i].pid);
  }

  uint64_t end = now_ns() + (uint64_t)run->count * 1000000000u;
  while (now_ns() < end) {
    for (int i = 0; i < run->candidate_count; i++)
      stops[i] += take_stops(inits[i].pid);
    pause_briefly();
  }

  for (int i = 0; i < run->candidate_count; i++) {
    /* An entry and an exit make one syscall. */
    printf("%d %ld\n", i, (stops[i] + 1) / 2);
    stop_pid1(&inits[i]);
  }
}
