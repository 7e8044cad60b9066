// The static binary: its start, and its loop.
#include "abi.h"
#include "argv.h"
#include "guard.h"
#include "host.h"
#include "linear.h"
#include "record.h"
#include "sys.h"

enum { SIGNALS_AT_ONCE_MAX = 16 };

struct host host;

void leave(int status) {
  for (;;)
    sys1(__NR_exit_group, status);
}

void tick(void) {
  // A clock that can't be read stands still: what was measured with it can't go back.
  double now = clock_now() - host.started;
  if (now > host.now)
    host.now = now;
}

static void boot(int argc, const char **argv) {
  struct event booted = {.kind = EVENT_KIND_BOOTED,
                         .code = job_control_find(&host.terminal, host.pid),
                         .pid = host.pid,
                         .uid = identity_user(),
                         .low = argc > 0 ? argc - 1 : 0};
  handle(&booted);
  struct event named = {.kind = EVENT_KIND_NAMED, .bytes = argc > 0 ? argv[0] : ""};
  while (named.bytes[named.length] != 0)
    named.length++;
  named.code = (int)named.length;
  // A word ends with a NUL, and whatever follows that is not ours to read.
  const char *first = argc > 1 ? argv[1] : "";
  for (int at = 0; at < 8; at++) {
    unsigned byte = (unsigned char)*first;
    if (byte == 0)
      break;
    first++;
    *(at < 4 ? &named.low : &named.high) |= (int)(byte << 8 * (at % 4));
  }
  handle(&named);
}

void start(long *stack) __attribute__((noreturn));

void start(long *stack) {
  int blocked = signals_block(&host.inherited);
  // Here and not as initial values, which would make one page more of data.
  host.terminal = -1;
  linear_load();
  int argc = (int)stack[0];
  const char **argv = (const char **)(stack + 1);
  host.envp = argv + argc + 1;
  // Without these two, signals and statuses would be lost later: better not to start at all.
  if (blocked < 0 || signals_default_child(&host.inherited) < 0) {
    static const char line[] = "wasm-init: cannot block signals\n";
    output(STDERR, line, sizeof line - 1);
    leave(INIT_FAILED);
  }
  host.pid = identity_pid();
  guard_probe();
  host.started = clock_now();
  record_expect(argv, host.envp);
  argv_start(argc > 0 ? argv : argv - 1);
  boot(argc, argv);
  // A child's change makes SIGCHLD pending, and it is waited for too: after a signal of another
  // kind there is no need to look. Lower signals are taken before it (signal(7)): not for ever.
  int unlooked = 0;
  for (;;) {
    int busy = unlooked % SIGNALS_AT_ONCE_MAX == 0 && look_after_children();
    if (reach_deadline())
      continue;
    unlooked = wait_for_signal(busy) && !busy && !host.doubtful ? unlooked + 1 : 0;
  }
}
