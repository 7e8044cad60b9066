// The entry point: the kernel's stack (argc, argv, envp) as the argument of start(). There is no C
// library whose start-up code would make system calls before our first one, which blocks signals.
        .text
        .globl _start
        .type _start, %function
_start:
#if defined(__x86_64__)
        xorl %ebp, %ebp
        movq %rsp, %rdi
        andq $-16, %rsp
        call start
#elif defined(__i386__)
        xorl %ebp, %ebp
        movl %esp, %eax
        andl $-16, %esp
        subl $12, %esp
        pushl %eax
        call start
#elif defined(__aarch64__)
        mov x29, #0
        mov x30, #0
        mov x0, sp
        bl start
#elif defined(__arm__)
        mov fp, #0
        mov lr, #0
        mov r0, sp
        bic sp, sp, #7
        bl start
#elif defined(__powerpc64__)
        addis 2, 12, .TOC.-_start@ha
        addi 2, 2, .TOC.-_start@l
        mr 3, 1
        clrrdi 1, 1, 4
        li 0, 0
        stdu 1, -32(1)
        bl start
        nop
#elif defined(__s390x__)
        lgr %r2, %r15
        aghi %r15, -160
        xc 0(8, %r15), 0(%r15)
        brasl %r14, start
#elif defined(__riscv)
        .option push
        .option norelax
        la gp, __global_pointer$
        .option pop
        mv a0, sp
        andi sp, sp, -16
        tail start
#endif
        .size _start, .-_start
        .section .note.GNU-stack, "", %progbits
