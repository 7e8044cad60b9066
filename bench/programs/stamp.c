/*
 * stamp: the command of the latency benchmark, and the quiet command behind an idle init.
 *
 * Writes the monotonic time in nanoseconds (8 bytes, native order) to stdout: once when its
 * handler is in place, and then for every SIGUSR1, read by the handler before it does anything
 * else. The write itself is therefore no part of what is measured.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

static void stamp(int signal) {
  struct timespec now;
  uint64_t ns;

  (void)signal;
  clock_gettime(CLOCK_MONOTONIC, &now);
  ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  if (write(1, &ns, sizeof ns) != sizeof ns)
    _exit(1);
}

int main(void) {
  struct sigaction action = {.sa_handler = stamp, .sa_flags = SA_RESTART};

  sigaction(SIGUSR1, &action, 0);
  stamp(0);
  for (;;)
    pause();
}
