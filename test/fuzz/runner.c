// Runs the loop again and again in one process.
#include "linear.h"
#include "loop.h"
#include "wasm-rt.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

// All variables of loop.c: those with initial values, and those that start as zeroes.
// Sections have whole 8 bytes, since the sanitizer aligns what it watches.
extern uint64_t __start_loop_data[], __stop_loop_data[];
extern uint64_t __start_loop_zero[], __stop_loop_zero[];

void start(long *stack) __attribute__((noreturn));

static jmp_buf end_of_run;
// What was there before the first event.
static uint8_t pristine_linear[LINEAR_SIZE];
static uint64_t *pristine_data;

// The sanitizer's own zones lie between the variables: not for a checked memcpy. This file is
// compiled without the sanitizers.
static void put_back(volatile uint64_t *to, const volatile uint64_t *stop, const uint64_t *from) {
  while (to < stop)
    *to++ = from == 0 ? 0 : *from++;
}

static void keep(void) {
  size_t count = (size_t)(__stop_loop_data - __start_loop_data);
  pristine_data = calloc(count, sizeof *pristine_data);
  for (size_t i = 0; i < count; i++)
    pristine_data[i] = ((volatile uint64_t *)__start_loop_data)[i];
  __builtin_memcpy(pristine_linear, linear, LINEAR_SIZE);
}

static void run(long *stack) {
  if (setjmp(end_of_run) == 0)
    start(stack);
}

void loop_run(int argc, char **argv, char **envp) {
  int variables = 0;
  while (envp[variables] != 0)
    variables++;
  // As the kernel lays it out: argc, argv, envp (execve(2)).
  long *stack = calloc((size_t)(argc + variables) + 3, sizeof *stack);
  stack[0] = argc;
  for (int i = 0; i < argc; i++)
    stack[1 + i] = (long)argv[i];
  for (int i = 0; i < variables; i++)
    stack[2 + argc + i] = (long)envp[i];
  if (pristine_data == 0)
    keep();
  __builtin_memcpy(linear, pristine_linear, LINEAR_SIZE);
  put_back(__start_loop_data, __stop_loop_data, pristine_data);
  put_back(__start_loop_zero, __stop_loop_zero, 0);
  run(stack);
  free(stack);
}

void loop_stop(void) { longjmp(end_of_run, 1); }

void wasm_rt_trap(wasm_rt_trap_t trap) { found("the core trapped", (long)trap); }

void found(const char *what, long number) {
  fflush(stdout);
  fprintf(stderr, "FOUND: %s (%ld)\n", what, number);
  abort();
}

int prints(void) {
  static int known = -1;
  if (known < 0)
    known = getenv("FUZZ_PRINT") != 0;
  return known;
}

void print_bytes(const char *name, const void *bytes, size_t length) {
  printf("%s ", name);
  for (size_t i = 0; i < length; i++)
    printf("%02x", ((const unsigned char *)bytes)[i]);
  putchar('\n');
}
