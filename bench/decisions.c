/*
 * decisions: how fast the core decides in the native build. Links what the binary links of the
 * core, and none of the shim: no syscall is made for an event.
 *
 *     decisions MILLISECONDS
 *
 * Prints, for each of nine slices, how many signals forwarded and how many orphans reaped it
 * decided on in a second. The protocol is that of decisions.ts: two option words, no environment
 * variable, no terminal.
 */
#define _GNU_SOURCE
#include "abi.h"
#include "core.h"
#include "wasm-rt.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLICES = 9, COMMAND = 2, ORPHAN = 77 };

static void fail(const char *what) {
  fprintf(stderr, "decisions: %s\n", what);
  exit(1);
}

void wasm_rt_trap(wasm_rt_trap_t trap) {
  (void)trap;
  fail("the core trapped");
  abort();
}

static double seconds(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct event with_bytes(int kind, const char *bytes) {
  struct event event = {.kind = kind, .bytes = bytes, .length = strlen(bytes)};

  event.code = (int)event.length;
  return event;
}

/* What the core asks for at boot, in order; what it is given may make it ask for more. */
static int boot(struct event event) {
  static const char *const words[] = {"--", "command"};
  static int read;

  core_take(&event, 0);
  struct action actions[ACTION_CAPACITY];
  int count = core_action_count();
  for (int i = 0; i < count; i++)
    actions[i] = core_action(i);
  for (int i = 0; i < count; i++) {
    int spawned = 0;
    if (actions[i].kind == ACTION_KIND_SPAWN)
      return 1;
    if (actions[i].kind == ACTION_KIND_READ_VARIABLE) {
      struct event unset = {.kind = EVENT_KIND_VARIABLE_READ, .signal = actions[i].a, .code = -1};
      spawned = boot(unset);
    } else if (actions[i].kind == ACTION_KIND_READ_WORD && read < 2) {
      spawned = boot(with_bytes(EVENT_KIND_WORD_READ, words[read++]));
    }
    if (spawned)
      return 1;
  }
  return 0;
}

/* One event in, every field of every action out; tells the kind of the last one. */
static int decide(const struct event *event) {
  static double now;
  volatile struct action action = {0};

  core_take(event, now++);
  int count = core_action_count();
  for (int i = 0; i < count; i++)
    action = core_action(i);
  return action.kind;
}

static double per_second(const struct event *event, double slice) {
  double start = seconds(), now = start;
  long count = 0;

  for (; now < start + slice; now = seconds(), count += 1000)
    for (int i = 0; i < 1000; i++)
      decide(event);
  return (double)count / (now - start);
}

int main(int argc, char **argv) {
  if (argc != 2)
    fail("usage: decisions MILLISECONDS");
  double slice = atof(argv[1]) / 1000 / SLICES;

  boot((struct event){.kind = EVENT_KIND_BOOTED, .pid = 1});
  if (!boot(with_bytes(EVENT_KIND_NAMED, "wasm-init")))
    fail("the core did not come to the spawn");
  struct event spawned = with_bytes(EVENT_KIND_SPAWNED, "command");
  spawned.pid = COMMAND;
  core_take(&spawned, 0);

  const struct event forward = {.kind = EVENT_KIND_SIGNAL_RECEIVED, .signal = SIGUSR1, .pid = 1000};
  const struct event reap = {.kind = EVENT_KIND_CHILD_EXITED, .code = CLD_EXITED, .pid = ORPHAN};
  if (decide(&forward) != ACTION_KIND_SEND_SIGNAL || decide(&reap) != ACTION_KIND_REAP)
    fail("the core did not answer as expected");
  for (int i = 0; i < SLICES; i++)
    printf("%.0f %.0f\n", per_second(&forward, slice), per_second(&reap, slice));
  return 0;
}
