// A fake kernel under the shim's functions: what happens is read from the fuzzer's bytes, and what
// the init does is checked against what an init may do.
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include "input.h"
#include "loop.h"

enum { PROCESSES = 20, OUTPUT_MAX = 1 << 15 };

// What the kernel has to know of the options that the init was started with, to judge it.
struct policy {
  const char *words[10];
  // Signals go to the command's group, or to the command alone.
  int group;
  // The group is in the init's session.
  int no_session;
  // How long a stop plan that ends in KILL, and a drain, can last; 0 for none.
  int plan_ms, drain_ms;
  // One rewrite.
  int from, to;
  // No command.
  int pause;
  // Every line that it writes is a JSON object.
  int json;
  // Orphans do not come to the init.
  int no_subreaper;
  // Stops and the group's last TERM follow rules of their own: less is checked.
  int peer;
  // The status that the command ended with is mapped.
  int maps;
};

struct kernel {
  struct input input;
  const struct policy *policy;
  int init;
  // What terminal there is, and which group has its foreground; 0 for none.
  int has_terminal, leads_session, standard_streams, holder;
  // Boot only: the run ends at the spawn.
  int ends_at_spawn;
  // How the run ended.
  int spawned, paused, exited, status;
  // What was written to stdout and stderr.
  char output[3][OUTPUT_MAX];
  size_t written[3];
  // Called with each word that the core is given: those of a split string are no part of the input.
  void (*word_read)(const char *bytes, size_t length);
  // The command's argument list as it was spawned.
  char **command;
};

extern struct kernel kernel;

// A new kernel, on which an init with this pid is about to start.
void kernel_start(const struct policy *policy, int init, struct input input);
// Looks at how a run has ended.
void kernel_end(void);

#endif
