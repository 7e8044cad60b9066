// Descriptors and the working directory: so that the init pins no mount and holds no pipe open.
#include "guard.h"
#include "listing.h"
#include "shim.h"
#include "sys.h"

enum { FIRST = 3 };

int directory_leave(void) { return (int)sys1(__NR_chdir, P("/")); }

// For kernels before 5.9: never a loop up to RLIMIT_NOFILE, which can be a billion.
static int close_listed(int keep, int keep_too) {
  struct listing listing;
  int result = listing_open(&listing, "/proc/self/fd");
  if (result < 0)
    return result;
  int descriptor;
  while ((descriptor = listing_next(&listing)) >= 0) {
    if (descriptor >= FIRST && descriptor != listing.directory && descriptor != keep &&
        descriptor != keep_too) {
      sys1(__NR_close, descriptor);
    }
  }
  return listing_close(&listing);
}

int descriptors_close(int keep, int keep_too) {
  int low = keep < keep_too ? keep : keep_too;
  int high = keep < keep_too ? keep_too : keep;
  unsigned from = FIRST;
  for (int i = 0; i < 2; i++) {
    int kept = i == 0 ? low : high;
    if (kept < FIRST)
      continue;
    if ((unsigned)kept > from)
      (void)GUARDED(GUARD_CLOSE_RANGE, sys3(__NR_close_range, (long)from, kept - 1, 0));
    from = (unsigned)kept + 1;
  }
  // A kernel that lacks the call says so here, too.
  long result = GUARDED(GUARD_CLOSE_RANGE, sys3(__NR_close_range, (long)from, (long)~0U, 0));
  return result < 0 ? close_listed(keep, keep_too) : 0;
}
