// The static binary's loop, made to run again and again in one process, on a fake kernel.
#ifndef FUZZ_LOOP_H
#define FUZZ_LOOP_H

#include "core.h"
#include "host.h"
#include <stddef.h>
#include <stdint.h>

// loop.c
// Runs the init from its first instruction to its end (or to loop_stop), as new.
void loop_run(int argc, char **argv, char **envp);
// Ends the run from within the fake kernel.
void loop_stop(void) __attribute__((noreturn));
// Where the core stands (Phase of the ABI), and its deadline.
int loop_phase(void);
double loop_deadline(void);

// A target: looks at each event and the actions that followed, before they are carried out.
void saw(const struct event *event, double now);

// The fuzzer has found something: says what, and aborts.
void found(const char *what, long number) __attribute__((noreturn));
// Whether events and actions are to be printed, for another host to compare with.
int prints(void);
void print_bytes(const char *name, const void *bytes, size_t length);

// print.c
void print_step(const struct event *event, double now);

#endif
