/*
 * driver: measures inits side by side. It takes samples and prints them; medians, ratios and
 * tables are made of them by bench.ts, which builds and runs it.
 *
 *     driver MEASURE COUNT CPU COMMAND... , CANDIDATE... , [CANDIDATE... ,]...
 *
 * COMMAND is what each init runs, CANDIDATE the init's own words; every list ends in a lone
 * comma, and every program is given by its path. COUNT is rounds, or for "idle" seconds.
 *
 * Everything is pinned to the processor CPU, unless that is "any": driver, inits, and commands.
 * What is measured runs one after the other anyway, and on two processors the time to wake an idle
 * one, which is no init's doing, would be most of each sample.
 *
 *   startup  the command under each init, from vfork to the init's end
 *   latency  from kill() of the init to the command's handler (programs/stamp.c)
 *   orphans  the init's own processor time for the orphans of programs/orphans.c
 *   memory   the idle init's resident and private dirty memory
 *   idle     the idle init's syscalls
 *
 * All but startup run each init as a real PID 1, which needs root (or unprivileged user
 * namespaces). Whatever can't be measured ends it with one line on stderr and status 1.
 */
#define _GNU_SOURCE
#include "driver/measures.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No measure takes longer than this; an init that hangs must not hang the benchmark. */
enum { RUN_SECONDS_MAX = 300 };

static const struct {
  const char *name;
  void (*measure)(const struct run *run);
} measures[] = {
    {"startup", measure_startup}, {"latency", measure_latency}, {"orphans", measure_orphans},
    {"memory", measure_memory},   {"idle", measure_idle},
};

static long number(const char *text) {
  char *end;
  long value = strtol(text, &end, 10);

  if (end == text || *end != 0 || value < 0)
    fail("\"%s\" is not a number", text);
  return value;
}

/* Pins the driver, and with it all that it starts, to one processor. */
static void pin(int cpu) {
  cpu_set_t set;

  CPU_ZERO(&set);
  CPU_SET((size_t)cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0)
    fail("cannot pin to processor %d: %m", cpu);
}

/* The number of words before the comma that ends the list. */
static int list_length(char **words) {
  int length = 0;

  while (words[length] && strcmp(words[length], ",") != 0)
    length++;
  if (!words[length] || length == 0)
    fail("a list of words is empty or lacks its comma");
  return length;
}

/* One argument list of the candidate's words and the command's. */
static char **join(char **candidate, int candidate_length, char **command, int command_length) {
  char **argv = calloc((size_t)candidate_length + (size_t)command_length + 1, sizeof *argv);

  if (!argv)
    fail("out of memory");
  memcpy(argv, candidate, (size_t)candidate_length * sizeof *argv);
  memcpy(argv + candidate_length, command, (size_t)command_length * sizeof *argv);
  return argv;
}

int main(int argc, char **argv) {
  struct candidate candidates[CANDIDATES_MAX];
  struct run run = {.candidates = candidates};

  if (argc < 6)
    fail("usage: driver MEASURE COUNT CPU COMMAND... , CANDIDATE... , ...");
  run.count = number(argv[2]);
  if (strcmp(argv[3], "any") != 0)
    pin((int)number(argv[3]));

  char **command = argv + 4;
  int command_length = list_length(command);
  for (char **words = command + command_length + 1; *words;) {
    int length = list_length(words);
    if (run.candidate_count == CANDIDATES_MAX)
      fail("more than %d candidates", CANDIDATES_MAX);
    candidates[run.candidate_count++].argv = join(words, length, command, command_length);
    words += length + 1;
  }

  alarm(RUN_SECONDS_MAX);
  for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
    if (strcmp(argv[1], measures[i].name) == 0) {
      measures[i].measure(&run);
      return fflush(stdout) == 0 ? 0 : 1;
    }
  }
  fail("no measure has the name \"%s\"", argv[1]);
}
