// The runtime that wasm2c's output needs, and no more: one linear memory in a static array, every
// access checked, a trap that never returns. No mmap, no guard pages, no signal handler, no malloc.
#ifndef WASM_INIT_WASM_RT_H
#define WASM_INIT_WASM_RT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define WABT_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_MEMCHECK_GUARD_PAGES 0
#define WASM_RT_STACK_DEPTH_COUNT 0
#define wasm_rt_memcpy __builtin_memcpy

// Named by wasm2c's helpers, none of which the core uses; without a C library's headers.
#define memcmp __builtin_memcmp
#define memset __builtin_memset
#define memmove __builtin_memmove
#define isnan __builtin_isnan
#define floor __builtin_floor
#define floorf __builtin_floorf
#define ceil __builtin_ceil
#define ceilf __builtin_ceilf
#define trunc __builtin_trunc
#define truncf __builtin_truncf
#define nearbyint __builtin_nearbyint
#define nearbyintf __builtin_nearbyintf
#define fabs __builtin_fabs
#define fabsf __builtin_fabsf
#define sqrt __builtin_sqrt
#define sqrtf __builtin_sqrtf
#define copysign __builtin_copysign
#define copysignf __builtin_copysignf
#define signbit __builtin_signbit

typedef enum {
  WASM_RT_I32,
  WASM_RT_I64,
  WASM_RT_F32,
  WASM_RT_F64,
} wasm_rt_type_t;

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
  WASM_RT_TRAP_EXHAUSTION,
} wasm_rt_trap_t;

// The linear memory is `linear` (linear.c); the type stands in where wasm2c passes it around.
typedef struct {
  uint8_t *data;
  uint8_t *data_end;
} wasm_rt_memory_t;

typedef const char *wasm_rt_func_type_t;

// Hands over to fallback.c.
void wasm_rt_trap(wasm_rt_trap_t trap) __attribute__((noreturn, cold));

#endif
