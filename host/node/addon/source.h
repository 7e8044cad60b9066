// Signals of a process that is all ours: handlers write them to a pipe, which libuv polls.
#ifndef WASM_INIT_SOURCE_H
#define WASM_INIT_SOURCE_H

#include <cstddef>
#include <cstdint>

/** One signal, as much of siginfo_t(3type) as the core is told. */
struct SignalRecord {
  int32_t number;
  int32_t code;
  int32_t pid;
  uint32_t uid;
  uint32_t low;
  uint32_t high;
};

/** Installs the handlers. Returns the pipe's end to poll and read, or a negated errno. */
int source_open();

/** Takes signals in order of arrival. Returns how many. Call on the thread that opened it. */
size_t source_read(SignalRecord *records, size_t most);

/** Puts a signal that was taken otherwise behind those that wait. */
void source_put(const SignalRecord &record);

/** Gives a signal its handler (back), or its default action; returns 0 or a negated errno. */
int source_handle(int signal, bool handled);

#endif
