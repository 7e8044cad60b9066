// Numbers of Linux that events carry, by the names of the kernel's headers. The C side has the headers
// themselves. They are the same on all machines that the init runs on.
// May not know: what they lead to.

/** Of waitid(2): how a child changed. */
export const CLD_EXITED: i32 = 1;
export const CLD_KILLED: i32 = 2;
export const CLD_DUMPED: i32 = 3;
export const CLD_TRAPPED: i32 = 4;
export const CLD_CONTINUED: i32 = 6;

/** Of sigaction(2): a signal was sent by kill(2), by sigqueue(3), or by the kernel, such as a terminal's. */
export const SI_USER: i32 = 0;
export const SI_QUEUE: i32 = -1;
export const SI_KERNEL: i32 = 0x80;

/** Of errno(3). */
export const EPERM: i32 = 1;
export const ENOENT: i32 = 2;
export const ESRCH: i32 = 3;
export const EIO: i32 = 5;
export const ECHILD: i32 = 10;
export const EAGAIN: i32 = 11;
export const EBUSY: i32 = 16;
export const EEXIST: i32 = 17;
export const ENOTDIR: i32 = 20;
export const ENOSYS: i32 = 38;
export const ELOOP: i32 = 40;
export const EALREADY: i32 = 114;
