// Option words. Nothing is copied: pointers into argv, and into the string that was split in place.
#include "argv.h"
#include "shim.h"

static const char **rest;
// The words of split strings that are still to come stand one after the other, NUL-ended.
static const char *inserted;
static size_t inserted_count;
// The word last read, if it was one of them.
static const char *from_inserted;

void argv_start(const char **argv) { rest = argv + 1; }

static const char *behind(const char *word) {
  while (*word++ != 0)
    continue;
  return word;
}

const char *argv_next(void) {
  from_inserted = 0;
  if (inserted_count > 0) {
    inserted_count--;
    from_inserted = inserted;
    inserted = behind(inserted);
    return from_inserted;
  }
  if (*rest == 0)
    return 0;
  return *rest++;
}

void argv_insert(char *first, int count, size_t size) {
  inserted_count += (size_t)count;
  const char *end = first;
  while (count-- > 0)
    end = behind(end);
  // To the end of the bytes, behind which the words go on if the string was itself one of them.
  char *to = first + size + 1;
  while (end > first)
    *--to = *--end;
  inserted = to;
}

size_t argv_command_size(void) {
  size_t count = inserted_count + 2;
  for (const char **word = rest; *word != 0; word++)
    count++;
  return count;
}

const char **argv_command(const char **space) {
  if (from_inserted == 0)
    return rest - 1;
  const char **to = space;
  const char *word = from_inserted;
  for (size_t left = inserted_count + 1; left > 0; left--, word = behind(word))
    *to++ = word;
  const char **last = rest;
  while ((*to++ = *last++) != 0)
    continue;
  return space;
}
