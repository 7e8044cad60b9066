// The clocks: the monotonic one counts running time, and stands still while the machine is
// suspended.
#include "guard.h"
#include "shim.h"
#include "sys.h"
#include <linux/time.h>

double clock_now(void) {
  long time[2] = {0, 0};
  // Left at 0 where it can't be read.
  (void)GUARDED(GUARD_CLOCK_GETTIME, sys2(__NR_clock_gettime, CLOCK_MONOTONIC, P(time)));
  return (double)time[0] * 1000 + (double)time[1] / 1000000;
}

uint64_t clock_uptime(void) {
  long time[2] = {0, 0};
  (void)GUARDED(GUARD_CLOCK_GETTIME, sys2(__NR_clock_gettime, CLOCK_BOOTTIME, P(time)));
  return (uint64_t)time[0] * 1000 + (unsigned long)time[1] / 1000000;
}

uint32_t clock_date(uint64_t *seconds) {
  long time[2] = {0, 0};
  (void)GUARDED(GUARD_CLOCK_GETTIME, sys2(__NR_clock_gettime, CLOCK_REALTIME, P(time)));
  *seconds = (unsigned long)time[0];
  return (uint32_t)time[1];
}
