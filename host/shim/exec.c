// Executing the command: along PATH, as execvp(3) does.
#include "abi.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/limits.h>

static const char default_path[] = "/usr/local/bin:/bin:/usr/bin";

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length] != 0)
    length++;
  return length;
}

// Runs a script without `#!` by the shell, as execvp(3) does. Without a shell it is a file of an
// unknown format: ENOEXEC.
static int exec_shell(const char *path, const struct spawn *spawn) {
  size_t count = 0;
  while (spawn->argv[count] != 0)
    count++;
  const char *argv[count + 2];
  argv[0] = "/bin/sh";
  argv[1] = path;
  for (size_t i = 1; i <= count; i++)
    argv[i + 1] = spawn->argv[i];
  int error = (int)-sys3(__NR_execve, P("/bin/sh"), P(argv), P(spawn->envp));
  return error == E2BIG || error == ENOMEM ? error : ENOEXEC;
}

// As exec_failure_explain(). The error is told before: a seccomp profile may kill us for asking.
static int explain(const char *path, int error, struct spawn_failure *failure) {
  failure->error = error;
  return exec_failure_explain(path, error, failure);
}

static int exec_file(const char *path, const struct spawn *spawn, struct spawn_failure *failure) {
  int error = (int)-sys3(__NR_execve, P(path), P(spawn->argv), P(spawn->envp));
  // An ELF file is no script, and a `#!` line names what should have run it: neither is the
  // shell's to run.
  if (error == ENOEXEC && explain(path, error, failure)) {
    failure->error = 0;
    error = exec_shell(path, spawn);
  }
  return error;
}

// Whether an errno is about one entry of PATH, so that the search goes on (execvp(3) of the GNU C
// library): not there, or on a mount that is dead. A name that is too long is the entry's, since
// the command's own is not longer than NAME_MAX. Unlike that library, as for shells, a loop of
// symbolic links is the entry's, too.
static int is_about_entry(int error) {
  switch (error) {
  case EACCES:
  case ENOENT:
  case ENOTDIR:
  case ESTALE:
  case ENODEV:
  case ELOOP:
  case ETIMEDOUT:
  case ENAMETOOLONG:
  // Of a network or FUSE file system whose server is gone.
  case ENOTCONN:
  case EHOSTDOWN:
  case EHOSTUNREACH:
    return 1;
  default:
    return 0;
  }
}

// Along PATH. With `explained`, an errno, nothing is run: the first file that it can be explained
// by is looked for.
static int search(const struct spawn *spawn, struct spawn_failure *failure, int explained) {
  const char *name = spawn->argv[0];
  size_t length = length_of(name);
  const char *path = environment_value((const char *const *)spawn->envp, "PATH", 4);
  if (path == 0)
    path = default_path;
  int denied = 0;
  for (;; path++) {
    // Not on the stack: the child shares ours, and would leave its pages in the idle init.
    static COLD_FIRST char file[PATH_MAX];
    size_t end = 0;
    while (path[end] != 0 && path[end] != ':')
      end++;
    // An entry that is too long holds no file.
    if (end + length + 2 <= sizeof file) {
      size_t at = 0;
      for (; at < end; at++)
        file[at] = path[at];
      // An empty entry is the working directory.
      if (end > 0)
        file[at++] = '/';
      for (size_t i = 0; i <= length; i++)
        file[at + i] = name[i];
      if (explained) {
        explain(file, explained, failure);
        if (failure->reason == SPAWN_FAILURE_INTERPRETER)
          return explained;
      } else {
        int error = exec_file(file, spawn, failure);
        denied |= error == EACCES;
        if (!is_about_entry(error)) {
          if (error != ENOEXEC)
            explain(file, error, failure);
          return error;
        }
      }
    }
    path += end;
    if (*path == 0)
      return denied ? EACCES : ENOENT;
  }
}

int exec_command(const struct spawn *spawn, struct spawn_failure *failure) {
  const char *name = spawn->argv[0];
  size_t length = 0;
  for (; name[length] != 0; length++) {
    if (name[length] != '/')
      continue;
    int error = exec_file(name, spawn, failure);
    if (error != ENOEXEC)
      explain(name, error, failure);
    return error;
  }
  if (length == 0)
    return ENOENT;
  if (length > NAME_MAX)
    return ENAMETOOLONG;
  int error = search(spawn, failure, 0);
  if (error == ENOENT || error == EACCES)
    search(spawn, failure, error);
  return error;
}
