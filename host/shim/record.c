// The trace file: opened once, written at offsets ever after.
#include "shim.h"
#include "sys.h"
#include <asm/fcntl.h>

enum { HERE = -100, EXISTS = -17, NOT_SUPPORTED = -95, NO_SPACE = -28, OWNER_ONLY = 0600 };
enum { FIRST = 3, END = 2, MAGIC_SIZE = 8, DUPLICATE_CLOSE_ON_EXEC = 1030 };

struct vector {
  void *base;
  size_t length;
};

// pwritev(2) and preadv(2) take offsets alike on all machines, which pwrite64(2) does not.
static long at_offset(long call, int file, void *bytes, size_t length, uint32_t at) {
  struct vector vector = {bytes, length};
  return sys5(call, file, P(&vector), 1, (long)at, 0);
}

int record_write(int file, void *bytes, size_t length, uint32_t at) {
  long result = at_offset(__NR_pwritev, file, bytes, length, at);
  if (result == (long)length)
    return 0;
  return result < 0 ? (int)result : NO_SPACE;
}

// Only an empty file or an older trace is ours to overwrite; what can't be read at an offset (a
// FIFO, a socket, a terminal) is neither.
static int is_ours(int file, const char *magic) {
  char found[MAGIC_SIZE];
  long got = at_offset(__NR_preadv, file, found, sizeof found, 0);
  if (got == 0)
    return 1;
  if (got != MAGIC_SIZE)
    return 0;
  for (int i = 0; i < MAGIC_SIZE; i++) {
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): preadv filled it in.
    if (found[i] != magic[i])
      return 0;
  }
  return 1;
}

// An older trace of the same size has its blocks: asking for them takes a good part of the start.
static long resize(int file, uint32_t size) {
  if (sys3(__NR_lseek, file, 0, END) == (long)size)
    return 0;
  // Refused by a device: /dev/null must stay everybody's.
  long result = sys2(__NR_ftruncate, file, (long)size);
  if (result < 0)
    return result;
#if __SIZEOF_LONG__ == 4
  result = sys6(__NR_fallocate, file, 0, 0, 0, (long)size, 0);
#else
  result = sys4(__NR_fallocate, file, 0, 0, (long)size);
#endif
  // A file system that can't: the file has holes, and a full disk shows later.
  return result == NOT_SUPPORTED ? 0 : result;
}

int record_open(const char *path, const char *magic, uint32_t size) {
  // O_NONBLOCK: a FIFO or a device must not hold us up.
  int file =
      (int)sys4(__NR_openat, HERE, P(path),
                O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, OWNER_ONLY);
  if (file >= 0 && file < FIRST) {
    // A standard descriptor was closed: what is meant for it must not end up in the trace.
    int high = (int)sys3(__NR_fcntl, file, DUPLICATE_CLOSE_ON_EXEC, FIRST);
    sys1(__NR_close, file);
    file = high;
  }
  if (file < 0)
    return file;
  long result = EXISTS;
  if (is_ours(file, magic)) {
    result = resize(file, size);
    if (result >= 0) {
      sys2(__NR_fchmod, file, OWNER_ONLY);
      return file;
    }
  }
  sys1(__NR_close, file);
  return (int)result;
}
