// The core as C: what wasm2c made of core.wasm, behind plain functions.
#ifndef WASM_INIT_CORE_H
#define WASM_INIT_CORE_H

#include "shim.h"

// Hands the event to the core.
void core_take(const struct event *event, double now);
int core_action_count(void);
struct action core_action(int index);
// Copies bytes out of the linear memory; an address outside it is a bug of the core, and traps.
void core_copy(uint32_t address, uint32_t length, char *to);
// The bytes where they lie, where that is possible; otherwise a copy in `space`.
const char *core_bytes(uint32_t address, uint32_t length, char *space);
// The block that holds all of the core's state.
uint32_t core_state_address(void);
uint32_t core_state_length(void);
// Address of the argument buffer.
uint32_t core_argument_address(void);

#endif
