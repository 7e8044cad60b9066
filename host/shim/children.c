// Children: see which ended or stopped, reap, let go, adopt.
#include "shim.h"
#include "sys.h"
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/wait.h>

static int look(int which, int id, int options, struct signal_info *info) {
  // waitid(2) leaves info alone when no child is there; pid 0 tells.
  info->from.pid = 0;
  long result = sys5(__NR_waitid, which, id, P(info), options | WNOHANG | __WALL, 0);
  return result < 0 ? (int)result : info->from.pid != 0;
}

int children_peek(struct signal_info *info) {
  return look(P_ALL, 0, WEXITED | WSTOPPED | WNOWAIT, info);
}

int children_look(int pid, struct signal_info *info) {
  return look(P_PID, pid, WEXITED | WSTOPPED | WNOWAIT, info);
}

int children_reap(int pid, struct signal_info *info) { return look(P_PID, pid, WEXITED, info); }

int children_take(int pid) {
  return (int)sys5(__NR_waitid, P_PID, pid, 0, WEXITED | WSTOPPED | WNOHANG | __WALL, 0);
}

int children_in_group(int group) {
  return (int)sys5(__NR_waitid, P_PGID, group, 0, WEXITED | WNOHANG | WNOWAIT | __WALL, 0);
}

int children_detach(int pid, int signal) {
  return (int)sys4(__NR_ptrace, PTRACE_DETACH, pid, 0, signal);
}

int children_adopt(int on) { return (int)sys5(__NR_prctl, PR_SET_CHILD_SUBREAPER, on, 0, 0, 0); }

int children_adopts(void) {
  int on = 0;
  long result = sys5(__NR_prctl, PR_GET_CHILD_SUBREAPER, P(&on), 0, 0, 0);
  return result < 0 ? (int)result : on;
}

int children_parent_death(int signal) {
  return (int)sys5(__NR_prctl, PR_SET_PDEATHSIG, signal, 0, 0, 0);
}
