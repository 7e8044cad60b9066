// Hands events to the core, and carries out the actions that follow: one event, all its actions,
// then the next event.
#include "abi.h"
#include "host.h"
#include "record.h"

enum { WAITING_MAX = 16 };

// Events that an action led to wait here until the drain is over.
static struct event waiting[WAITING_MAX];
static int waiting_first, waiting_count;

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

static void process_found(const struct found *found) {
  struct event event = {.kind = EVENT_KIND_PROCESS_FOUND,
                        .pid = found->pid,
                        .uid = found->group,
                        .code = found->age_ms,
                        .low = (int)found->ignored,
                        .high = (int)(found->ignored >> 32)};
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
    uint64_t uptime = 0;
    if (host.detailed) {
      uptime = clock_uptime();
      // Later than what ages are counted to: no process seems older than it is.
      tick();
    }
    listed.code = -processes_list(host.pid, uptime, process_found);
    if (listed.code != 0)
      listed.kind = EVENT_KIND_ACTION_FAILED;
    take(&listed);
    take_waiting();
  }
}
