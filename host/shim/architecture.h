// The machine that this is compiled for, as the audit subsystem and seccomp(2) number machines: the
// e_machine of elf(5), and two bits for 64-bit and little-endian.
#ifndef WASM_INIT_ARCHITECTURE_H
#define WASM_INIT_ARCHITECTURE_H

#include <linux/audit.h>

#if defined(__x86_64__)
enum { ARCHITECTURE = (int)AUDIT_ARCH_X86_64 };
#elif defined(__i386__)
enum { ARCHITECTURE = (int)AUDIT_ARCH_I386 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = (int)AUDIT_ARCH_AARCH64 };
#elif defined(__arm__)
enum { ARCHITECTURE = (int)AUDIT_ARCH_ARM };
#elif defined(__powerpc64__)
enum { ARCHITECTURE = (int)AUDIT_ARCH_PPC64LE };
#elif defined(__s390x__)
enum { ARCHITECTURE = (int)AUDIT_ARCH_S390X };
#elif defined(__riscv)
enum { ARCHITECTURE = (int)AUDIT_ARCH_RISCV64 };
#endif

#endif
