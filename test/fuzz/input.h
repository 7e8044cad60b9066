// The fuzzer's bytes, taken one by one; zeroes when they have run out.
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

struct input {
  const uint8_t *at, *end;
};

static inline int input_left(const struct input *input) { return input->at < input->end; }

static inline unsigned input_byte(struct input *input) {
  return input->at < input->end ? *input->at++ : 0;
}

#endif
