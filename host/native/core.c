// The core as C: instance, argument bytes, accessors.
#include "core.h"
#include "abi.h"
#include "linear.h"
#include "translated.h"

static w2c_core instance;

static void in_bounds(uint32_t address, uint32_t length) {
  if (address > LINEAR_SIZE || length > LINEAR_SIZE - address)
    wasm_rt_trap(WASM_RT_TRAP_OOB);
}

uint32_t core_argument_address(void) { return w2c_core_argumentAddress(&instance); }

uint32_t core_state_address(void) { return w2c_core_stateAddress(&instance); }

uint32_t core_state_length(void) { return w2c_core_stateLength(&instance); }

#ifdef PLANTED_TRAP
// For tests of the fallback, never in the product: TRAP_KIND and TRAP_AT in the environment say at
// which event (the how many-th of which kind, 0 for any) the core meets one that can't happen.
#include "host.h"

static int number_of(const char *name, size_t length) {
  const char *value = environment_value((const char *const *)host.envp, name, length);
  int number = 0;
  for (; value != 0 && *value >= '0' && *value <= '9'; value++)
    number = number * 10 + *value - '0';
  return number;
}

static int planted(int kind) {
  static int seen = 0;
  int wanted = number_of("TRAP_KIND", 9);
  if (wanted != 0 && wanted != kind)
    return kind;
  return ++seen == number_of("TRAP_AT", 7) ? EVENT_KIND_NONE : kind;
}
#else
#define planted(kind) (kind)
#endif

void core_take(const struct event *event, double now) {
  uint32_t to = core_argument_address();
  size_t length = event->length;
  if (length > ARGUMENT_CAPACITY)
    length = ARGUMENT_CAPACITY;
  for (size_t i = 0; i < length; i++)
    *linear_byte(to++) = (uint8_t)event->bytes[i];
  w2c_core_take(&instance, (uint32_t)planted(event->kind), now, (uint32_t)event->signal,
                (uint32_t)event->code, (uint32_t)event->pid, (uint32_t)event->uid,
                (uint32_t)event->low, (uint32_t)event->high);
}

int core_action_count(void) { return (int)w2c_core_actionCount(&instance); }

static int field(int index, int which) {
  return (int)w2c_core_actionField(&instance, (uint32_t)index, (uint32_t)which);
}

struct action core_action(int index) {
  struct action action = {field(index, 0), field(index, 1), field(index, 2),
                          field(index, 3), field(index, 4), field(index, 5)};
  return action;
}

void core_copy(uint32_t address, uint32_t length, char *to) {
  in_bounds(address, length);
  for (uint32_t i = 0; i < length; i++)
    to[i] = (char)*linear_byte(address + i);
}
