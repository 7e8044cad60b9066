// The trace file: opened once, written at offsets ever after.
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

enum { FIRST = 3, OWNER_ONLY = S_IRUSR | S_IWUSR };

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
  return result < 0 ? (int)result : -ENOSPC;
}

// Only an empty file or an older trace is ours to overwrite. It is read even where statx(2) says
// that it is empty: files in /proc say so, and are not.
static int is_ours(int file, const char *magic) {
  uint64_t found = 0;
  uint64_t expected;
  __builtin_memcpy(&expected, magic, sizeof expected);
  long got = at_offset(__NR_preadv, file, &found, sizeof found, 0);
  return got == 0 || (got == sizeof found && found == expected);
}

// An older trace of the same size has its blocks: asking for them takes a good part of the start.
static long resize(int file, uint64_t from, uint32_t size) {
  if (from == size)
    return 0;
#if __SIZEOF_LONG__ == 4
  long result = sys6(__NR_fallocate, file, 0, 0, 0, (long)size, 0);
#else
  long result = sys4(__NR_fallocate, file, 0, 0, (long)size);
#endif
  // It only lengthens; and on a file system that can't, the file has holes, and a full disk shows
  // later.
  if (result == -EOPNOTSUPP || (result == 0 && from > size))
    result = sys2(__NR_ftruncate, file, (long)size);
  return result;
}

int record_open(const char *path, const char *magic, uint32_t size) {
  // O_NONBLOCK: a FIFO or a device must not hold us up.
  int file =
      (int)sys4(__NR_openat, AT_FDCWD, P(path),
                O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, OWNER_ONLY);
  if (file >= 0 && file < FIRST) {
    // A standard descriptor was closed: what is meant for it must not end up in the trace.
    int high = (int)sys3(__NR_fcntl, file, F_DUPFD_CLOEXEC, FIRST);
    sys1(__NR_close, file);
    file = high;
  }
  if (file < 0)
    return file;
  // Where the kernel does not tell, these stay, and all is done that may be needed.
  struct statx is;
  is.stx_mode = S_IFREG;
  is.stx_size = UINT64_MAX;
  sys5(__NR_statx, file, P(""), AT_EMPTY_PATH, STATX_BASIC_STATS, P(&is));
  // A file that is refused stays open: the init ends.
  if ((is.stx_mode & S_IFMT) != S_IFREG || !is_ours(file, magic))
    return -EEXIST;
  long result = resize(file, is.stx_size, size);
  if (result < 0)
    return (int)result;
  if (is.stx_mode != (S_IFREG | OWNER_ONLY))
    sys2(__NR_fchmod, file, OWNER_ONLY);
  return file;
}

void record_close(int file) { sys1(__NR_close, file); }
