// The processes that are ours to look after, from /proc: those whose line of parents leads to us,
// and for PID 1 all in its namespace.
#include "guard.h"
#include "listing.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>

enum { PATH_LENGTH_MAX = 40, STAT_MAX = 512, ANCESTORS_MAX = 32 };
// The unit of times in /proc (USER_HZ), the same on every architecture that is supported.
enum { CLOCK_TICK_MS = 10 };

struct process {
  int parent;
  int group;
  // Is there, and no thread of the kernel.
  int exists;
  // Has ended, all its threads.
  int zombie;
  // When it was started, in clock ticks since the machine was.
  uint64_t start;
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

static long open_file(const char *name) {
  return sys4(__NR_openat, AT_FDCWD, P(name), O_RDONLY | O_CLOEXEC, 0);
}

// Opens a file of a process in /proc, its name given with the slash.
static long open_of(int pid, const char *file) {
  char name[PATH_LENGTH_MAX] = "/proc/";
  char *to = put_number(name + 6, pid);
  while ((*to = *file++) != 0)
    to++;
  return open_file(name);
}

static long read_all(long file, char text[STAT_MAX]) {
  if (file < 0)
    return file;
  long got = sys3(__NR_read, file, P(text), STAT_MAX);
  sys1(__NR_close, file);
  return got;
}

// What proc_pid_stat(5) says of a process; no parent for one that is gone, or a kernel's.
static struct process look_at(int pid) {
  struct process process = {0, 0, 0, 0, 0};
  char text[STAT_MAX];
  long got = read_all(open_of(pid, "/stat"), text);
  // The command's name, in parentheses, can hold anything: the last one closes it.
  long at = got;
  while (at > 0 && text[at - 1] != ')')
    at--;
  if (at <= 0 || at + 3 >= got)
    return process;
  char state = text[at + 1];
  // From the parent, the 4th field, to the time of its start, the 22nd.
  uint64_t fields[23];
  at += 3;
  for (int field = 4; field <= 22; field++, at++) {
    int negative = text[at] == '-';
    fields[field] = 0;
    for (at += negative; at < got && text[at] >= '0' && text[at] <= '9'; at++)
      fields[field] = fields[field] * 10 + (uint64_t)(text[at] - '0');
    if (at >= got)
      return process;
  }
  process.parent = (int)fields[4];
  process.group = (int)fields[5];
  process.exists = (fields[9] & KERNEL_THREAD) == 0;
  // A main thread that has ended is a zombie too, and its process lives on in the others.
  process.zombie = (state == 'Z' || state == 'X') && fields[20] <= 1;
  process.start = fields[22];
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
static int is_ours(int pid, struct process process, int self) {
  if (self != 1)
    return descends(pid, process, self);
  return process.exists && !process.zombie;
}

int processes_send(int pid, int self, int signal) {
  // From here on it is about this process, and not about the next one with its id.
  int descriptor = (int)GUARDED(GUARD_PIDFD_OPEN, sys2(__NR_pidfd_open, pid, 0));
  int result = -ESRCH;
  if (is_ours(pid, look_at(pid), self)) {
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
  long got = read_all(open_file("/proc/self/stat"), text);
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

// The first eight bytes of a line as one number.
static uint64_t line_start(const char *line) {
  uint64_t start = 0;
  for (int i = 0; i < 8; i++)
    start = start << 8 | (unsigned char)line[i];
  return start;
}

static uint64_t set_of(int signal) { return (uint64_t)1 << (signal - 1); }

// The signals that a process ignores, by the masks of proc_pid_status(5). All of them where it
// can't be known.
static uint64_t ignored_signals(int pid) {
  const uint64_t names[2] = {line_start("SigIgn:\t"), line_start("SigCgt:\t")};
  uint64_t masks[2] = {0, 0}, start = 0;
  int column = 0, which = 2, known = 0;
  char text[STAT_MAX];
  long file = open_of(pid, "/status");
  if (file < 0)
    return ~(uint64_t)0;
  long got;
  while ((got = sys3(__NR_read, file, P(text), sizeof text)) > 0) {
    for (const char *c = text; c < text + got; c++) {
      // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the kernel filled it in.
      if (*c == '\n') {
        column = 0;
        which = 2;
      } else if (column < 8) {
        start = start << 8 | (unsigned char)*c;
        if (++column < 8)
          continue;
        for (which = 0; which < 2 && start != names[which]; which++)
          ;
        known += which < 2;
      } else if (which < 2) {
        masks[which] = masks[which] << 4 | (uint64_t)(*c <= '9' ? *c - '0' : *c - 'a' + 10);
      }
    }
  }
  sys1(__NR_close, file);
  if (known < 2)
    return ~(uint64_t)0;
  // What signal(7) says is ignored by default.
  uint64_t by_default = set_of(SIGCHLD) | set_of(SIGCONT) | set_of(SIGURG) | set_of(SIGWINCH);
  return masks[0] | (by_default & ~masks[1]);
}

// The least that the age of a process can be: its start is known by the clock tick in which it was.
static int age_of(struct process process, uint64_t uptime) {
  uint64_t start_ms = (process.start + 1) * CLOCK_TICK_MS;
  uint64_t age_ms = uptime > start_ms ? uptime - start_ms : 0;
  return age_ms < __INT_MAX__ ? (int)age_ms : __INT_MAX__;
}

int processes_list(int self, uint64_t uptime, void (*callback)(const struct found *found)) {
  int result = check_own(self);
  if (result < 0)
    return result;
  struct listing listing;
  result = listing_open(&listing, "/proc");
  if (result < 0)
    return result;
  int pid;
  while ((pid = listing_next(&listing)) >= 0) {
    if (pid <= 1 || pid == self)
      continue;
    struct process process = look_at(pid);
    if (!is_ours(pid, process, self))
      continue;
    struct found found = {pid, process.group, 0, 0};
    if (uptime != 0) {
      found.age_ms = age_of(process, uptime);
      found.ignored = ignored_signals(pid);
    }
    callback(&found);
  }
  return listing_close(&listing);
}
