// Linux constants that are newer than some kernel headers that this is built with (Linux 5.10).
#ifndef WASM_INIT_UAPI_H
#define WASM_INIT_UAPI_H

#include <linux/close_range.h>
#include <linux/pidfd.h>

// close_range(2), since Linux 5.11.
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

// pidfd_send_signal(2): to the whole process group; since Linux 6.9.
#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP (1UL << 2)
#endif

#endif
