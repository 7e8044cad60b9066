// Children: see which ended or stopped, reap, let go, adopt.
#include "guard.h"
#include "shim.h"
#include "sys.h"
#include <asm/errno.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/signal.h>
#include <linux/wait.h>

// Where waitid(2) is deadly: wait4(2) of a child, or of any (-1), as waitid(2) tells of it. It
// can't leave a child as it is: what has ended is reaped.
static int wait_for(int pid, struct signal_info *info) {
  int status = 0;
  long found = sys4(__NR_wait4, pid, P(&status), WNOHANG | WUNTRACED | __WALL, 0);
  if (found <= 0)
    return (int)found;
  int signal = status & 0x7f;
  info->from.pid = (int)found;
  if (signal == 0x7f) {
    // A ptrace stop for a signal looks like a job control stop; only its events do not.
    info->code = status >> 16 != 0 ? CLD_TRAPPED : CLD_STOPPED;
    info->from.status = status >> 8;
  } else if (signal != 0) {
    info->code = status & 0x80 ? CLD_DUMPED : CLD_KILLED;
    info->from.status = signal;
  } else {
    info->code = CLD_EXITED;
    info->from.status = status >> 8 & 0xff;
  }
  return 1;
}

static int look(int which, int id, int options, struct signal_info *info) {
  if (guard_deadly & GUARD_WAITID)
    return wait_for(which == P_ALL ? -1 : id, info);
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
  // It was taken as it was seen.
  if (guard_deadly & GUARD_WAITID)
    return 0;
  return (int)sys5(__NR_waitid, P_PID, pid, 0, WEXITED | WSTOPPED | WNOHANG | __WALL, 0);
}

int children_in_group(int group) {
  if (guard_deadly & GUARD_WAITID)
    return signals_send(-group, 0) == -ESRCH ? -ECHILD : 0;
  return (int)sys5(__NR_waitid, P_PGID, group, 0, WEXITED | WNOHANG | WNOWAIT | __WALL, 0);
}

int children_detach(int pid, int signal) {
  return (int)GUARDED(GUARD_PTRACE, sys4(__NR_ptrace, PTRACE_DETACH, pid, 0, signal));
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
