/*
 * bare: the floor of the start-up benchmark. It does what every init has to do and nothing else:
 * vfork, exec, wait, and exit with the command's status.
 *
 *     bare COMMAND [ARG...]
 *
 * Built static with musl. No signal is blocked, nothing is forwarded, no orphan is reaped: it is
 * a measure, not an init.
 */
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int status;

  if (argc < 2)
    return 125;
  pid_t pid = vfork();
  if (pid == 0) {
    execve(argv[1], argv + 1, environ);
    _exit(127);
  }
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    return 125;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
