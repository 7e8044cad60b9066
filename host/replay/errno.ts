/** Names of the errors of Linux, the same on every machine that the init runs on. */
const names = (
  "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT " +
  "ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG " +
  "ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP"
).split(" ");

/** The only one above those that a host answers with. */
const EALREADY = 114;

/** `ENOENT`; a number for one that has no name here. */
export function errnoName(number: number): string {
  return number === EALREADY ? "EALREADY" : (names[number - 1] ?? String(number));
}

/** The number of an errno's name, or of one that is given as it is. */
export function errnoNumber(name: string): number {
  if (/^\d+$/.test(name)) return Number(name);
  if (name === "EALREADY") return EALREADY;
  const index = names.indexOf(name);
  if (index < 0) throw new Error(`no errno ${name}`);
  return index + 1;
}
