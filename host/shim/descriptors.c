// Descriptors and the working directory: so that the init pins no mount and holds no pipe open.
#include "shim.h"
#include "sys.h"
#include <asm/fcntl.h>

enum { HERE = -100, FIRST = 3 };

// A directory entry as getdents64(2) fills it in.
struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

int directory_leave(void) { return (int)sys1(__NR_chdir, P("/")); }

// For kernels before 5.9: never a loop up to RLIMIT_NOFILE, which can be a billion.
static int close_listed(int keep, int keep_too) {
  long directory = sys4(__NR_openat, HERE, P("/proc/self/fd"), O_RDONLY | O_CLOEXEC, 0);
  if (directory < 0)
    return (int)directory;
  char buffer[512] __attribute__((aligned(8)));
  long got;
  while ((got = sys3(__NR_getdents64, directory, P(buffer), sizeof buffer)) > 0) {
    for (long at = 0; at < got;) {
      struct entry *entry = (struct entry *)(buffer + at);
      int descriptor = 0;
      for (const char *c = entry->name; *c >= '0' && *c <= '9'; c++) {
        descriptor = descriptor * 10 + (*c - '0');
      }
      if (descriptor >= FIRST && descriptor != directory && descriptor != keep &&
          descriptor != keep_too) {
        sys1(__NR_close, descriptor);
      }
      at += entry->length;
    }
  }
  sys1(__NR_close, directory);
  return 0;
}

int descriptors_close(int keep, int keep_too) {
  int low = keep < keep_too ? keep : keep_too;
  int high = keep < keep_too ? keep_too : keep;
  unsigned from = FIRST;
  long result = 0;
  for (int i = 0; i < 2; i++) {
    int kept = i == 0 ? low : high;
    if (kept < FIRST)
      continue;
    if ((unsigned)kept > from)
      result = sys3(__NR_close_range, from, kept - 1, 0);
    from = (unsigned)kept + 1;
  }
  result = sys3(__NR_close_range, from, ~0U, 0);
  return result < 0 ? close_listed(keep, keep_too) : 0;
}
