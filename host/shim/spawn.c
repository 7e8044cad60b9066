// Starting the command: vfork, the child's preparations, and exec.
#include "abi.h"
#include "shim.h"
#include "sys.h"
#include <linux/wait.h>
#ifdef SHARED_PROCESS
#include "../node/addon/child.h"
#endif

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

// Gives a variable our pid as its value, wherever it stands in the environment. `variable` has room
// for it behind the name and `=`, and `name` is the length of the name.
static void set_pid(const char **envp, char *variable, size_t name) {
  char digits[10];
  size_t count = 0;
  for (int pid = identity_pid(); pid > 0; pid /= 10)
    digits[count++] = (char)('0' + pid % 10);
  char *to = variable + name + 1;
  while (count > 0)
    *to++ = digits[--count];
  *to = 0;
  for (; *envp != 0; envp++) {
    if (environment_value((const char *const[]){*envp, 0}, variable, name) != 0)
      *envp = variable;
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
  // The process that passed descriptors are for (sd_listen_fds(3)), and the one that is to send
  // keep-alives (sd_watchdog_enabled(3)): the command.
  if (how & SPAWN_HOW_SET_LISTEN_PID) {
    static char listen[] = "LISTEN_PID=0000000000";
    set_pid(spawn->envp, listen, sizeof "LISTEN_PID" - 1);
  }
  if (how & SPAWN_HOW_SET_WATCHDOG_PID) {
    static char watchdog[] = "WATCHDOG_PID=0000000000";
    set_pid(spawn->envp, watchdog, sizeof "WATCHDOG_PID" - 1);
  }
  if (result >= 0) {
    result = how & SPAWN_HOW_DEFAULT_SIGNALS ? signals_reset() : signals_restore(spawn->inherited);
  }
  if (result < 0) {
    failure->error = (int)-result;
    failure->reason = SPAWN_FAILURE_FORK;
    sys1(__NR_exit_group, 127);
  }
  failure->error = exec_command(spawn, failure);
  sys1(__NR_exit_group, 127);
}

int spawn(const struct spawn *spawn, struct spawn_failure *failure) {
  failure->error = 0;
  failure->terminal = 0;
  failure->reason = SPAWN_FAILURE_EXEC;
  failure->missing[0] = 0;
  failure->machine = 0;
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
