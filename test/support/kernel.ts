// What this machine's kernel can do.
import { release } from "node:os";

/** Since 6.9, pidfd_send_signal(2) can send a payload to a whole process group. */
export function canQueueToGroups(): boolean {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 9);
}

/** Every signal that can be caught, but CHLD, which tells of the init's own children. */
export const FORWARDED = Array.from({ length: 64 }, (_, index) => index + 1).filter(
  (signal) => ![9, 17, 19].includes(signal),
);

/** The signals that end a process unless it handles them: see signal(7). */
export const DEADLY = [9, ...FORWARDED].filter(
  (signal) => ![18, 20, 21, 22, 23, 28].includes(signal),
);
