// What a compiler may call although no C library is linked (GCC manual, "Language Standards"):
// some processors' back ends do so to copy and clear structures. Where none does, the linker drops
// all of this again.
#include <stddef.h>

// A compiler would see through the loop of a memset, and call memset.
#define CALLED_BY_COMPILER                                                                         \
  __attribute__((used, noinline, optimize("no-tree-loop-distribute-patterns")))

CALLED_BY_COMPILER void *memset(void *to, int byte, size_t length) {
  char *bytes = to;
  while (length-- > 0)
    *bytes++ = (char)byte;
  return to;
}

CALLED_BY_COMPILER void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  char *bytes = to;
  const char *source = from;
  while (length-- > 0)
    *bytes++ = *source++;
  return to;
}

#ifdef __arm__
// Arm's division helpers raise(3) a signal for a division by zero. A core that divides by zero has
// trapped before.
CALLED_BY_COMPILER int raise(int signal) { return signal; }
#endif
