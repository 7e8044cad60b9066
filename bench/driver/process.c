/* Starting, watching and ending the inits under test: see process.h. */
#define _GNU_SOURCE
#include "process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

char *const bench_environment[] = {"PATH=/usr/bin:/bin", NULL};

void fail(const char *format, ...) {
  va_list arguments;

  fputs("driver: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static uint64_t read_clock(clockid_t clock) {
  struct timespec time;

  if (clock_gettime(clock, &time) != 0)
    fail("cannot read a clock: %m");
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t now_ns(void) { return read_clock(CLOCK_MONOTONIC); }

uint64_t cpu_ns(pid_t pid) {
  clockid_t clock;
  int error = clock_getcpuclockid(pid, &clock);

  if (error != 0)
    fail("no processor clock for the init: %s", strerror(error));
  return read_clock(clock);
}

/* Waits until the process has used no processor time for a while. */
static void await_quiet(pid_t pid) {
  const struct timespec quiet = {.tv_nsec = 250 * 1000 * 1000};
  uint64_t before, after = cpu_ns(pid);

  do {
    before = after;
    nanosleep(&quiet, NULL);
    after = cpu_ns(pid);
  } while (after != before);
}

struct launch {
  char **argv;
  int in;
  int out;
};

static int launch(void *argument) {
  const struct launch *launch = argument;

  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || dup2(launch->in, 0) < 0 || dup2(launch->out, 1) < 0)
    fail("cannot prepare the init: %m");
  /* Private first, or the new /proc would show up in the namespace that we came from. */
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
    fail("cannot mount /proc in the new namespace: %m");
  execve(launch->argv[0], launch->argv, bench_environment);
  fail("cannot run %s: %m", launch->argv[0]);
}

struct init start_pid1(const struct candidate *candidate) {
  static char stack[64 * 1024] __attribute__((aligned(16)));
  int to[2], from[2];
  int flags = CLONE_NEWPID | CLONE_NEWNS | SIGCHLD;

  if (geteuid() != 0)
    flags |= CLONE_NEWUSER;
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
    fail("cannot make a pipe: %m");

  struct launch plan = {candidate->argv, to[0], from[1]};
  struct init init = {.name = candidate->argv[0], .in = to[1], .out = from[0]};

  /* Without CLONE_VM the child works on its own copy of the stack, like after a fork. */
  fflush(stdout);
  init.pid = clone(launch, stack + sizeof stack, flags, &plan);
  if (init.pid < 0)
    fail("cannot make a pid namespace: %m");
  close(to[0]);
  close(from[1]);
  hear(&init);
  await_quiet(init.pid);
  return init;
}

void stop_pid1(struct init *init) {
  kill(init->pid, SIGKILL);
  if (waitpid(init->pid, NULL, __WALL) != init->pid)
    fail("cannot wait for the init's end: %m");
  close(init->in);
  close(init->out);
}

uint64_t hear(const struct init *init) {
  uint64_t word;

  if (read(init->out, &word, sizeof word) != sizeof word)
    fail("the command under %s ended before its time", init->name);
  return word;
}

int sleeps(pid_t pid) {
  char path[64], text[512];

  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (length <= 0)
    fail("cannot read the init's state: %m");
  close(fd);
  text[length] = 0;
  /* The state follows the name in parentheses, and a name may hold a parenthesis. */
  const char *end = strrchr(text, ')');
  return end && end[2] == 'S';
}

void await_sleep(pid_t pid) {
  const struct timespec pause = {.tv_nsec = 50000};

  do
    nanosleep(&pause, NULL);
  while (!sleeps(pid));
}
