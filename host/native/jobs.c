// The terminal between us and the command: what there is, and which group has its foreground.
#include "abi.h"
#include "host.h"
#include <asm/errno.h>
#include <linux/signal.h>

int terminal_facts(void) {
  int own = identity_group();
  // Our group and session lie outside of our pid namespace: nothing that could be given back.
  if (own == 0)
    return 0;
  int terminal = terminal_find();
  if (terminal < 0)
    return 0;
  int holder = terminal_foreground(terminal);
  // Giving it to the group that has it changes nothing, and shows whether a seccomp profile allows
  // it.
  if (holder < 0 || (holder == own && terminal_give(terminal, own) < 0))
    return BOOT_FLAG_TERMINAL_REFUSED;
  host.terminal = terminal;
  if (holder == own && terminal_foreground(0) == own && terminal_foreground(1) == own)
    return BOOT_FLAG_TERMINAL | BOOT_FLAG_FOREGROUND;
  return BOOT_FLAG_TERMINAL;
}

// Whether a living group that is not ours has the foreground.
static int is_elsewhere(int holder) {
  return holder != identity_group() && signals_send(-holder, 0) != -ESRCH;
}

// A signal that is pending becomes an event.
static int take_pending(int signal) {
  struct signal_info info;
  int taken = signals_wait(1ULL << (signal - 1), &info, 0) > 0;
  if (taken) {
    struct event event = signal_event(&info);
    follow(&event);
  }
  return taken;
}

int release_terminal(void) {
  // The release would hang up on it.
  if (is_elsewhere(terminal_foreground(host.terminal)))
    return -EBUSY;
  int result = terminal_release(host.terminal);
  if (result < 0)
    return result;
  // What the release itself sent us: taken now, so that a user's own SIGHUP does not meet it later.
  take_pending(SIGHUP);
  take_pending(SIGCONT);
  struct event event = {.kind = EVENT_KIND_TERMINAL_RELEASED};
  follow(&event);
  return 0;
}

static int move_foreground(int group) {
  int result = terminal_give(host.terminal, group);
  if (result < 0)
    return result;
  struct event event = {.kind = EVENT_KIND_FOREGROUND_MOVED, .pid = group};
  follow(&event);
  return 0;
}

int give_foreground(int group) {
  int holder = terminal_foreground(host.terminal);
  if (holder == group)
    return -EALREADY;
  return holder == identity_group() ? move_foreground(group) : -EBUSY;
}

int take_foreground(int group) {
  int holder = terminal_foreground(host.terminal);
  if (holder != group && is_elsewhere(holder) && !processes_descends(holder, host.pid))
    return -EBUSY;
  return move_foreground(identity_group());
}

int stop_self(int target, int signal) {
  for (int stopped = 0;; stopped = 1) {
    // A stop erases a SIGCONT that has come already (signal(7)). One that comes later is what ended
    // the stop; without one there was none.
    if (take_pending(SIGCONT))
      return 0;
    if (stopped)
      return -EPERM;
    signals_stop(target == TARGET_OWN_GROUP ? 0 : host.pid, signal);
    tick();
  }
}
