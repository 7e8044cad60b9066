// Option words, one by one: those of argv, and those that a split string put before them.
#ifndef WASM_INIT_ARGV_H
#define WASM_INIT_ARGV_H

#include <stddef.h>

// Takes the argument list over: argv[0] first, NULL last.
void argv_start(const char **argv);
// The next word, or NULL.
const char *argv_next(void);
// Puts words before the next one: `count` of them, NUL-ended one after the other from `first` on,
// in the place of the word last read, or of its end, which had `size` bytes there and a NUL.
void argv_insert(char *first, int count, size_t size);
// How many pointers the command's argument list needs, with its NULL.
size_t argv_command_size(void);
// The command's argument list: the word last read and all that follow. `space` is used when it
// begins among inserted words, and holds argv_command_size() pointers.
const char **argv_command(const char **space);

#endif
