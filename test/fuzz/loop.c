// Between the static binary's loop and its core: each event with its actions is shown to the
// target. The loop itself is host/native/ as it stands; the build has its variables in sections of
// their own, so that runner.c can put them back to what they were at the start.
#include "loop.h"
#include "abi.h"
#include "translated.h"

// host/native/core.c is compiled with this name for its core_take().
void core_take_unseen(const struct event *event, double now);

// It has no fields that anything reads: the memory is static.
static w2c_core instance;

const uint8_t core_sha256[32];

void core_take(const struct event *event, double now) {
  core_take_unseen(event, now);
  saw(event, now);
}

int loop_phase(void) { return (int)w2c_core_phase(&instance); }

double loop_deadline(void) { return w2c_core_deadline(&instance); }
