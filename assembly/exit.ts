// The end of a process, as waitid(2) tells it, to an exit status; and the map of exit statuses.
// May not know: phases, pids.

import { CLD_DUMPED, CLD_EXITED } from "./linux";
import { mappedStatus, setMappedStatus } from "state";

/** What a shell adds to the number of the signal that ended a command. */
export const SIGNAL_BASE: i32 = 128;
/** Every exit status is below this. */
const STATUSES: i32 = 256;

/** Whether the child ended by a signal. */
export function diedBySignal(code: i32): bool {
  return code != CLD_EXITED;
}

/** Whether the child left a core dump. */
export function dumpedCore(code: i32): bool {
  return code == CLD_DUMPED;
}

/** Exit status 0-255 for si_code and si_status of waitid(2). */
export function exitStatus(code: i32, status: i32): i32 {
  return diedBySignal(code) ? SIGNAL_BASE + status : status & 0xff;
}

/** Every status is mapped to itself. */
export function clearExitMap(): void {
  for (let status = 0; status < STATUSES; status++) setMappedStatus(status, status);
}

/** The status that the init ends with when the command ended with this one. */
export function mapExit(status: i32): i32 {
  return mappedStatus(status);
}
