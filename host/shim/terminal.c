// The controlling terminal: find it, its foreground, release and take. All of it best effort.
#include "shim.h"
#include "sys.h"
#include <asm/ioctls.h>
#include <linux/fcntl.h>

int terminal_foreground(int terminal) {
  int group = 0;
  long result = sys3(__NR_ioctl, terminal, TIOCGPGRP, P(&group));
  return result < 0 ? (int)result : group;
}

int terminal_find(void) {
  // TIOCGPGRP returns ENOTTY for a terminal that is not ours (ioctl_tty(2)).
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (terminal_foreground(descriptor) >= 0)
      return descriptor;
  }
  long opened =
      sys4(__NR_openat, AT_FDCWD, P("/dev/tty"), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK, 0);
  // Never one of the three: what is written to a closed stderr would show on the screen.
  if (opened >= 0 && opened <= 2) {
    long moved = sys3(__NR_fcntl, opened, F_DUPFD_CLOEXEC, 3);
    sys1(__NR_close, opened);
    opened = moved;
  }
  return opened < 0 ? -1 : (int)opened;
}

int terminal_session(int terminal) {
  int session = 0;
  long result = sys3(__NR_ioctl, terminal, TIOCGSID, P(&session));
  return result < 0 ? (int)result : session;
}

int terminal_give(int terminal, int group) {
  return (int)sys3(__NR_ioctl, terminal, TIOCSPGRP, P(&group));
}

int terminal_release(int terminal) { return (int)sys3(__NR_ioctl, terminal, TIOCNOTTY, 0); }

int terminal_take(int terminal) { return (int)sys3(__NR_ioctl, terminal, TIOCSCTTY, 0); }
