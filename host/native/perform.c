// Carries out the core's actions, one switch. Failures come back as events.
#include "abi.h"
#include "argv.h"
#include "host.h"
#include "record.h"
#include "sys.h"
#include <asm/errno.h>

// The bytes that the core read last: a word, or the value of a variable.
static char *last_read;

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length] != 0)
    length++;
  return length;
}

static void answer(int kind) {
  struct event event = {.kind = kind};
  follow(&event);
}

static void read_word(void) {
  struct event event = {.kind = EVENT_KIND_WORDS_ENDED};
  const char *word = argv_next();
  if (word != 0) {
    event.kind = EVENT_KIND_WORD_READ;
    event.bytes = last_read = (char *)word;
    event.length = length_of(word);
    event.code = (int)event.length;
  }
  follow(&event);
}

static void read_variable(const struct action *action) {
  char name[32];
  size_t length = (size_t)action->c < sizeof name ? (size_t)action->c : sizeof name;
  core_copy((uint32_t)action->b, (uint32_t)length, name);
  const char *value = environment_value(host.envp, name, length);
  struct event event = {.kind = EVENT_KIND_VARIABLE_READ, .signal = action->a, .code = -1};
  if (value != 0) {
    event.bytes = last_read = (char *)value;
    event.length = length_of(value);
    event.code = (int)event.length;
  }
  follow(&event);
}

static void hide_variable(const struct action *action) {
  char name[32];
  size_t length = (size_t)action->c < sizeof name ? (size_t)action->c : sizeof name;
  core_copy((uint32_t)action->b, (uint32_t)length, name);
  const char **to = host.envp;
  for (const char **from = host.envp; *from != 0; from++) {
    const char *one[] = {*from, 0};
    if (environment_value(one, name, length) == 0)
      *to++ = *from;
  }
  *to = 0;
}

// The split words go back, in place, where the string came from.
static void insert_words(const struct action *action) {
  char *to = last_read + action->b;
  core_copy(core_argument_address() + (uint32_t)action->b, (uint32_t)action->c, to);
  argv_insert(to, action->a, (size_t)action->c);
}

static int open_record(const struct action *action) {
  int result = record_start((uint32_t)action->a, action->b);
  if (result == 0)
    answer(EVENT_KIND_RECORD_OPENED);
  return result;
}

static void start_command(const struct action *action) {
  const char *space[argv_command_size()];
  struct spawn how = {
      .argv = argv_command(space),
      .envp = host.envp,
      .inherited = &host.inherited,
      .how = action->a,
      .parent_death = action->b,
      .terminal = host.terminal,
  };
  static struct spawn_failure failure;
  int pid = spawn(&how, &failure);
  tick();
  if (pid > 0) {
    host.command = pid;
    host.target = action->c;
    struct event event = {.kind = EVENT_KIND_SPAWNED,
                          .code = (int)length_of(how.argv[0]),
                          .pid = pid,
                          .bytes = how.argv[0]};
    event.length = (size_t)event.code < COMMAND_CAPACITY ? (size_t)event.code : COMMAND_CAPACITY;
    follow(&event);
    if (failure.terminal < 0) {
      struct event failed = {
          .kind = EVENT_KIND_ACTION_FAILED, .code = -failure.terminal, .uid = ACTION_KIND_SPAWN};
      follow(&failed);
    }
    return;
  }
  // Command word, NUL, loader or interpreter at fault.
  static COLD char bytes[COMMAND_CAPACITY + sizeof failure.missing + 1];
  size_t at = 0;
  for (const char *c = how.argv[0]; *c != 0 && at < COMMAND_CAPACITY; c++)
    bytes[at++] = *c;
  bytes[at++] = 0;
  for (const char *c = failure.missing; *c != 0; c++)
    bytes[at++] = *c;
  bytes[at++] = 0;
  struct event event = {.kind = EVENT_KIND_SPAWN_FAILED,
                        .signal = failure.reason,
                        .code = failure.error,
                        .low = failure.machine,
                        .high = failure.machine == 0 ? 0 : failure.own_machine,
                        .bytes = bytes,
                        .length = at};
  follow(&event);
}

// Whether the command's group has no process left that would keep its id.
static int is_gone(int group) { return host.ended && children_in_group(group) < 0; }

static int send(int target, int pid, int signal) {
  if (target == TARGET_GROUP)
    return is_gone(pid) ? -ESRCH : signals_send(-pid, signal);
  if (target == TARGET_EVERYONE)
    return signals_send(-1, signal);
  if (target == TARGET_OWN_GROUP)
    return signals_send(0, signal);
  if (pid != host.command || host.ended)
    return processes_send(pid, host.pid, signal);
  return signals_send(pid, signal);
}

static int queue(const struct action *action) {
  uint32_t low = (uint32_t)action->d, high = (uint32_t)action->e;
  if (action->a == TARGET_GROUP && is_gone(action->b))
    return -ESRCH;
  if (action->a == TARGET_GROUP)
    return signals_queue_group(action->b, action->c, low, high);
  return signals_queue(action->b, action->c, low, high);
}

static void set_deadline(const struct action *action) {
  host.deadline = (double)(uint32_t)action->a + (double)action->b * 4294967296.0;
}

static void write_bytes(const struct action *action) {
  char bytes[512];
  for (int at = 0; at < action->c;) {
    int length = action->c - at;
    if (length > (int)sizeof bytes)
      length = sizeof bytes;
    core_copy((uint32_t)(action->b + at), (uint32_t)length, bytes);
    output(action->a, bytes, (size_t)length);
    at += length;
  }
}

#ifdef PLANTED_TRAP
// For tests of the sandbox, never in the product: a call that no part of the loop makes.
static int forbidden_call(void) {
  int wanted = environment_value((const char *const *)host.envp, "FORBIDDEN_CALL", 14) != 0;
  return wanted ? (int)sys1(__NR_umask, 0) : 0;
}
#else
#define forbidden_call() 0
#endif

// Returns 0 or above, or a negated errno, which becomes ActionFailed.
static int result_of(const struct action *action) {
  switch (action->kind) {
  case ACTION_KIND_READ_VARIABLE:
    read_variable(action);
    return 0;
  case ACTION_KIND_HIDE_VARIABLE:
    hide_variable(action);
    return 0;
  case ACTION_KIND_READ_WORD:
    read_word();
    return 0;
  case ACTION_KIND_INSERT_WORDS:
    insert_words(action);
    return 0;
  case ACTION_KIND_KEEP_RECORD_PATH:
    host.record_path = last_read + action->a;
    return 0;
  case ACTION_KIND_OPEN_RECORD:
    return open_record(action);
  case ACTION_KIND_BECOME_SUBREAPER:
    return children_adopt(action->a);
  case ACTION_KIND_SET_PARENT_DEATH_SIGNAL:
    return children_parent_death(action->a);
  case ACTION_KIND_RELEASE_TERMINAL:
    return release_terminal();
  case ACTION_KIND_SPAWN:
    start_command(action);
    return 0;
  case ACTION_KIND_SEND_SIGNAL:
    return send(action->a, action->b, action->c);
  case ACTION_KIND_HOLD_REAL_TIME:
    host.holds_real_time = action->a;
    return 0;
  case ACTION_KIND_QUEUE_SIGNAL:
    return queue(action);
  case ACTION_KIND_STOP_SELF:
    return stop_self(action->a, action->c);
  case ACTION_KIND_SET_DEADLINE:
    set_deadline(action);
    return 0;
  case ACTION_KIND_CLEAR_DEADLINE:
    host.deadline = 0;
    return 0;
  case ACTION_KIND_GIVE_FOREGROUND:
    return give_foreground(action->b);
  case ACTION_KIND_TAKE_FOREGROUND:
    return take_foreground(action->b);
  case ACTION_KIND_WRITE:
    write_bytes(action);
    return 0;
  case ACTION_KIND_REAP: {
    host.ended |= action->b == host.command;
    int taken = action->b == host.reaped ? 0 : children_take(action->b);
    return taken < 0 ? taken : forbidden_call();
  }
  case ACTION_KIND_DETACH_TRACED:
    return children_detach(action->b, action->c);
  case ACTION_KIND_LEAVE_DIRECTORY:
    return directory_leave();
  case ACTION_KIND_CLOSE_DESCRIPTORS:
    return descriptors_close(host.terminal, host.trace.file);
  case ACTION_KIND_PROBE_SANDBOX: {
    int probed = sandbox_probe();
    if (probed >= 0)
      answer(EVENT_KIND_SANDBOX_PROBED);
    return probed;
  }
  case ACTION_KIND_ENTER_SANDBOX:
    return sandbox_enter(action->a);
  case ACTION_KIND_STAMP_ALL:
    host.stamp_all = 1;
    return 0;
  case ACTION_KIND_EXIT:
    leave(action->a);
  default:
    return -ENOSYS;
  }
}

void perform(const struct action *action, int index) {
  if (action->kind == ACTION_KIND_LIST_DESCENDANTS) {
    host.listing = index + 1;
    host.detailed = action->a;
    return;
  }
  int result = result_of(action);
  if (result >= 0)
    return;
  struct event event = {.kind = EVENT_KIND_ACTION_FAILED,
                        .signal = action->c,
                        .code = -result,
                        .pid = action->b,
                        .uid = action->kind,
                        .low = index};
  if (action->kind == ACTION_KIND_OPEN_RECORD) {
    event.bytes = host.record_path;
    event.length = length_of(event.bytes) + 1;
  }
  follow(&event);
}
