// The numbers that a directory of /proc lists: processes, or descriptors.
#ifndef WASM_INIT_LISTING_H
#define WASM_INIT_LISTING_H

struct listing {
  // The open directory, for a caller that must not close it meanwhile.
  int directory;
  long at;
  long got;
  char buffer[1024] __attribute__((aligned(8)));
};

// Opens a directory: 0, or -errno.
int listing_open(struct listing *listing, const char *path);

// The next name that is a number and no more, or -1 after the last; names of other kinds are
// passed over. An error of getdents64(2) ends the list.
int listing_next(struct listing *listing);

// Closes it: 0, or the -errno that ended the list.
int listing_close(struct listing *listing);

#endif
