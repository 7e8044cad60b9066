// vfork(2) under AddressSanitizer. The child runs on our stack and never returns from there: the
// zones that it laid around its variables must be taken away, or we would stumble over them.
// vfork.S itself does the call; the return address survives in a register, as there.
        .text
        .globl __wrap_sys_vfork
        .type __wrap_sys_vfork, %function
__wrap_sys_vfork:
        popq %r8
        call __real_sys_vfork
        pushq %r8
        testl %eax, %eax
        jz 1f
        pushq %rax
        movq %rsp, %rdi
        // The ABI wants 16 bytes, and the frame pointer is kept in what a call preserves.
        pushq %rbx
        movq %rsp, %rbx
        andq $-16, %rsp
        call __asan_handle_vfork
        movq %rbx, %rsp
        popq %rbx
        popq %rax
1:      ret
        .size __wrap_sys_vfork, .-__wrap_sys_vfork
        .section .note.GNU-stack, "", %progbits
