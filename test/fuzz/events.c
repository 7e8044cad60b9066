// Target: event streams. The first bytes choose a policy and a place; the rest is what happens.
#include "kernel.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct policy policies[] = {
    {{"wasm-init"}, .group = 1},
    {{"wasm-init", "-c"}, .group = 0},
    {{"wasm-init", "-g", "-vv", "--log=json"}, .group = 1, .no_session = 1, .json = 1},
    {{"wasm-init", "-k", "TERM:100ms,INT:50ms,KILL"}, .group = 1, .plan_ms = 1151},
    {{"wasm-init", "-k", "TERM:100ms,INT:50ms,KILL", "--drain=80ms", "-vv"},
     .group = 1,
     .plan_ms = 1151,
     .drain_ms = 80},
    {{"wasm-init", "--drain=80ms", "-w"}, .group = 1, .drain_ms = 80},
    {{"wasm-init", "-c", "--drain=80ms", "-k", "=:30ms,KILL", "--sandbox=on"},
     .plan_ms = 1031,
     .drain_ms = 80},
    {{"wasm-init", "-r", "USR1:USR2", "--sandbox=off"}, .group = 1, .from = SIGUSR1, .to = SIGUSR2},
    {{"wasm-init", "-r", "HUP:none", "-e", "0-9:77"}, .group = 1, .from = SIGHUP, .maps = 1},
    {{"wasm-init", "--pause", "--drain=80ms"}, .drain_ms = 80, .pause = 1},
    {{"wasm-init", "--record", "/trace", "--record-limit=16K", "--drain=80ms"},
     .group = 1,
     .drain_ms = 80},
    {{"wasm-init", "--subreaper=off", "-vv", "--drain=80ms"},
     .group = 1,
     .no_subreaper = 1,
     .drain_ms = 80},
    {{"dumb-init", "-v"}, .group = 1, .peer = 1},
    {{"dumb-init", "-c"}, .peer = 1},
    {{"tini", "-g", "-s", "-vvv"}, .group = 1, .peer = 1},
    {{"catatonit", "-g"}, .group = 1, .peer = 1},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct input input = {data, data + size};
  const struct policy *policy =
      &policies[input_byte(&input) % (sizeof policies / sizeof *policies)];
  unsigned place = input_byte(&input);
  kernel_start(policy, place & 1 ? 70 : 1, input);
  kernel.has_terminal = place >> 1 & 1;
  kernel.leads_session = place >> 2 & 1;
  kernel.standard_streams = place >> 3 & 1;
  kernel.holder = place >> 4 & 1 ? (kernel.init == 1 ? 1 : 60) : 0;
  char *argv[14];
  int argc = 0;
  for (; policy->words[argc] != 0; argc++)
    argv[argc] = strdup(policy->words[argc]);
  if (!policy->pause) {
    argv[argc++] = strdup("--");
    argv[argc++] = strdup("server");
  }
  argv[argc] = 0;
  char *envp[] = {0};
  loop_run(argc, argv, envp);
  kernel_end();
  while (argc > 0)
    free(argv[--argc]);
  return 0;
}
