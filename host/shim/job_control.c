// The terminal between us and the command: what there is, which group has its foreground, and
// stops.
#include "abi.h"
#include "shim.h"
#include <asm/errno.h>
#include <linux/signal.h>

int job_control_find(int *terminal, int self) {
  int own = identity_group();
  // Our group and session lie outside of our pid namespace: nothing that could be given back.
  if (own == 0)
    return 0;
  int found = terminal_find();
  if (found < 0)
    return 0;
  int holder = terminal_foreground(found);
  // Giving it to the group that has it changes nothing, and shows whether a seccomp profile allows
  // it.
  if (holder < 0 || (holder == own && terminal_give(found, own) < 0))
    return BOOT_FLAG_TERMINAL_REFUSED;
  *terminal = found;
  int flags = BOOT_FLAG_TERMINAL;
  if (holder == own && terminal_foreground(0) == own && terminal_foreground(1) == own)
    flags |= BOOT_FLAG_FOREGROUND;
  if (terminal_session(found) == self)
    flags |= BOOT_FLAG_SESSION_LEADER;
  return flags;
}

// Whether a living group that is not ours has the foreground.
static int is_elsewhere(int holder) {
  return holder != identity_group() && signals_send(-holder, 0) != -ESRCH;
}

int job_control_release(int terminal) {
  // The release would hang up on it.
  if (is_elsewhere(terminal_foreground(terminal)))
    return -EBUSY;
  return terminal_release(terminal);
}

int job_control_give(int terminal, int group) {
  int holder = terminal_foreground(terminal);
  if (holder == group)
    return -EALREADY;
  return holder == identity_group() ? terminal_give(terminal, group) : -EBUSY;
}

int job_control_take(int terminal, int group, int self) {
  int holder = terminal_foreground(terminal);
  if (holder != group && is_elsewhere(holder) && !processes_descends(holder, self))
    return -EBUSY;
  int own = identity_group();
  int result = terminal_give(terminal, own);
  return result < 0 ? result : own;
}

int job_control_stop(int pid, int signal, struct signal_info *info) {
  const signal_set cont = 1ULL << (SIGCONT - 1);
  // A stop erases a SIGCONT that has come already (signal(7)). One that comes later is what ended
  // the stop; without one there was none.
  if (signals_wait(cont, info, 0) > 0)
    return 0;
  signals_stop(pid, signal);
  return signals_wait(cont, info, 0) > 0 ? 0 : -EPERM;
}
