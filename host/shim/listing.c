#include "listing.h"
#include "guard.h"
#include "sys.h"
#include <linux/fcntl.h>
#include <stdint.h>

// A directory entry as getdents64(2) fills it in.
struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

int listing_open(struct listing *listing, const char *path) {
  listing->at = 0;
  listing->got = 0;
  listing->directory = (int)sys4(__NR_openat, AT_FDCWD, P(path), O_RDONLY | O_CLOEXEC, 0);
  return listing->directory < 0 ? listing->directory : 0;
}

int listing_next(struct listing *listing) {
  for (;;) {
    if (listing->at >= listing->got) {
      listing->at = 0;
      listing->got = GUARDED(GUARD_GETDENTS64, sys3(__NR_getdents64, listing->directory,
                                                    P(listing->buffer), sizeof listing->buffer));
      if (listing->got <= 0)
        return -1;
    }
    struct entry *entry = (struct entry *)(listing->buffer + listing->at);
    listing->at += entry->length;
    int number = 0;
    const char *c = entry->name;
    for (; *c >= '0' && *c <= '9'; c++)
      number = number * 10 + (*c - '0');
    if (*c == 0)
      return number;
  }
}

int listing_close(struct listing *listing) {
  sys1(__NR_close, listing->directory);
  return (int)listing->got;
}
