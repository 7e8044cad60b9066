// Descendants, from /proc: every process whose line of parents leads to us.
#include "shim.h"
#include "sys.h"
#include <asm/fcntl.h>

enum { HERE = -100, NAME_CAPACITY = 40, STAT_CAPACITY = 256 };

struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

// Parent of a process, by proc_pid_stat(5); 0 for a zombie, a kernel thread, or one that is gone.
static int parent_of(int pid) {
  char name[NAME_CAPACITY] = "/proc/0000000000/stat";
  char digits[12];
  int count = 0;
  for (int rest = pid; rest > 0; rest /= 10)
    digits[count++] = (char)('0' + rest % 10);
  char *to = name + 6;
  while (count > 0)
    *to++ = digits[--count];
  for (const char *from = "/stat"; (*to = *from) != 0; from++)
    to++;
  long file = sys4(__NR_openat, HERE, P(name), O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return 0;
  char text[STAT_CAPACITY];
  long got = sys3(__NR_read, file, P(text), sizeof text - 1);
  sys1(__NR_close, file);
  // The command's name, in parentheses, can hold anything: the last one closes it.
  long at = got;
  while (at > 0 && text[at - 1] != ')')
    at--;
  if (at == 0 || at + 3 >= got || text[at + 1] == 'Z' || text[at + 1] == 'X')
    return 0;
  int parent = 0;
  for (at += 3; at < got && text[at] >= '0' && text[at] <= '9'; at++) {
    parent = parent * 10 + (text[at] - '0');
  }
  return parent;
}

static int descends(int pid, int self) {
  int parent = parent_of(pid);
  while (parent > 1 && parent != self)
    parent = parent_of(parent);
  return parent == self;
}

int processes_descendants(int self, void (*found)(int pid)) {
  long directory = sys4(__NR_openat, HERE, P("/proc"), O_RDONLY | O_CLOEXEC, 0);
  if (directory < 0)
    return (int)directory;
  char buffer[1024] __attribute__((aligned(8)));
  long got;
  while ((got = sys3(__NR_getdents64, directory, P(buffer), sizeof buffer)) > 0) {
    for (long at = 0; at < got;) {
      struct entry *entry = (struct entry *)(buffer + at);
      int pid = 0;
      const char *c = entry->name;
      for (; *c >= '0' && *c <= '9'; c++)
        pid = pid * 10 + (*c - '0');
      if (*c == 0 && pid > 1 && pid != self && descends(pid, self))
        found(pid);
      at += entry->length;
    }
  }
  sys1(__NR_close, directory);
  return 0;
}
