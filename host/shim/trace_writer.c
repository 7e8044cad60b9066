// Writes a trace: every event with its actions, one write each, into a file of a fixed size.
// docs/trace-format.md describes the file byte for byte.
#include "abi.h"
#include "shim.h"

_Static_assert(TRACE_HEADER_MAX + 2 * TRACE_ENTRY_MAX == TRACE_BUFFER_SIZE,
               "header, path or entry, entry");

static const char magic[] = "WITRACE\n";

// Numbers stand at multiples of 4, and are little-endian on every machine.
static uint32_t little(uint32_t value) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap32(value);
#else
  return value;
#endif
}

static void put(struct trace *trace, uint32_t value) {
  if (trace->used == trace->most)
    return;
  value = little(value);
  __builtin_memcpy(trace->buffer + trace->used, &value, sizeof value);
  trace->used += sizeof value;
}

// Six ints that stand one after the other: the fields of an event, or an action.
static void put_ints(struct trace *trace, const void *six) {
  int values[6];
  __builtin_memcpy(values, six, sizeof values);
  for (int i = 0; i < 6; i++)
    put(trace, (uint32_t)values[i]);
}

static void put_bytes(struct trace *trace, const char *bytes, uint32_t length) {
  while (length-- > 0 && trace->used < trace->most)
    trace->buffer[trace->used++] = (uint8_t)*bytes++;
  while (trace->used % 4 != 0)
    trace->buffer[trace->used++] = 0;
}

// Bytes of the core's memory.
static void put_linear(struct trace *trace, uint32_t address, uint32_t length) {
  uint32_t room = trace->most - trace->used;
  if (length > room)
    length = room;
  trace->copy(address, length, (char *)trace->buffer + trace->used);
  trace->used += length;
  put_bytes(trace, 0, 0);
}

// FNV-1a, by words.
static void put_check(struct trace *trace, uint32_t from) {
  uint32_t check = 2166136261U ^ trace->salt;
  for (uint32_t i = from; i < trace->used; i += 4) {
    uint32_t word;
    __builtin_memcpy(&word, trace->buffer + i, sizeof word);
    check = (check ^ little(word)) * 16777619U;
  }
  trace->most += TRACE_CHECK_SIZE;
  put(trace, check);
  trace->most -= TRACE_CHECK_SIZE;
}

static void put_event(struct trace *trace, const struct event *event, int count, uint32_t length) {
  uint64_t now;
  __builtin_memcpy(&now, &trace->now, sizeof now);
  put(trace, 0);
  put(trace, trace->sequence);
  put(trace, (uint32_t)now);
  put(trace, (uint32_t)(now >> 32));
  put(trace, (uint32_t)event->kind | (uint32_t)count << 8 | length << 16);
  put_ints(trace, &event->signal);
}

static void finish(struct trace *trace, uint32_t from) {
  uint32_t end = trace->used;
  trace->used = from;
  put(trace, end + TRACE_CHECK_SIZE - from);
  trace->used = end;
  put_check(trace, from);
}

static int write_buffer(struct trace *trace) {
  uint32_t to = trace->at;
  trace->at += trace->used;
  return record_write(trace->file, trace->buffer, trace->used, to);
}

// Writes what a half begins with; in front of it, `used` bytes of the buffer.
static int start_half(struct trace *trace, uint32_t to) {
  trace->half_end = to + trace->half_size;
  static const struct event none;
  uint32_t length = trace->state_length;
  uint32_t from = trace->used;
  trace->most = from + TRACE_ENTRY_MAX - TRACE_CHECK_SIZE;
  put_event(trace, &none, 0, length);
  put_linear(trace, trace->state_address, length);
  finish(trace, from);
  trace->at = to - from;
  int result = write_buffer(trace);
  trace->most = TRACE_ENTRY_MAX - TRACE_CHECK_SIZE;
  return result;
}

void trace_init(struct trace *trace) {
  trace->file = -1;
  trace->used = TRACE_HEADER_END;
  trace->most = TRACE_HEADER_MAX - TRACE_CHECK_SIZE;
  trace->sequence = trace->salt = 0;
  trace->boot_cut = 0;
}

void trace_keep(struct trace *trace, const struct event *event) {
  if (trace->boot_cut)
    return;
  uint32_t from = trace->used;
  uint32_t length = event->length < ARGUMENT_CAPACITY ? (uint32_t)event->length : ARGUMENT_CAPACITY;
  put_event(trace, event, 0, length);
  put_bytes(trace, event->bytes, length);
  if (trace->used == trace->most)
    trace->boot_cut = TRACE_FLAG_BOOT_CUT;
  else
    finish(trace, from);
  if (trace->boot_cut)
    trace->used = from;
}

// NOLINTNEXTLINE(misc-no-recursion): a call for each digit, of which there are at most 20.
static char *put_number(char *to, uint64_t number) {
  if (number > 9)
    to = put_number(to, number / 10);
  *to++ = (char)('0' + number % 10);
  return to;
}

// %p is our pid, %t the time in seconds since 1970.
static void expand(char *to, const char *end, const char *path, int pid, uint64_t seconds) {
  // 20 digits and the NUL fit behind what is not yet the end.
  for (const char *from = path; *from != 0 && to < end - 21; from++) {
    int which = *from == '%' ? from[1] : 0;
    if (which == 'p' || which == 't') {
      to = put_number(to, which == 'p' ? (uint64_t)pid : seconds);
      from++;
    } else {
      *to++ = *from;
    }
  }
  *to = 0;
}

int trace_open(struct trace *trace, const char *path, int pid, uint32_t limit) {
  uint64_t seconds = 0;
  uint32_t nanoseconds = clock_date(&seconds);
  // Nothing was kept where an option was not to be seen before its word was split.
  if (trace->used > limit / 4 || trace->used == TRACE_HEADER_END)
    trace->boot_cut = TRACE_FLAG_BOOT_CUT;
  if (trace->used > limit / 4)
    trace->used = limit / 4 & ~3U;
  // A path that does not fit is longer than the kernel takes (PATH_MAX).
  char *expanded = (char *)trace->buffer + trace->used;
  expand(expanded, (char *)trace->buffer + TRACE_BUFFER_SIZE, path, pid, seconds);
  int file = record_open(expanded, magic, limit);
  if (file < 0)
    return file;
  trace->file = file;
  trace->first_half = trace->used;
  trace->half_size = (limit - trace->used) / 2 & ~3U;
  trace->used = 0;
  put_bytes(trace, magic, sizeof magic - 1);
  put(trace, TRACE_FORMAT_VERSION);
  put(trace, ABI_VERSION);
  put_bytes(trace, (const char *)trace->core_sha256, 32);
  put(trace, trace->first_half);
  put(trace, trace->half_size);
  put(trace, (uint32_t)seconds);
  put(trace, (uint32_t)(seconds >> 32));
  put(trace, nanoseconds);
  put(trace, (uint32_t)trace->boot_cut);
  put(trace, 0);
  put_check(trace, 0);
  trace->salt = nanoseconds;
  trace->used = trace->first_half;
  int result = start_half(trace, trace->first_half);
  if (result != 0)
    trace_close(trace);
  return result;
}

void trace_begin(struct trace *trace, const struct event *event, int count) {
  trace->used = 0;
  put_event(trace, event, count, (uint32_t)event->length);
  put_bytes(trace, event->bytes, (uint32_t)event->length);
}

void trace_action(struct trace *trace, const struct action *action) {
  put_ints(trace, action);
  if (action->kind == ACTION_KIND_WRITE)
    put_linear(trace, (uint32_t)action->b, (uint32_t)action->c);
}

int trace_end(struct trace *trace) {
  finish(trace, 0);
  trace->sequence++;
  int result = write_buffer(trace);
  // The state to go on from is the one after an event, so that a half ends while there is room.
  if (result == 0 && trace->half_end - trace->at < TRACE_ENTRY_MAX) {
    uint32_t second_half = trace->first_half + trace->half_size;
    trace->used = 0;
    result = start_half(trace, trace->half_end == second_half ? second_half : trace->first_half);
  }
  if (result != 0)
    trace_close(trace);
  return result;
}

void trace_trap(struct trace *trace, const struct event *event) {
  trace_begin(trace, event, TRACE_TRAPPED);
  finish(trace, 0);
  write_buffer(trace);
}

void trace_close(struct trace *trace) {
  record_close(trace->file);
  trace->file = -1;
}
