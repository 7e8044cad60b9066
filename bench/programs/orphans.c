/*
 * orphans: makes orphans for the init above it to reap.
 *
 *     orphans storm|single COUNT
 *
 * Says with 8 bytes on stdout that it is ready, waits for one byte on stdin, makes COUNT orphans,
 * waits until the init has reaped every one of them, and says so with 8 bytes more.
 *
 *   storm   one after the other, as fast as they can be made; reaped at the init's own pace
 *   single  the next one is made only when the init has reaped the one before, so that every
 *           orphan costs the init a whole round from its sleep and back
 *
 * An orphan is the child of a process in between that ends without waiting for it. That all are
 * reaped is asked with kill(-1, 0): it reaches every process of the pid namespace except the
 * init and the caller, zombies included, and fails with ESRCH when there is none (kill(2)). So
 * the init has to be PID 1 of a pid namespace in which nothing else runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void make_orphan(void) {
  pid_t between = fork();

  if (between == 0) {
    if (fork() < 0)
      _exit(1);
    _exit(0);
  }
  int status = 1;
  if (between < 0 || waitpid(between, &status, 0) != between || status != 0)
    _exit(1);
}

static void wait_until_reaped(void) {
  const struct timespec pause = {.tv_nsec = 20000};

  while (kill(-1, 0) == 0 || errno != ESRCH)
    nanosleep(&pause, 0);
}

static void say(void) {
  const uint64_t word = 0;

  if (write(1, &word, sizeof word) != sizeof word)
    _exit(1);
}

int main(int argc, char **argv) {
  char go;

  if (argc != 3)
    return 2;
  int single = strcmp(argv[1], "single") == 0;
  long count = strtol(argv[2], 0, 10);

  say();
  if (read(0, &go, 1) != 1)
    return 1;
  for (long i = 0; i < count; i++) {
    make_orphan();
    if (single)
      wait_until_reaped();
  }
  wait_until_reaped();
  say();
  for (;;)
    pause();
}
