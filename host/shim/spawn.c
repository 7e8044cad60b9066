// Starting the command: vfork, the child's preparations, and exec with the search of execvp(3).
#include "abi.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/elf.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/wait.h>
#ifdef SHARED_PROCESS
#include "../node/addon/child.h"
#endif

static const char default_path[] = "/usr/local/bin:/bin:/usr/bin";

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length] != 0)
    length++;
  return length;
}

const char *environment_value(const char *const *envp, const char *name, size_t length) {
  for (; *envp != 0; envp++) {
    size_t i = 0;
    while (i < length && (*envp)[i] == name[i])
      i++;
    if (i == length && (*envp)[i] == '=')
      return *envp + length + 1;
  }
  return 0;
}

static uint64_t number_at(const unsigned char *bytes, size_t size) {
  uint64_t number = 0;
  __builtin_memcpy(&number, bytes, size);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  number >>= 64 - 8 * size;
#endif
  return number;
}

// Copies a name up to a newline or NUL.
static void copy_name(char *to, const char *from, size_t most) {
  size_t i = 0;
  while (i < most && from[i] != 0 && from[i] != '\n') {
    to[i] = from[i];
    i++;
  }
  to[i] = 0;
}

// Name of an ELF file's loader (PT_INTERP), empty if it has none. The offsets are those of both
// classes (elf(5)).
static void loader_name(long file, const unsigned char *head, char *name, size_t most) {
  int wide = head[EI_CLASS] == ELFCLASS64;
  uint64_t at = number_at(head + (wide ? 32 : 28), wide ? 8 : 4);
  uint64_t size = number_at(head + (wide ? 54 : 42), 2);
  uint64_t count = number_at(head + (wide ? 56 : 44), 2);
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

// The file is there, and yet exec says ENOENT: what it names is missing (execve(2)).
static void explain_missing(const char *path, struct spawn_failure *failure) {
  char head[256];
  const size_t most = sizeof failure->missing - 1;
  long file = sys4(__NR_openat, AT_FDCWD, P(path), O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return;
  long got = sys3(__NR_read, file, P(head), sizeof head - 1);
  head[got < 0 ? 0 : got] = 0;
  if (got > 2 && head[0] == '#' && head[1] == '!') {
    const char *name = head + 2;
    while (*name == ' ' || *name == '\t')
      name++;
    copy_name(failure->missing, name, most);
    // Only the first word is the interpreter; the rest is its argument.
    for (char *c = failure->missing; *c != 0; c++) {
      if (*c == ' ' || *c == '\t')
        *c = 0;
    }
  } else if (got >= 64 && head[1] == 'E' && head[2] == 'L' && head[3] == 'F') {
    loader_name(file, (unsigned char *)head, failure->missing, most);
  }
  if (failure->missing[0] != 0)
    failure->reason = SPAWN_FAILURE_INTERPRETER;
  sys1(__NR_close, file);
}

// Runs a script without `#!` by the shell, as execvp(3) does.
static long exec_shell(const char *path, const struct spawn *spawn) {
  size_t count = 0;
  while (spawn->argv[count] != 0)
    count++;
  const char *argv[count + 2];
  argv[0] = "/bin/sh";
  argv[1] = path;
  for (size_t i = 1; i <= count; i++)
    argv[i + 1] = spawn->argv[i];
  return sys3(__NR_execve, P("/bin/sh"), P(argv), P(spawn->envp));
}

// With `failure` the file is not run: it is looked at for what it misses.
static int exec_file(const char *path, const struct spawn *spawn, struct spawn_failure *failure) {
  if (failure != 0) {
    if (failure->missing[0] == 0)
      explain_missing(path, failure);
    return ENOENT;
  }
  long result = sys3(__NR_execve, P(path), P(spawn->argv), P(spawn->envp));
  if (result == -ENOEXEC)
    result = exec_shell(path, spawn);
  return (int)-result;
}

// execvp(3): along PATH, an entry that can't be searched or run does not end the search.
static int exec_command(const struct spawn *spawn, struct spawn_failure *failure) {
  const char *name = spawn->argv[0];
  size_t length = length_of(name);
  for (const char *c = name; *c != 0; c++) {
    if (*c == '/')
      return exec_file(name, spawn, failure);
  }
  if (length == 0)
    return ENOENT;
  const char *path = environment_value((const char *const *)spawn->envp, "PATH", 4);
  if (path == 0)
    path = default_path;
  int denied = 0;
  for (;;) {
    // Not on the stack: the child shares ours, and would leave its pages in the idle init.
    static COLD_FIRST char file[PATH_MAX];
    size_t end = 0;
    while (path[end] != 0 && path[end] != ':')
      end++;
    if (end + length + 2 > sizeof file)
      return ENAMETOOLONG;
    size_t at = 0;
    for (; at < end; at++)
      file[at] = path[at];
    // An empty entry is the working directory.
    if (end > 0)
      file[at++] = '/';
    for (size_t i = 0; i <= length; i++)
      file[at + i] = name[i];
    int error = exec_file(file, spawn, failure);
    if (error == EACCES)
      denied = 1;
    else if (error != ENOENT && error != ENOTDIR)
      return error;
    if (path[end] == 0)
      return denied ? EACCES : ENOENT;
    path += end + 1;
  }
}

// LISTEN_PID of sd_listen_fds(3) names the process that the descriptors are for: the command.
static void set_listen_pid(const char **envp) {
  static char variable[] = "LISTEN_PID=0000000000";
  const size_t name = 11;
  char *end = variable + sizeof variable - 1;
  for (int pid = identity_pid(); pid > 0; pid /= 10)
    *--end = (char)('0' + pid % 10);
  char *to = variable + name;
  while (*end != 0)
    *to++ = *end++;
  *to = 0;
  for (; *envp != 0; envp++) {
    if (environment_value((const char *const[]){*envp, 0}, variable, name - 1) != 0) {
      *envp = variable;
    }
  }
}

// Leaves out the first word with a dash after the command if it is `--`, as getopt(3) does where
// options may stand after the first word that is none.
static void drop_separator(const char **argv) {
  while (*++argv != 0) {
    const char *word = *argv;
    if (word[0] != '-' || word[1] == 0)
      continue;
    if (word[1] == '-' && word[2] == 0)
      do
        argv[0] = argv[1];
      while (*argv++ != 0);
    return;
  }
}

// In the child, which shares our memory: never returns.
static void run_child(const struct spawn *spawn, struct spawn_failure *failure) {
  int how = spawn->how;
#ifdef SHARED_PROCESS
  child_prepare();
#endif
  // Without its group the command would get no signal, and with the init's mask it would see none.
  long result = 0;
  if (how & SPAWN_HOW_NEW_SESSION)
    result = sys0(__NR_setsid);
  if (how & SPAWN_HOW_NEW_GROUP)
    result = sys2(__NR_setpgid, 0, 0);
  // Setting the foreground from the background stops us with SIGTTOU, unless that is blocked; it
  // is.
  if (how & SPAWN_HOW_TAKE_TERMINAL)
    failure->terminal = terminal_take(spawn->terminal);
  if (how & SPAWN_HOW_TAKE_FOREGROUND)
    failure->terminal = terminal_give(spawn->terminal, identity_pid());
  if (spawn->parent_death != 0)
    children_parent_death(spawn->parent_death);
  if (how & SPAWN_HOW_DROP_SEPARATOR)
    drop_separator(spawn->argv);
  if (how & SPAWN_HOW_SET_LISTEN_PID)
    set_listen_pid(spawn->envp);
  if (result >= 0) {
    result = how & SPAWN_HOW_DEFAULT_SIGNALS ? signals_reset() : signals_restore(spawn->inherited);
  }
  if (result < 0) {
    failure->error = (int)-result;
    failure->reason = SPAWN_FAILURE_FORK;
    sys1(__NR_exit_group, 127);
  }
  failure->error = exec_command(spawn, 0);
  if (failure->error == ENOENT)
    exec_command(spawn, failure);
  sys1(__NR_exit_group, 127);
}

int spawn(const struct spawn *spawn, struct spawn_failure *failure) {
  failure->error = 0;
  failure->terminal = 0;
  failure->reason = SPAWN_FAILURE_EXEC;
  failure->missing[0] = 0;
  long pid = sys_vfork();
  if (pid == 0)
    run_child(spawn, failure);
  if (pid < 0) {
    failure->error = (int)-pid;
    failure->reason = SPAWN_FAILURE_FORK;
    return 0;
  }
  // The child has exec'd or failed by now: memory was shared until then.
  if (*(volatile int *)&failure->error == 0)
    return (int)pid;
  sys4(__NR_wait4, pid, 0, __WALL, 0);
  return 0;
}
