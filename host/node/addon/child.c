// In the child that is about to become the command: undoes what Node made of the process for its
// own sake. The child shares our memory until then, so that only raw system calls will do.
#include "child.h"
#include "abi.h"
#include "shim.h"
#include "sys.h"
#include "uapi.h"
#include <linux/fcntl.h>
#include <linux/signal.h>

enum { MASK_SIZE = sizeof(signal_set) };

const int *child_descriptors;
int child_descriptor_count;

// Our handlers must not run in the child once its mask is lifted. Exec would drop handlers, but
// keeps what is ignored: Node ignores two signals itself, and no program of Node can ignore others.
static void drop_handlers(void) {
  static const unsigned long by_default[8];
  for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
    unsigned long action[8] = {0};
    sys4(__NR_rt_sigaction, signal, 0, P(action), MASK_SIZE);
    if (action[0] != (unsigned long)SIG_IGN || signal == SIGPIPE || signal == SIGXFSZ)
      sys4(__NR_rt_sigaction, signal, P(by_default), 0, MASK_SIZE);
  }
}

// libuv marks what the process inherited as close-on-exec (uv_disable_stdio_inheritance), but stops
// at the first gap above 15. A kernel before 5.11 leaves the rest as child_process does.
static void close_all_on_exec(void) {
  enum { FIRST = 3 };
  sys3(__NR_close_range, FIRST, (long)~0U, CLOSE_RANGE_CLOEXEC);
}

static void keep_open(int descriptor) { sys3(__NR_fcntl, descriptor, F_SETFD, 0); }

void child_prepare(void) {
  drop_handlers();
  close_all_on_exec();
  for (int descriptor = 0; descriptor <= 2; descriptor++)
    keep_open(descriptor);
  for (int i = 0; i < child_descriptor_count; i++)
    keep_open(child_descriptors[i]);
}
