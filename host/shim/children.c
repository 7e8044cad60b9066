// Children: see who ended or stopped, reap, let go, adopt.
#include "shim.h"
#include "sys.h"

enum { ANYONE = 0, ONE = 1, OF_GROUP = 2 };
enum { NO_HANG = 1, STOPPED = 2, EXITED = 4, NO_WAIT = 0x01000000, ALL_CHILDREN = 0x40000000 };
enum { DETACH = 17, SET_PARENT_DEATH = 1, SET_SUBREAPER = 36, GET_SUBREAPER = 37 };

static int look(int which, int id, int options, struct signal_info *info) {
  // waitid(2) leaves info alone when nobody is there; pid 0 tells.
  info->from.pid = 0;
  long result = sys5(__NR_waitid, which, id, P(info), options | NO_HANG | ALL_CHILDREN, 0);
  return result < 0 ? (int)result : info->from.pid != 0;
}

int children_peek(struct signal_info *info) {
  return look(ANYONE, 0, EXITED | STOPPED | NO_WAIT, info);
}

int children_look(int pid, struct signal_info *info) {
  return look(ONE, pid, EXITED | STOPPED | NO_WAIT, info);
}

int children_reap(int pid, struct signal_info *info) { return look(ONE, pid, EXITED, info); }

int children_take(int pid) {
  return (int)sys5(__NR_waitid, ONE, pid, 0, EXITED | STOPPED | NO_HANG | ALL_CHILDREN, 0);
}

int children_in_group(int group) {
  return (int)sys5(__NR_waitid, OF_GROUP, group, 0, EXITED | NO_HANG | NO_WAIT | ALL_CHILDREN, 0);
}

int children_detach(int pid, int signal) { return (int)sys4(__NR_ptrace, DETACH, pid, 0, signal); }

int children_adopt(int on) { return (int)sys5(__NR_prctl, SET_SUBREAPER, on, 0, 0, 0); }

int children_adopts(void) {
  int on = 0;
  long result = sys5(__NR_prctl, GET_SUBREAPER, P(&on), 0, 0, 0);
  return result < 0 ? (int)result : on;
}

int children_parent_death(int signal) {
  return (int)sys5(__NR_prctl, SET_PARENT_DEATH, signal, 0, 0, 0);
}
