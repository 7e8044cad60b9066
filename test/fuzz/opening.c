// Target: where the recorder writes to. A file lies there already: nothing, a trace, part of one,
// or another program's, of any size; the first bytes choose it, and what the kernel refuses. What
// is not ours must stay as it is, to the byte, and what is recorded must be whole.
//
// sys/stat.h comes first: linux/stat.h leaves the file types to a C library where there is one. So
// does the fake sys.h: the shim would include its own.
#include <sys/stat.h>

#include "sys.h"

#include "../../host/native/record.c"
#include "../../host/shim/record.c"
#include "../../host/shim/trace_writer.c"
#include "input.h"
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTOR = 7, STATE_LENGTH = 700, FILE_MAX = 1 << 17, OPTION_MAX = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// What the kernel refuses, as bits.
enum {
  REFUSE_OPEN = 1,
  REFUSE_STATX = 2,
  REFUSE_READ = 4,
  REFUSE_BLOCKS = 8,
  REFUSE_TRUNCATION = 16,
  LIE_ABOUT_SIZE = 32,
  IS_FIFO = 64,
  IS_STANDARD = 128,
};

static struct {
  uint8_t bytes[FILE_MAX];
  size_t size;
  int refused, writes_left, touched;
} file;
static uint8_t before[FILE_MAX];
static size_t size_before;
static uint32_t limit;
static int failures;
static uint8_t linear_bytes[1 << 16];
static int action_count;

struct host host;
const uint8_t core_sha256[32] = {1, 2, 3};

static void found(const char *what, long number) {
  fprintf(stderr, "FOUND: %s (%ld)\n", what, number);
  abort();
}

// The core, as far as the recorder sees it.
uint32_t core_state_address(void) { return 4096; }
uint32_t core_state_length(void) { return STATE_LENGTH; }
int core_action_count(void) { return action_count; }
struct action core_action(int index) {
  struct action action = {ACTION_KIND_WRITE, 2, 8192, index * 300, 0, 0};
  return action;
}
void core_copy(uint32_t address, uint32_t length, char *to) {
  if (address + length > sizeof linear_bytes)
    found("it reads outside the linear memory", address);
  memcpy(to, linear_bytes + address, length);
}

static const char *arguments[] = {"server", "--port=80", "a longer one, of some forty characters.",
                                  0};
size_t argv_command_size(void) { return sizeof arguments / sizeof *arguments; }
const char **argv_command(const char **space) {
  (void)space;
  return arguments;
}

uint32_t clock_date(uint64_t *seconds) {
  *seconds = 1700000000;
  return 123456789;
}

void follow(const struct event *event) {
  if (event->kind != EVENT_KIND_ACTION_FAILED || event->uid != ACTION_KIND_OPEN_RECORD ||
      event->code <= 0)
    found("a failure that is none", event->kind);
  failures++;
}

long fake_call(long number, long argument) {
  int expects = file.refused & IS_STANDARD ? 0 : DESCRIPTOR;
  if (number != __NR_close || (argument != expects && argument != DESCRIPTOR))
    found("it closes what it has not opened", argument);
  return 0;
}

static long write_file(const struct vector *vector, long at) {
  if (at < 0 || vector->length > limit || (size_t)at > limit - vector->length)
    found("it writes outside the limit", at);
  file.touched = 1;
  if (file.writes_left-- == 0)
    return vector->length % 8 == 0 ? -EIO : (long)vector->length / 2;
  memcpy(file.bytes + at, vector->base, vector->length);
  if ((size_t)at + vector->length > file.size)
    file.size = (size_t)at + vector->length;
  return (long)vector->length;
}

static long read_file(const struct vector *vector, long at) {
  if (file.refused & REFUSE_READ)
    return -EIO;
  if (at != 0)
    found("it reads what it need not", at);
  size_t count = vector->length < file.size ? vector->length : file.size;
  memcpy(vector->base, file.bytes, count);
  return (long)count;
}

static void set_size(size_t size) {
  if (size > FILE_MAX)
    found("it makes the file too large", (long)size);
  if (size > file.size)
    memset(file.bytes + file.size, 0, size - file.size);
  file.size = size;
  file.touched = 1;
}

static long tell(struct statx *is) {
  if (file.refused & REFUSE_STATX)
    return -EIO;
  is->stx_mode = (unsigned short)((file.refused & IS_FIFO ? S_IFIFO : S_IFREG) | 0644);
  is->stx_size = file.refused & LIE_ABOUT_SIZE ? 0 : file.size;
  return 0;
}

long fake_file_call(long number, long a, long b, long c, long d, long e) {
  switch (number) {
  case __NR_openat:
    if (strlen((const char *)b) >= PATH_MAX)
      return -ENAMETOOLONG;
    return file.refused & REFUSE_OPEN ? -EACCES : file.refused & IS_STANDARD ? 0 : DESCRIPTOR;
  case __NR_fcntl:
    return a == 0 && c == FIRST ? DESCRIPTOR : -EIO;
  case __NR_statx:
    return tell((struct statx *)e);
  case __NR_preadv:
    return read_file((const struct vector *)b, d);
  case __NR_pwritev:
    return write_file((const struct vector *)b, d);
  case __NR_fallocate:
    if (file.refused & REFUSE_BLOCKS)
      return file.refused & REFUSE_TRUNCATION ? -ENOSPC : -EOPNOTSUPP;
    if ((size_t)d > file.size)
      set_size((size_t)d);
    return 0;
  case __NR_ftruncate:
    if (file.refused & REFUSE_TRUNCATION)
      return -EIO;
    set_size((size_t)b);
    return 0;
  case __NR_fchmod:
    file.touched = 1;
    return 0;
  default:
    found("it makes a call that it has no need of", number);
    return 0;
  }
}

// The number at an offset of the file.
static uint32_t number_at(size_t offset) {
  uint32_t number;
  memcpy(&number, file.bytes + offset, sizeof number);
  return number;
}

static void check_header(void) {
  uint32_t check = 2166136261U;
  for (size_t offset = 0; offset < TRACE_HEADER_END - TRACE_CHECK_SIZE; offset += 4)
    check = (check ^ number_at(offset)) * 16777619U;
  if (memcmp(file.bytes, magic, 8) != 0 || number_at(TRACE_HEADER_END - TRACE_CHECK_SIZE) != check)
    found("its header is not whole", check);
  uint32_t first = number_at(48);
  uint32_t half = number_at(52);
  if (first < TRACE_HEADER_END || first > limit / 4 || half < TRACE_ENTRY_MAX ||
      first + 2 * half > limit)
    found("its halves do not fit", first);
}

// Every record from an offset on up to where the recorder stands in this half has its check.
static void check_records(uint32_t from, uint32_t to) {
  while (from < to) {
    uint32_t size = number_at(from);
    if (size < 48 || size % 4 != 0 || size > to - from)
      found("a record's size is wrong", size);
    uint32_t check = 2166136261U ^ host.trace.salt;
    for (uint32_t offset = from; offset < from + size - TRACE_CHECK_SIZE; offset += 4)
      check = (check ^ number_at(offset)) * 16777619U;
    if (number_at(from + size - TRACE_CHECK_SIZE) != check)
      found("a record is not whole", from);
    from += size;
  }
}

static void boot(struct input *in) {
  expected = failures = 0;
  memset(&host, 0, sizeof host);
  host.pid = 4711;
  const char *argv[] = {"wasm-init", "--record", 0};
  const char *envp[] = {0};
  record_expect(argv, envp);
  static char words[ARGUMENT_CAPACITY];
  for (unsigned count = input_byte(in) % 40; count > 0; count--) {
    struct event word = {.kind = EVENT_KIND_WORD_READ, .bytes = words};
    word.length = input_byte(in) * 16U % (ARGUMENT_CAPACITY + 1);
    record_event(&word);
  }
}

static void run(struct input *in) {
  static char bytes[ARGUMENT_CAPACITY];
  for (unsigned count = input_byte(in); count > 0 && host.trace.file >= 0; count--) {
    action_count = (int)(input_byte(in) % (ACTION_CAPACITY + 1));
    struct event event = {.kind = EVENT_KIND_SIGNAL_RECEIVED, .bytes = bytes};
    event.length = input_byte(in) * 4U;
    host.now = count;
    record_event(&event);
    if ((host.trace.file < 0) != (failures > 0))
      found("it stops without a word, or says so and goes on", failures);
    if (host.trace.file >= 0 &&
        (host.trace.at > host.trace.half_end || host.trace.half_end > limit))
      found("a record lies over the end of its half", host.trace.at);
  }
  if (host.trace.file >= 0)
    check_records(host.trace.half_end - host.trace.half_size, host.trace.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct input input = {data, data + size};
  static const uint32_t limits[] = {16384, 16385, 16391, 32768, 65536, 100003};
  file.refused = (int)input_byte(&input);
  limit = limits[input_byte(&input) % (sizeof limits / sizeof *limits)];
  file.writes_left = (int)input_byte(&input) - 1;
  if (file.writes_left < 0)
    file.writes_left = 1 << 30;
  file.touched = 0;
  int how = (int)(input_byte(&input) & RECORD_ARGUMENTS);
  size_t stretch = input_byte(&input) % 3 == 0 ? input_byte(&input) * 512U : 0;
  // A path of any length, and any number of what is to be filled in.
  static char path[OPTION_MAX];
  size_t length = input_byte(&input) * input_byte(&input) * 2U % sizeof path;
  unsigned pattern = input_byte(&input);
  for (size_t i = 0; i < length; i++)
    path[i] = "%p%t/x%%"[i * (pattern % 3 + 1) % 8];
  path[length] = 0;
  struct input events = input;
  // What lies there: the rest of the input, and zeroes behind it, or not.
  file.size = (size_t)(input.end - input.at);
  memcpy(file.bytes, input.at, file.size);
  if (stretch > file.size && file.size > 0) {
    memset(file.bytes + file.size, 0, stretch - file.size);
    file.size = stretch;
  }
  size_before = file.size;
  memcpy(before, file.bytes, file.size);

  boot(&events);
  host.record_path = path;
  int result = record_start(limit, how);
  int ours = file.size == 0 || (size_before >= 8 && memcmp(before, magic, 8) == 0);
  if ((file.refused & IS_FIFO && !(file.refused & REFUSE_STATX)) || (size_before > 0 && !ours)) {
    if (result >= 0 || file.touched || file.size != size_before ||
        memcmp(file.bytes, before, size_before) != 0)
      found("it has written to what is not its own", result);
  }
  if (result > 0 || (result == 0) != (host.trace.file == DESCRIPTOR))
    found("it does not say whether it records", result);
  if (result < 0)
    return 0;
  // Where the kernel has said that a long file is empty, nothing told us to cut it.
  if (file.size != limit && !(file.refused & LIE_ABOUT_SIZE && size_before > limit))
    found("the file has another size than it is to have", (long)file.size);
  check_header();
  check_records(host.trace.first_half, host.trace.at);
  run(&events);
  check_header();
  return 0;
}
