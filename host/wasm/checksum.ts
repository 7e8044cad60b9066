/** The check at the end of each record of a trace. */

/** FNV-1a with 32 bits, over little-endian words of 32 bits. */
export function checkOf(view: DataView, from: number, end: number, salt = 0): number {
  let check = 0x811c9dc5 ^ salt;
  for (let at = from; at < end; at += 4)
    check = Math.imul(check ^ view.getInt32(at, true), 0x01000193);
  return check >>> 0;
}
