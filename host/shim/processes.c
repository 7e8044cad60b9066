// The processes that are ours to look after, from /proc: those whose line of parents leads to us,
// and for PID 1 all in its namespace.
#include "guard.h"
#include "listing.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/fcntl.h>

enum { STAT_PATH_MAX = 40, STAT_MAX = 256, ANCESTORS_MAX = 32 };

struct process {
  int parent;
  int group;
  // Is there, and no thread of the kernel.
  int exists;
  // Has ended, all its threads.
  int zombie;
};

// Bit of the 9th field of proc_pid_stat(5), PF_KTHREAD in the kernel's linux/sched.h.
enum { KERNEL_THREAD = 0x200000 };

// Puts a number in decimal, and returns where it ends.
static char *put_number(char *to, int number) {
  char digits[12];
  int count = 0;
  for (int rest = number; rest > 0; rest /= 10)
    digits[count++] = (char)('0' + rest % 10);
  while (count > 0)
    *to++ = digits[--count];
  return to;
}

static long read_file(const char *name, char text[STAT_MAX]) {
  long file = sys4(__NR_openat, AT_FDCWD, P(name), O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return file;
  long got = sys3(__NR_read, file, P(text), STAT_MAX);
  sys1(__NR_close, file);
  return got;
}

// What proc_pid_stat(5) says of a process; no parent for one that is gone, or a kernel's.
static struct process look_at(int pid) {
  struct process process = {0, 0, 0, 0};
  char name[STAT_PATH_MAX] = "/proc/";
  char *to = put_number(name + 6, pid);
  for (const char *from = "/stat"; (*to = *from) != 0; from++)
    to++;
  char text[STAT_MAX];
  long got = read_file(name, text);
  // The command's name, in parentheses, can hold anything: the last one closes it.
  long at = got;
  while (at > 0 && text[at - 1] != ')')
    at--;
  if (at <= 0 || at + 3 >= got)
    return process;
  char state = text[at + 1];
  // From the parent, the 4th field, to the number of threads, the 20th.
  long fields[21];
  at += 3;
  for (int field = 4; field <= 20; field++, at++) {
    int negative = text[at] == '-';
    fields[field] = 0;
    for (at += negative; at < got && text[at] >= '0' && text[at] <= '9'; at++)
      fields[field] = fields[field] * 10 + (text[at] - '0');
    if (at >= got)
      return process;
  }
  process.parent = (int)fields[4];
  process.group = (int)fields[5];
  process.exists = (fields[9] & KERNEL_THREAD) == 0;
  // A main thread that has ended is a zombie too, and its process lives on in the others.
  process.zombie = (state == 'Z' || state == 'X') && fields[20] <= 1;
  return process;
}

// Whether the line of parents of a process that was just looked at leads to us.
static int descends(int pid, struct process process, int self) {
  int line[ANCESTORS_MAX];
  unsigned depth = 0;
  if (process.zombie)
    return 0;
  while (process.parent > 1 && process.parent != self) {
    line[depth++ % ANCESTORS_MAX] = pid;
    pid = process.parent;
    process = look_at(pid);
  }
  if (process.parent != self)
    return 0;
  // A parent may have ended on the way, and its id be another's: if the child's parent is
  // unchanged, the id was not reused, since an orphan never goes back. Beyond ANCESTORS_MAX none is
  // checked.
  for (int asked = 0; depth > 0 && asked < ANCESTORS_MAX; asked++) {
    int child = line[--depth % ANCESTORS_MAX];
    if (look_at(child).parent != pid)
      return 0;
    pid = child;
  }
  return 1;
}

int processes_descends(int pid, int self) { return descends(pid, look_at(pid), self); }

// Whether a living process is ours to tell. As PID 1 everyone in the namespace is, also those who
// came in from outside and have their parent there, as by `docker exec`.
static int is_ours(int pid, int self, int *group) {
  struct process process = look_at(pid);
  *group = process.group;
  if (self != 1)
    return descends(pid, process, self);
  return process.exists && !process.zombie;
}

int processes_send(int pid, int self, int signal) {
  // From here on it is about this process, and not about the next one with its id.
  int descriptor = (int)GUARDED(GUARD_PIDFD_OPEN, sys2(__NR_pidfd_open, pid, 0));
  int result = -ESRCH, group;
  if (is_ours(pid, self, &group)) {
    result = descriptor;
    if (descriptor >= 0)
      result = (int)GUARDED(GUARD_PIDFD_SEND_SIGNAL,
                            sys4(__NR_pidfd_send_signal, descriptor, signal, 0, 0));
    // An old kernel, a seccomp profile, no descriptor to be had.
    if (result < 0 && result != -ESRCH)
      result = signals_send(pid, signal);
  }
  if (descriptor >= 0)
    sys1(__NR_close, descriptor);
  return result;
}

// Whether /proc is mounted, and for our own namespace: in another's, its ids are not ours. 0, or a
// negated errno, which is -ESRCH for another namespace.
static int check_own(int self) {
  char text[STAT_MAX], own[12];
  long got = read_file("/proc/self/stat", text);
  long length = put_number(own, self) - own;
  if (got < 0)
    return (int)got;
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the kernel filled it in.
  if (got <= length || text[length] != ' ')
    return -ESRCH;
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the kernel filled it in.
  while (length > 0 && own[length - 1] == text[length - 1])
    length--;
  return length == 0 ? 0 : -ESRCH;
}

int processes_list(int self, void (*found)(int pid, int group)) {
  int result = check_own(self);
  if (result < 0)
    return result;
  struct listing listing;
  result = listing_open(&listing, "/proc");
  if (result < 0)
    return result;
  int pid, group;
  while ((pid = listing_next(&listing)) >= 0) {
    if (pid > 1 && pid != self && is_ours(pid, self, &group))
      found(pid, group);
  }
  return listing_close(&listing);
}
