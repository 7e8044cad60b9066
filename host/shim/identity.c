// The ids of our own process.
#include "shim.h"
#include "sys.h"

int identity_pid(void) { return (int)sys0(__NR_getpid); }

int identity_group(void) { return (int)sys1(__NR_getpgid, 0); }

int identity_session(void) { return (int)sys1(__NR_getsid, 0); }

int identity_user(void) {
#ifdef __NR_geteuid32
  return (int)sys0(__NR_geteuid32);
#else
  return (int)sys0(__NR_geteuid);
#endif
}
