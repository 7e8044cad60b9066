/** Numbers of the errors of Linux, the same on every machine that the init runs on. */
const numbers = new Map(
  [
    "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT",
    "ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG",
    "ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP",
  ]
    .flatMap((line) => line.split(" "))
    .map((name, index) => [name, index + 1]),
);
// What follows them is for sockets and the like, but for one that a host answers with.
numbers.set("EALREADY", 114);

const names = new Map([...numbers].map(([name, number]) => [number, name]));

/** `ENOENT`; a number for one that has no name here. */
export function errnoName(number: number): string {
  return names.get(number) ?? String(number);
}

/** The number of an errno's name, or of one that is given as it is. */
export function errnoNumber(name: string): number {
  if (/^\d+$/.test(name)) return Number(name);
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`no errno ${name}`);
  return number;
}
