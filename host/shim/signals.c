// Signals: block, wait, send. Masks are full kernel masks, 8 bytes: a C library's set functions
// leave out 32-34, of which 34 is SIGRTMIN to every program of the GNU C library.
#include "abi.h"
#include "guard.h"
#include "shim.h"
#include "sys.h"
#include "uapi.h"
#include <asm/errno.h>
#include <linux/signal.h>

enum { MASK_SIZE = sizeof(signal_set) };

struct wait_time {
  long seconds;
  long nanoseconds;
};

int signals_block(struct inherited *inherited) {
  signal_set all = ~(signal_set)0;
  return (int)sys4(__NR_rt_sigprocmask, SIG_SETMASK, P(&all), P(&inherited->mask), MASK_SIZE);
}

int signals_default_child(struct inherited *inherited) {
  static const unsigned long by_default[8];
  return (int)sys4(__NR_rt_sigaction, SIGCHLD, P(by_default), P(inherited->child), MASK_SIZE);
}

int signals_restore(const struct inherited *inherited) {
  sys4(__NR_rt_sigaction, SIGCHLD, P(inherited->child), 0, MASK_SIZE);
  return (int)sys4(__NR_rt_sigprocmask, SIG_SETMASK, P(&inherited->mask), 0, MASK_SIZE);
}

int signals_reset(void) {
  static const unsigned long by_default[8];
  for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
    sys4(__NR_rt_sigaction, signal, P(by_default), 0, MASK_SIZE);
  }
  signal_set none = 0;
  return (int)sys4(__NR_rt_sigprocmask, SIG_SETMASK, P(&none), 0, MASK_SIZE);
}

int signals_wait(signal_set set, struct signal_info *info, double timeout_ms) {
  struct wait_time time;
  if (timeout_ms >= 0) {
    // Seconds first: a day in nanoseconds does not fit a 32-bit long.
    time.seconds = (long)(timeout_ms / 1000);
    time.nanoseconds = (long)((timeout_ms - (double)time.seconds * 1000) * 1000000);
  }
  return (int)sys4(__NR_rt_sigtimedwait, P(&set), P(info), timeout_ms >= 0 ? P(&time) : 0,
                   MASK_SIZE);
}

void signals_stop(int pid, int signal) {
  static const unsigned long by_default[8];
  signal_set all = ~(signal_set)0, others = ~(1ULL << (signal - 1));
  sys4(__NR_rt_sigaction, signal, P(by_default), 0, MASK_SIZE);
  signals_send(pid, signal);
  sys4(__NR_rt_sigprocmask, SIG_SETMASK, P(&others), 0, MASK_SIZE);
  sys4(__NR_rt_sigprocmask, SIG_SETMASK, P(&all), 0, MASK_SIZE);
}

int signals_send(int pid, int signal) { return (int)sys2(__NR_kill, pid, signal); }

// Both calls that send a value take a target, the signal and its information; flags are the
// second one's.
static int queue(long call, int target, int signal, uint32_t low, uint32_t high, int flags) {
  struct signal_info info;
  char *bytes = (char *)&info;
  for (size_t i = 0; i < sizeof info; i++)
    bytes[i] = 0;
  info.number = signal;
  info.code = SI_QUEUE;
  info.from.pid = identity_pid();
  info.from.uid = (unsigned)identity_user();
  info.from.value = (long)(((uint64_t)high << 32) | low);
  return (int)sys4(call, target, signal, P(&info), flags);
}

int signals_queue(int pid, int signal, uint32_t low, uint32_t high) {
  if (guard_deadly & GUARD_RT_SIGQUEUEINFO)
    return -ENOSYS;
  return queue(__NR_rt_sigqueueinfo, pid, signal, low, high, 0);
}

int signals_queue_group(int group, int signal, uint32_t low, uint32_t high) {
  int descriptor = (int)GUARDED(GUARD_PIDFD_OPEN, sys2(__NR_pidfd_open, group, 0));
  int result = descriptor;
  if (descriptor >= 0) {
    result = (int)GUARDED(GUARD_PIDFD_SEND_SIGNAL, queue(__NR_pidfd_send_signal, descriptor, signal,
                                                         low, high, PIDFD_SIGNAL_PROCESS_GROUP));
    sys1(__NR_close, descriptor);
  }
  return result;
}
