// Option words. Nothing is copied: pointers into argv, and into the string that was split in place.
#include "words.h"
#include "shim.h"

enum { INSERTED_CAPACITY = 64 };

static const char **rest;
static COLD const char *inserted[INSERTED_CAPACITY];
static int inserted_count, inserted_next;
// Whether the word last read was an inserted one.
static int from_inserted;

void words_start(const char **argv) { rest = argv + 1; }

const char *words_next(void) {
  from_inserted = inserted_next < inserted_count;
  if (from_inserted)
    return inserted[inserted_next++];
  if (*rest == 0)
    return 0;
  return *rest++;
}

void words_return(void) {
  if (from_inserted)
    inserted_next--;
  else
    rest--;
}

void words_insert(const char *first, int count) {
  // The table holds one string's words: a string that is split inside another one takes its place,
  // and the words that still followed it there are dropped.
  inserted_count = 0;
  inserted_next = 0;
  for (int i = 0; i < count && i < INSERTED_CAPACITY; i++) {
    inserted[inserted_count++] = first;
    while (*first++ != 0)
      continue;
  }
}

static int left_inserted(void) { return inserted_count - inserted_next + (from_inserted ? 1 : 0); }

size_t words_command_size(void) {
  size_t count = (size_t)left_inserted() + 2;
  for (const char **word = rest; *word != 0; word++)
    count++;
  return count;
}

const char **words_command(const char **space) {
  int left = left_inserted();
  if (left == 0)
    return rest - 1;
  const char **to = space;
  for (int i = 0; i < left; i++)
    *to++ = inserted[inserted_count - left + i];
  const char **word = rest;
  while ((*to++ = *word++) != 0)
    continue;
  return space;
}
