// The events of host/shim/job_control.c: what an action about the terminal or a stop led to.
#include "abi.h"
#include "host.h"
#include <linux/signal.h>

static void moved_to(int group) {
  struct event event = {.kind = EVENT_KIND_FOREGROUND_MOVED, .pid = group};
  follow(&event);
}

// A signal that is pending becomes an event.
static void take_pending(int signal) {
  struct signal_info info;
  if (signals_wait(1ULL << (signal - 1), &info, 0) > 0) {
    struct event event = signal_event(&info);
    follow(&event);
  }
}

int release_terminal(void) {
  int result = job_control_release(host.terminal);
  if (result < 0)
    return result;
  // What the release itself sent us: taken now, so that a user's own SIGHUP does not meet it later.
  take_pending(SIGHUP);
  take_pending(SIGCONT);
  struct event event = {.kind = EVENT_KIND_TERMINAL_RELEASED};
  follow(&event);
  return 0;
}

int give_foreground(int group) {
  int result = job_control_give(host.terminal, group);
  if (result >= 0)
    moved_to(group);
  return result;
}

int take_foreground(int group) {
  int own = job_control_take(host.terminal, group, host.pid);
  if (own >= 0)
    moved_to(own);
  return own;
}

int stop_self(int target, int signal) {
  struct signal_info info;
  int result = job_control_stop(target == TARGET_OWN_GROUP ? 0 : host.pid, signal, &info);
  tick();
  if (result >= 0) {
    struct event event = signal_event(&info);
    follow(&event);
  }
  return result;
}
