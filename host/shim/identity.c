// The ids of our own process.
#include "guard.h"
#include "shim.h"
#include "sys.h"

enum { OVERFLOW_UID = 65534 };

int identity_pid(void) { return (int)sys0(__NR_getpid); }

int identity_group(void) {
  // As the C library has it on each machine.
#ifdef __NR_getpgrp
  return (int)sys0(__NR_getpgrp);
#else
  return (int)sys1(__NR_getpgid, 0);
#endif
}

int identity_user(void) {
  // The kernel's own stand-in for a user that can't be told.
  if (guard_deadly & GUARD_GETEUID)
    return OVERFLOW_UID;
#ifdef __NR_geteuid32
  return (int)sys0(__NR_geteuid32);
#else
  return (int)sys0(__NR_geteuid);
#endif
}
