// Why a file could not be executed: execve(2) returns one errno for the file, for the interpreter
// that its `#!` line names, and for the loader that its ELF header names.
#include "abi.h"
#include "architecture.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/elf.h>
#include <linux/fcntl.h>

// The kernel follows interpreters of interpreters this far (execve(2)).
enum { INTERPRETERS_MAX = 5, HEAD_MAX = 256, EXECUTABLE = 1, ELF_MACHINE_END = 20 };

static uint64_t number_at(const unsigned char *bytes, size_t size) {
  uint64_t number = 0;
  __builtin_memcpy(&number, bytes, size);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  number >>= 64 - 8 * size;
#endif
  return number;
}

// Reads the beginning of a file, and puts a NUL behind it. O_NONBLOCK: an interpreter can be a
// FIFO.
static long read_head(const char *path, unsigned char head[HEAD_MAX], long *file) {
  *file = sys4(__NR_openat, AT_FDCWD, P(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
  if (*file < 0)
    return *file;
  long got = sys3(__NR_read, *file, P(head), HEAD_MAX - 1);
  head[got < 0 ? 0 : got] = 0;
  return got;
}

static int is_elf(const unsigned char *head) {
  return head[0] == ELFMAG0 && head[1] == ELFMAG1 && head[2] == ELFMAG2 && head[3] == ELFMAG3;
}

// The machine that an ELF file is for, as ARCHITECTURE has it. e_machine is in the file's byte
// order.
static int machine_of(const unsigned char *head) {
  int little = head[EI_DATA] == ELFDATA2LSB;
  unsigned machine = (unsigned)head[little ? 19 : 18] << 8 | head[little ? 18 : 19];
  if (head[EI_CLASS] == ELFCLASS64)
    machine |= __AUDIT_ARCH_64BIT;
  if (little)
    machine |= __AUDIT_ARCH_LE;
  return (int)machine;
}

static void set_machine(struct spawn_failure *failure, const unsigned char *head, long got) {
  if (got < ELF_MACHINE_END || !is_elf(head) || machine_of(head) == ARCHITECTURE)
    return;
  failure->machine = machine_of(head);
  failure->own_machine = ARCHITECTURE;
}

// Name of an ELF file's loader (PT_INTERP), empty if it has none. The offsets are those of both
// classes (elf(5)).
static void loader_name(long file, const unsigned char *head, char *name, size_t most) {
  int wide = head[EI_CLASS] == ELFCLASS64;
  uint64_t at = number_at(head + (wide ? 32 : 28), wide ? 8 : 4);
  uint64_t size = number_at(head + (wide ? 54 : 42), 2);
  uint64_t count = number_at(head + (wide ? 56 : 44), 2);
  name[0] = 0;
  for (; count > 0; count--, at += size) {
    unsigned char segment[56];
    if (sys3(__NR_lseek, file, (long)at, 0) < 0)
      return;
    if (sys3(__NR_read, file, P(segment), sizeof segment) < 32)
      return;
    if (number_at(segment, 4) != PT_INTERP)
      continue;
    uint64_t where = number_at(segment + (wide ? 8 : 4), wide ? 8 : 4);
    if (sys3(__NR_lseek, file, (long)where, 0) < 0)
      return;
    long got = sys3(__NR_read, file, P(name), (long)most);
    name[got < 0 ? 0 : got] = 0;
    return;
  }
}

// The interpreter of a `#!` line: its first word. Returns whether there is one.
static int interpreter_name(const unsigned char *head, char *name, size_t most) {
  if (head[0] != '#' || head[1] != '!')
    return 0;
  const unsigned char *from = head + 2;
  while (*from == ' ' || *from == '\t')
    from++;
  size_t length = 0;
  for (; length < most; length++) {
    unsigned char c = from[length];
    if (c == 0 || c == ' ' || c == '\t' || c == '\n')
      break;
    name[length] = (char)c;
  }
  name[length] = 0;
  return length > 0;
}

// Whether execve(2) failed because of this file: 1, 0 if the file itself is in order, or -1 if it
// fails in another way.
static int is_at_fault(const char *path, int error) {
  int found = (int)-sys3(__NR_faccessat, AT_FDCWD, P(path), EXECUTABLE);
  if (found == 0)
    return 0;
  if (error == ENOENT || error == ENOTDIR)
    return found == ENOENT || found == ENOTDIR ? 1 : -1;
  return found == error ? 1 : -1;
}

// Of a file that is in order itself: its loader may be at fault. Returns whether something is.
static int explain_elf(long file, const unsigned char *head, long got, int error,
                       struct spawn_failure *failure) {
  if (error == ENOEXEC) {
    set_machine(failure, head, got);
    return 1;
  }
  if (got < (long)sizeof(struct elf64_hdr))
    return 0;
  char name[sizeof failure->missing];
  loader_name(file, head, name, sizeof name - 1);
  if (name[0] == 0 || (error != ELIBBAD && is_at_fault(name, error) <= 0))
    return 0;
  failure->reason = SPAWN_FAILURE_INTERPRETER;
  __builtin_memcpy(failure->missing, name, sizeof name);
  if (error == ELIBBAD) {
    unsigned char loader[HEAD_MAX];
    long descriptor;
    long read = read_head(name, loader, &descriptor);
    set_machine(failure, loader, read);
    sys1(__NR_close, descriptor);
  }
  return 1;
}

int exec_failure_explain(const char *path, int error, struct spawn_failure *failure) {
  for (int level = 0; level <= INTERPRETERS_MAX; level++) {
    int fault = is_at_fault(path, error);
    if (fault > 0)
      return 0;
    unsigned char head[HEAD_MAX];
    long file;
    long got = fault < 0 ? -1 : read_head(path, head, &file);
    // An interpreter that is a directory, a FIFO or a device.
    if (got <= 0 && fault == 0 && error == EACCES && level > 0)
      return 0;
    if (got < 0)
      break;
    int elf = is_elf(head);
    int explained = elf ? explain_elf(file, head, got, error, failure) : error == ENOEXEC;
    sys1(__NR_close, file);
    if (elf || !interpreter_name(head, failure->missing, sizeof failure->missing - 1)) {
      if (explained)
        return level == 0 && !elf;
      break;
    }
    failure->reason = SPAWN_FAILURE_INTERPRETER;
    path = failure->missing;
  }
  // It is not known which of them it is.
  failure->reason = SPAWN_FAILURE_EXEC;
  failure->missing[0] = 0;
  return 0;
}
