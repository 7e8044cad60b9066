/*
 * The measures: see measures.h. A round visits every candidate once, in an order that is drawn
 * anew for each round, so that no candidate always finds the caches as the same one left them.
 */
#define _GNU_SOURCE
#include "measures.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Draws the order of one round (Fisher and Yates); rand's fixed seed makes runs alike. */
static void draw_order(int *order, int count) {
  for (int i = 0; i < count; i++) {
    int j = rand() % (i + 1);
    order[i] = order[j];
    order[j] = i;
  }
}

static uint64_t time_one_start(const struct candidate *candidate) {
  int status;
  uint64_t start = now_ns();
  pid_t pid = vfork();

  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execve(candidate->argv[0], candidate->argv, bench_environment);
    _exit(127);
  }
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    fail("cannot start %s: %m", candidate->argv[0]);
  uint64_t end = now_ns();
  if (status != 0)
    fail("%s ended with wait status %d", candidate->argv[0], status);
  return end - start;
}

void measure_startup(const struct run *run) {
  int order[CANDIDATES_MAX];

  for (long round = 0; round < run->count; round++) {
    draw_order(order, run->candidate_count);
    for (int k = 0; k < run->candidate_count; k++) {
      int i = order[k];
      printf("%d %ju\n", i, (uintmax_t)time_one_start(&run->candidates[i]));
    }
  }
}

void measure_latency(const struct run *run) {
  struct init inits[CANDIDATES_MAX];
  int order[CANDIDATES_MAX];

  for (int i = 0; i < run->candidate_count; i++)
    inits[i] = start_pid1(&run->candidates[i]);
  for (long round = 0; round < run->count; round++) {
    draw_order(order, run->candidate_count);
    for (int k = 0; k < run->candidate_count; k++) {
      int i = order[k];
      uint64_t sent = now_ns();

      if (kill(inits[i].pid, SIGUSR1) != 0)
        fail("cannot signal the init: %m");
      printf("%d %ju\n", i, (uintmax_t)(hear(&inits[i]) - sent));
      /* An init that still runs would take processor time from the next one. */
      await_sleep(inits[i].pid);
    }
  }
  for (int i = 0; i < run->candidate_count; i++)
    stop_pid1(&inits[i]);
}

void measure_orphans(const struct run *run) {
  int order[CANDIDATES_MAX];

  for (long round = 0; round < run->count; round++) {
    draw_order(order, run->candidate_count);
    for (int k = 0; k < run->candidate_count; k++) {
      int i = order[k];
      struct init init = start_pid1(&run->candidates[i]);
      uint64_t before = cpu_ns(init.pid);

      if (write(init.in, "", 1) != 1)
        fail("cannot talk to the command: %m");
      hear(&init);
      await_sleep(init.pid);
      printf("%d %ju\n", i, (uintmax_t)(cpu_ns(init.pid) - before));
      stop_pid1(&init);
    }
  }
}

static void print_memory(int index, pid_t pid) {
  char path[64], line[256];
  long value, resident = -1, dirty = -1;

  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
  FILE *file = fopen(path, "re");
  if (!file)
    fail("cannot read the init's memory: %m");
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "Rss: %ld kB", &value) == 1)
      resident = value;
    else if (sscanf(line, "Private_Dirty: %ld kB", &value) == 1)
      dirty = value;
  }
  fclose(file);
  if (resident < 0 || dirty < 0)
    fail("smaps_rollup lacks Rss or Private_Dirty");
  printf("%d %ld %ld\n", index, resident, dirty);
}

void measure_memory(const struct run *run) {
  for (long round = 0; round < run->count; round++) {
    for (int i = 0; i < run->candidate_count; i++) {
      struct init init = start_pid1(&run->candidates[i]);

      print_memory(i, init.pid);
      stop_pid1(&init);
    }
  }
}
