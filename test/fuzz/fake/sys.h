// In place of host/shim/sys.h: the few system calls that the loop makes by itself end up in the
// fake kernel, and those of the trace file in a fake file.
#ifndef WASM_INIT_SYS_H
#define WASM_INIT_SYS_H

#include <asm/unistd.h>

long fake_call(long number, long argument);
long fake_file_call(long number, long a, long b, long c, long d, long e);

// A pointer as an argument of a system call.
#define P(pointer) ((long)(pointer))

#define sys1(number, argument) fake_call(number, argument)
#define sys2(number, a, b) fake_file_call(number, a, b, 0, 0, 0)
#define sys3(number, a, b, c) fake_file_call(number, a, b, c, 0, 0)
#define sys4(number, a, b, c, d) fake_file_call(number, a, b, c, d, 0)
#define sys5(number, a, b, c, d, e) fake_file_call(number, a, b, c, d, e)
#define sys6(number, a, b, c, d, e, f) fake_file_call(number, a, b, c, d, e)

#endif
