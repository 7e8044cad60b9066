// When the core traps, which is a bug: PID 1 must not die of it, since the kernel would kill the
// whole container. From here signals are forwarded as they are, children are reaped, and the
// command's end is ours. The only policy outside the core.
#include "abi.h"
#include "host.h"
#include "record.h"
#include "wasm-rt.h"
#include <asm/errno.h>
#include <linux/signal.h>

enum { SIGNAL_BASE = 128 };

int status_of(const struct signal_info *info) {
  return info->code == CLD_EXITED ? info->from.status & 0xff : SIGNAL_BASE + info->from.status;
}

static void say(int trap) {
  char line[] = "wasm-init: the core trapped (00) at event 00: forwarding and reaping without it\n";
  char *digits = line + sizeof "wasm-init: the core trapped (" - 1;
  digits[1] = (char)('0' + trap % 10);
  digits = line + sizeof "wasm-init: the core trapped (00) at event " - 1;
  digits[0] = (char)('0' + host.event / 10);
  digits[1] = (char)('0' + host.event % 10);
  output(STDERR, line, sizeof line - 1);
}

// Returns how long to wait for the next signal, in milliseconds.
static int reap(void) {
  struct signal_info info;
  int result;
  while ((result = children_peek(&info)) > 0) {
    if (info.code >= CLD_TRAPPED) {
      children_detach(info.from.pid, 0);
      children_take(info.from.pid);
      continue;
    }
    int ended = info.from.pid == host.command && !host.ended;
    if (ended && host.target == TARGET_GROUP)
      signals_send(-host.command, SIGTERM);
    children_take(info.from.pid);
    if (ended)
      leave(status_of(&info));
  }
  if (result >= 0)
    return -1;
  // The command was reaped before, or is lost; anything else passes.
  if (host.ended || signals_send(host.command, 0) == -ESRCH)
    leave(host.ended ? host.status : INIT_FAILED);
  return WAITID_RETRY_MS;
}

void wasm_rt_trap(wasm_rt_trap_t trap) {
  record_trap(host.taken);
  say((int)trap);
  if (host.command == 0)
    leave(INIT_FAILED);
  int to = host.target == TARGET_GROUP ? -host.command : host.command;
  for (;;) {
    int wait_ms = reap();
    struct signal_info info;
    int signal = signals_wait(ALL_SIGNALS, &info, wait_ms);
    if (signal <= 0 || signal == SIGCHLD)
      continue;
    if (info.code == SI_USER && info.from.pid == host.pid)
      continue;
    if (!host.ended)
      signals_send(to, signal);
  }
}
