// The core's linear memory: one static array, laid out by the linker so that its initial contents
// are part of the file and the rest, which starts as zeroes, is not.
#ifndef WASM_INIT_LINEAR_H
#define WASM_INIT_LINEAR_H

#include <stddef.h>
#include <stdint.h>

enum { LINEAR_SIZE = 65536 };

extern uint8_t linear[LINEAR_SIZE];

// wasm2c keeps the memory of a big-endian machine backwards, so that numbers need no swapping.
static inline uint8_t *linear_byte(uint32_t address) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return &linear[LINEAR_SIZE - 1 - address];
#else
  return &linear[address];
#endif
}

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
// Puts the initial contents in place: backwards they are the array's end, and a file can't leave
// out the zeroes before them.
void linear_load(void);
#else
static inline void linear_load(void) {}
#endif

#endif
