// The export list of the core, nothing else.
// May not know: any rule.

// Static texts first, so that what starts as zeroes stands at the end of the memory.
import "texts";
import "tables";
import "./matrix";
import "state";
export * from "./abi";
export * from "./trace_layout";
export { take, stepOf } from "./machine";
export { actionCount, actionField, argumentAddress } from "mailbox";
export {
  clearState,
  deadline,
  phase,
  stateAddress,
  stateLength,
  timeCount,
  timesOffset,
} from "state";
