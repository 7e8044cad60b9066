// The flight recorder: when something is recorded. How, says host/shim/trace_writer.c.
#include "record.h"
#include "abi.h"
#include "argv.h"
#include "host.h"

static COLD uint8_t buffer[TRACE_BUFFER_SIZE];
static int expected;

static int mentions(const char *text, const char *what) {
  for (; *text != 0; text++) {
    size_t i = 0;
    while (what[i] != 0 && text[i] == what[i])
      i++;
    if (what[i] == 0)
      return 1;
  }
  return 0;
}

void record_expect(const char *const *argv, const char *const *envp) {
  host.trace.buffer = buffer;
  host.trace.copy = core_copy;
  trace_init(&host.trace);
  // The core decides; this is only where it can be: in a word (also one to be split), or in a
  // variable of ours.
  for (; *argv != 0 && !expected; argv++)
    expected = mentions(*argv, "--record");
  for (; *envp != 0 && !expected; envp++)
    expected = mentions(*envp, "WASM_INIT_");
}

static int write_event(const struct event *event) {
  int count = core_action_count();
  trace_begin(&host.trace, event, count);
  for (int i = 0; i < count; i++) {
    struct action action = core_action(i);
    trace_action(&host.trace, &action);
  }
  return trace_end(&host.trace);
}

void record_event(const struct event *event) {
  host.trace.now = host.now;
  if (host.trace.file < 0) {
    if (expected && event->kind <= EVENT_KIND_WORDS_ENDED)
      trace_keep(&host.trace, event);
    return;
  }
  int result = write_event(event);
  if (result == 0)
    return;
  struct event failed = {
      .kind = EVENT_KIND_ACTION_FAILED, .code = -result, .uid = ACTION_KIND_OPEN_RECORD};
  follow(&failed);
}

void record_trap(const struct event *event) {
  if (host.trace.file < 0 || event == 0)
    return;
  host.trace.now = host.now;
  trace_trap(&host.trace, event);
}

static void keep_arguments(void) {
  const char *space[argv_command_size()];
  const char **word = argv_command(space);
  while (*++word != 0) {
    struct event argument = {.kind = EVENT_KIND_NONE, .bytes = *word};
    while ((*word)[argument.length] != 0)
      argument.length++;
    trace_keep(&host.trace, &argument);
  }
}

int record_start(uint32_t limit, int how) {
  if (how & RECORD_ARGUMENTS)
    keep_arguments();
  host.trace.core_sha256 = core_sha256;
  host.trace.state_address = core_state_address();
  host.trace.state_length = core_state_length();
  return trace_open(&host.trace, host.record_path, host.pid, limit);
}
