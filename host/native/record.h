// The flight recorder.
#ifndef WASM_INIT_RECORD_H
#define WASM_INIT_RECORD_H

#include "core.h"

// Of the core's Wasm; generated.
extern const uint8_t core_sha256[32];

// Call before the first event: keeps boot input only where something may ask for a recording, so
// that other runs don't touch the memory for it.
void record_expect(const char *const *argv, const char *const *envp);
// Opens the trace file and writes what it begins with: 0, or a negated errno.
int record_start(uint32_t limit, int how);
// Call with the event that the core has just taken. Before the file is open, boot input is kept in
// memory. A failure ends the recording, and the core hears of it.
void record_event(const struct event *event);
// Call when the core has trapped, with the event that it was taking, or NULL.
void record_trap(const struct event *event);

#endif
