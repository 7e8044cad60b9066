// The loop of the static binary: one event in, drain every action, then the next event.
#include "abi.h"
#include "guard.h"
#include "host.h"
#include "linear.h"
#include "record.h"
#include "sys.h"
#include "words.h"
#include <asm/errno.h>
#include <linux/signal.h>

enum { WAITING_MAX = 16, CHILDREN_AT_ONCE_MAX = 256, SIGNALS_AT_ONCE_MAX = 16 };

struct host host;

// Events that an action led to wait here until the drain is over.
static struct event waiting[WAITING_MAX];
static int waiting_first, waiting_count;

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

void follow(const struct event *event) {
  // One drain has at most ACTION_CAPACITY actions, and few of them lead to one: a full queue can
  // only lose failures.
  if (waiting_count == WAITING_MAX)
    return;
  waiting[(waiting_first + waiting_count++) % WAITING_MAX] = *event;
}

static void take(const struct event *event) {
  host.event = event->kind;
  host.taken = event;
  core_take(event, host.now);
  // Before the actions: the last of them may end us.
  record_event(event);
  host.taken = 0;
  int count = core_action_count();
  for (int i = 0; i < count; i++) {
    struct action action = core_action(i);
    perform(&action, i);
  }
}

static void take_waiting(void) {
  while (waiting_count > 0) {
    struct event next = waiting[waiting_first];
    waiting_first = (waiting_first + 1) % WAITING_MAX;
    waiting_count--;
    take(&next);
  }
}

static void process_found(int pid, int group) {
  struct event event = {.kind = EVENT_KIND_PROCESS_FOUND, .pid = pid, .low = group};
  take(&event);
  take_waiting();
}

void handle(const struct event *event) {
  take(event);
  take_waiting();
  // Not while a drain runs: there can be any number of descendants, each an event of its own.
  while (host.listing) {
    struct event listed = {.kind = EVENT_KIND_PROCESSES_LISTED,
                           .low = host.listing - 1,
                           .uid = ACTION_KIND_LIST_DESCENDANTS};
    host.listing = 0;
    listed.code = -processes_list(host.pid, process_found);
    if (listed.code != 0)
      listed.kind = EVENT_KIND_ACTION_FAILED;
    take(&listed);
    take_waiting();
  }
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
  const char *first = argc > 1 ? argv[1] : "";
  for (int at = 0; at < 8 && first[at] != 0; at++) {
    unsigned byte = (unsigned)(unsigned char)first[at] << 8 * (at % 4);
    if (at < 4)
      named.low |= (int)byte;
    else
      named.high |= (int)byte;
  }
  handle(&named);
}

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

// One event for each child that ended or stopped. An end is reaped by the core's own Reap. Returns
// whether there may be more: a storm of ends must not hold up deadlines and signals.
static int look_after_children(void) {
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

struct event signal_event(const struct signal_info *info) {
  return (struct event){.kind = EVENT_KIND_SIGNAL_RECEIVED,
                        .signal = info->number,
                        .code = info->code,
                        .pid = info->from.pid,
                        .uid = (int)info->from.uid,
                        .low = (int)(uint32_t)info->from.value,
                        .high = (int)(uint32_t)((uint64_t)info->from.value >> 32)};
}

// Returns whether it was a signal to the init, or to its command.
static int wait_for_signal(int busy) {
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
  words_start(argc > 0 ? argv : argv - 1);
  boot(argc, argv);
  // A child's change makes SIGCHLD pending, and it is waited for too: after a signal of another
  // kind there is no need to look. Lower signals are taken before it (signal(7)): not for ever.
  int unlooked = 0;
  for (;;) {
    int busy = unlooked % SIGNALS_AT_ONCE_MAX == 0 && look_after_children();
    if (host.deadline > 0 && host.now >= host.deadline) {
      struct event event = {.kind = EVENT_KIND_DEADLINE_REACHED};
      host.deadline = 0;
      handle(&event);
      continue;
    }
    unlooked = wait_for_signal(busy) && !busy && !host.doubtful ? unlooked + 1 : 0;
  }
}
