// vfork(2). The return address must survive in a register: the child, which runs first and on the
// same stack, overwrites what lies below the caller's frame.
        .text
        .globl sys_vfork
        .type sys_vfork, %function
sys_vfork:
#if defined(__x86_64__)
        // clone(CLONE_VM | CLONE_VFORK | SIGCHLD, 0)
        popq %rdx
        movl $56, %eax
        movl $0x4111, %edi
        xorl %esi, %esi
        syscall
        pushq %rdx
        ret
#elif defined(__i386__)
        popl %edx
        movl $190, %eax
        int $0x80
        pushl %edx
        ret
#elif defined(__aarch64__)
        // clone(CLONE_VM | CLONE_VFORK | SIGCHLD, 0)
        mov x8, #220
        mov x0, #0x4111
        mov x1, #0
        svc #0
        ret
#elif defined(__arm__)
        mov ip, r7
        mov r7, #190
        svc #0
        mov r7, ip
        bx lr
#elif defined(__powerpc64__)
        li 0, 189
        sc
        bnslr+
        neg 3, 3
        blr
#elif defined(__s390x__)
        svc 190
        br %r14
#elif defined(__riscv)
        li a7, 220
        li a0, 0x4111
        li a1, 0
        ecall
        ret
#endif
        .size sys_vfork, .-sys_vfork
        .section .note.GNU-stack, "", %progbits
