// What the init waits for: children that change, the deadline, signals. Each becomes an event.
#include "abi.h"
#include "host.h"
#include <asm/errno.h>
#include <linux/signal.h>

enum { CHILDREN_AT_ONCE_MAX = 256 };

static void child_changed(const struct signal_info *info) {
  struct event event = {.kind = EVENT_KIND_CHILD_EXITED,
                        .signal = info->from.status,
                        .code = info->code,
                        .pid = info->from.pid};
  if (info->code >= CLD_TRAPPED) {
    children_take(info->from.pid);
    if (info->code == CLD_CONTINUED)
      return;
    event.kind = info->code == CLD_TRAPPED ? EVENT_KIND_CHILD_TRAPPED : EVENT_KIND_CHILD_STOPPED;
    // The upper byte of a ptrace stop is its event (ptrace(2)).
    event.signal = info->from.status & 0xff;
    event.code = info->from.status >> 8;
  }
  if (info->from.pid == host.command || host.stamp_all)
    tick();
  if (info->from.pid == host.command && !host.ended)
    host.status = status_of(info);
  handle(&event);
}

// An end is reaped by the core's own Reap.
int look_after_children(void) {
  struct signal_info info;
  int result;
  for (int i = 0; (result = children_peek(&info)) > 0; i++) {
    if (i == CHILDREN_AT_ONCE_MAX)
      return 1;
    child_changed(&info);
  }
  if (result == 0 || host.command == 0 || (result == -ECHILD && host.ended)) {
    host.doubtful = 0;
  } else if (host.doubtful < WAITID_RETRIES_MAX && ++host.doubtful == WAITID_RETRIES_MAX) {
    struct event failed = {
        .kind = EVENT_KIND_ACTION_FAILED, .code = -result, .uid = ACTION_KIND_REAP};
    handle(&failed);
  }
  if (result == -ECHILD) {
    struct event event = {.kind = EVENT_KIND_NO_CHILDREN_LEFT};
    handle(&event);
  }
  return 0;
}

// The end of a child that SIGCHLD names. An adopted one is reaped at once, which saves a look; its
// number holds no group that is still to be signalled, as the command's may.
static void child_named(struct signal_info *info) {
  if (info->code <= 0 || info->code >= CLD_TRAPPED || info->from.pid == host.command)
    return;
  // Its signal may have waited while a look at all children reaped it.
  host.reaped = info->from.pid;
  if (children_reap(host.reaped, info) > 0)
    child_changed(info);
  host.reaped = 0;
}

int reach_deadline(void) {
  if (host.deadline == 0 || host.now < host.deadline)
    return 0;
  struct event event = {.kind = EVENT_KIND_DEADLINE_REACHED};
  host.deadline = 0;
  handle(&event);
  return 1;
}

struct event signal_event(const struct signal_info *info) {
  return (struct event){.kind = EVENT_KIND_SIGNAL_RECEIVED,
                        .signal = info->number,
                        .code = info->code,
                        .pid = info->from.pid,
                        .uid = (int)info->from.uid,
                        .low = (int)(uint32_t)info->from.value,
                        .high = (int)(uint32_t)((uint64_t)info->from.value >> 32)};
}

int wait_for_signal(int busy) {
  struct signal_info info;
  double wait_ms = busy ? 0 : -1;
  if (!busy && host.deadline > 0)
    wait_ms = host.deadline > host.now ? host.deadline - host.now : 0;
  if (host.doubtful && (wait_ms < 0 || wait_ms > WAITID_RETRY_MS))
    wait_ms = WAITID_RETRY_MS;
  double before = host.now;
  int signal = signals_wait(host.holds_real_time ? STANDARD_SIGNALS : ALL_SIGNALS, &info, wait_ms);
  // The end of an adopted child needs no time, unless a deadline may have come with it.
  if (signal != SIGCHLD || host.deadline > 0)
    tick();
  // A clock that can't be read (a seccomp profile) is told by the kernel's, or no plan would end.
  if (signal == -EAGAIN && host.now < before + wait_ms)
    host.now = before + wait_ms;
  if (signal == SIGCHLD)
    child_named(&info);
  if (signal <= 0 || signal == SIGCHLD)
    return 0;
  struct event event = signal_event(&info);
  handle(&event);
  return 1;
}
