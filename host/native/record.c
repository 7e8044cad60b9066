// The flight recorder: every event with its actions, one write each, into a file of a fixed size.
// docs/trace-format.md describes the file byte for byte.
#include "record.h"
#include "abi.h"
#include "host.h"
#include "sys.h"
#include "words.h"

enum { FORMAT_VERSION = 1, BOOT_CUT = 1, COUNT_TRAPPED = 255 };
// The header's fixed part; the whole of it, with the boot input; the longest record of an event.
enum { FIXED = 80, HEADER_MAX = 65536, RECORD_MAX = 4096, CHECK_SIZE = 4 };

static const char magic[] = "WITRACE\n";

// Until the file is open: the header with the boot input, and behind it the file's path, then the
// first record. Afterwards: the record being made. A path that does not fit is longer than the
// kernel takes (PATH_MAX).
static COLD uint8_t buffer[HEADER_MAX + 2 * RECORD_MAX];
static uint32_t used, most, sequence;
// Tells the records of this run from those of an older one in the same file.
static uint32_t salt;
static int boot_cut;
static int expected;
// The first half begins behind the header. Where the next record goes, and where its half ends.
static uint32_t first_half, half_size, at, half_end;

// Numbers stand at multiples of 4, and are little-endian on every machine.
static uint32_t little(uint32_t value) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap32(value);
#else
  return value;
#endif
}

static void put(uint32_t value) {
  if (used == most)
    return;
  value = little(value);
  __builtin_memcpy(buffer + used, &value, sizeof value);
  used += sizeof value;
}

// Six ints that stand one after the other: the fields of an event, or an action.
static void put_ints(const void *six) {
  int values[6];
  __builtin_memcpy(values, six, sizeof values);
  for (int i = 0; i < 6; i++)
    put((uint32_t)values[i]);
}

static void put_bytes(const char *bytes, uint32_t length) {
  while (length-- > 0 && used < most)
    buffer[used++] = (uint8_t)*bytes++;
  while (used % 4 != 0)
    buffer[used++] = 0;
}

static void put_linear(uint32_t address, uint32_t length) {
  uint32_t room = most - used;
  if (length > room)
    length = room;
  core_copy(address, length, (char *)buffer + used);
  used += length;
  put_bytes(0, 0);
}

// FNV-1a, by words.
static void put_check(uint32_t from) {
  uint32_t check = 2166136261U ^ salt;
  for (uint32_t i = from; i < used; i += 4) {
    uint32_t word;
    __builtin_memcpy(&word, buffer + i, sizeof word);
    check = (check ^ little(word)) * 16777619U;
  }
  most += CHECK_SIZE;
  put(check);
  most -= CHECK_SIZE;
}

static void put_event(const struct event *event, int count, uint32_t length) {
  uint64_t now;
  __builtin_memcpy(&now, &host.now, sizeof now);
  put(0);
  put(sequence);
  put((uint32_t)now);
  put((uint32_t)(now >> 32));
  put((uint32_t)event->kind | (uint32_t)count << 8 | length << 16);
  put_ints(&event->signal);
}

static void finish(uint32_t from) {
  uint32_t end = used;
  used = from;
  put(end + CHECK_SIZE - from);
  used = end;
  put_check(from);
}

// Boot input: an event, or (of kind 0) an argument of the command.
static void keep(const struct event *event) {
  uint32_t from = used;
  uint32_t length = event->length < ARGUMENT_CAPACITY ? (uint32_t)event->length : ARGUMENT_CAPACITY;
  put_event(event, 0, length);
  put_bytes(event->bytes, length);
  if (used == most)
    boot_cut = BOOT_CUT;
  else
    finish(from);
  if (boot_cut)
    used = from;
}

static int write_buffer(void) {
  uint32_t to = at;
  at += used;
  return record_write(host.record, buffer, used, to);
}

// Writes what a half begins with; in front of it, `used` bytes of the buffer.
static int start_half(uint32_t to) {
  half_end = to + half_size;
  static struct event none;
  uint32_t length = core_state_length();
  uint32_t from = used;
  most = from + RECORD_MAX - CHECK_SIZE;
  put_event(&none, 0, length);
  put_linear(core_state_address(), length);
  finish(from);
  at = to - from;
  int result = write_buffer();
  most = RECORD_MAX - CHECK_SIZE;
  return result;
}

static void begin_event(const struct event *event, int count) {
  used = 0;
  put_event(event, count, (uint32_t)event->length);
  put_bytes(event->bytes, (uint32_t)event->length);
}

static int write_event(const struct event *event) {
  int count = core_action_count();
  begin_event(event, count);
  for (int i = 0; i < count; i++) {
    struct action action = core_action(i);
    put_ints(&action);
    if (action.kind == ACTION_KIND_WRITE)
      put_linear((uint32_t)action.b, (uint32_t)action.c);
  }
  finish(0);
  sequence++;
  int result = write_buffer();
  // The state to go on from is the one after an event, so that a half ends while there is room.
  if (result == 0 && half_end - at < RECORD_MAX) {
    used = 0;
    result = start_half(half_end == first_half + half_size ? half_end : first_half);
  }
  return result;
}

static void stop(void) {
  sys1(__NR_close, host.record);
  host.record = -1;
}

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
  used = FIXED;
  most = HEADER_MAX - CHECK_SIZE;
  // The core decides; this is only where it can be: in a word (also one to be split), or in a
  // variable of ours.
  for (; *argv != 0 && !expected; argv++)
    expected = mentions(*argv, "--record");
  for (; *envp != 0 && !expected; envp++)
    expected = mentions(*envp, "WASM_INIT_");
}

void record_event(const struct event *event) {
  if (host.record < 0) {
    if (expected && event->kind <= EVENT_KIND_WORDS_ENDED && !boot_cut)
      keep(event);
    return;
  }
  int result = write_event(event);
  if (result == 0)
    return;
  stop();
  struct event failed = {
      .kind = EVENT_KIND_ACTION_FAILED, .code = -result, .uid = ACTION_KIND_OPEN_RECORD};
  follow(&failed);
}

void record_trap(const struct event *event) {
  if (host.record < 0 || event == 0)
    return;
  begin_event(event, COUNT_TRAPPED);
  finish(0);
  write_buffer();
}

// NOLINTNEXTLINE(misc-no-recursion): a call for each digit, of which there are at most 20.
static char *put_number(char *to, uint64_t number) {
  if (number > 9)
    to = put_number(to, number / 10);
  *to++ = (char)('0' + number % 10);
  return to;
}

// %p is our pid, %t the time in seconds since 1970.
static void expand(char *to, const char *end, uint64_t seconds) {
  // 20 digits and the NUL fit behind what is not yet the end.
  for (const char *from = host.record_path; *from != 0 && to < end - 21; from++) {
    int which = *from == '%' ? from[1] : 0;
    if (which == 'p' || which == 't') {
      to = put_number(to, which == 'p' ? (uint64_t)host.pid : seconds);
      from++;
    } else {
      *to++ = *from;
    }
  }
  *to = 0;
}

static void keep_arguments(void) {
  const char *space[words_command_size()];
  const char **word = words_command(space);
  while (*++word != 0 && !boot_cut) {
    struct event argument = {.kind = EVENT_KIND_NONE, .bytes = *word};
    while ((*word)[argument.length] != 0)
      argument.length++;
    keep(&argument);
  }
}

int record_start(uint32_t limit, int how) {
  uint64_t seconds = 0;
  uint32_t nanoseconds = clock_date(&seconds);
  if (how & RECORD_ARGUMENTS)
    keep_arguments();
  // Nothing was kept where an option was not to be seen before its word was split.
  if (used > limit / 4 || used == FIXED)
    boot_cut = BOOT_CUT;
  if (used > limit / 4)
    used = limit / 4 & ~3U;
  char *path = (char *)buffer + used;
  expand(path, (char *)buffer + sizeof buffer, seconds);
  int file = record_open(path, magic, limit);
  if (file < 0)
    return file;
  host.record = file;
  first_half = used;
  half_size = (limit - used) / 2 & ~3U;
  used = 0;
  put_bytes(magic, sizeof magic - 1);
  put(FORMAT_VERSION);
  put(ABI_VERSION);
  put_bytes((const char *)core_sha256, sizeof core_sha256);
  put(first_half);
  put(half_size);
  put((uint32_t)seconds);
  put((uint32_t)(seconds >> 32));
  put(nanoseconds);
  put((uint32_t)boot_cut);
  put(0);
  put_check(0);
  salt = nanoseconds;
  used = first_half;
  int result = start_half(first_half);
  if (result != 0)
    stop();
  return result;
}
