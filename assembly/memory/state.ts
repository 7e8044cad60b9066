// All mutable state, in one contiguous block: snapshot = copy it, restore = write it back.
// May not know: events, actions.
// Imported by its bare name, as a library: `noUnsafe` in asconfig.json forbids raw memory everywhere
// else.

import { SIGNAL_MAX } from "../abi";

/** Most steps that a stop plan can have. */
export const PLAN_CAPACITY: i32 = 16;
/** Timers of the table in timers.ts. */
export const TIMERS: i32 = 5;

/** The policy: what the options fill and the machine reads. Every command line ends in it. */
@unmanaged
class Policy {
  /** SpawnMode. */
  spawnMode: i32;
  /** abi Target: Process or Group. */
  target: i32;
  /** Empty mask and default dispositions for the command. */
  defaultSignals: bool;
  /** StopRewrite: which of TSTP, TTIN and TTOU become STOP in a session of the command's own. */
  stopRewrite: i32;
  /** Suspend: when the init stops itself. */
  suspend: i32;
  /** GroupTerm: whether the rest of the group gets TERM when the command ends. */
  groupTerm: i32;
  /** Choice: child subreaper. */
  subreaper: i32;
  /** Choice: sandbox. */
  sandbox: i32;
  /** Verbosity. */
  verbosity: i32;
  /** Log lines are JSON objects. */
  json: bool;
  /** Exit status for a bad command line. */
  usageStatus: i32;
  /** Exit status when the command is not found, and when it can't be executed. */
  notFoundStatus: i32;
  notExecutableStatus: i32;
  /** Change to / and close descriptors above 2 after the spawn. */
  leaveDirectory: bool;
  closeDescriptors: bool;
  /** LISTEN_PID and WATCHDOG_PID may be set for the command. */
  listenPid: bool;
  /** Warn when neither PID 1 nor a subreaper. */
  warnNotReaper: bool;
  warnOnReap: bool;
  /** `--` may stand after the command too, and is not for it. */
  dropSeparator: bool;
  /** No command: reap, and end on TERM or INT. */
  pause: bool;
  /** Explain: 0 no, 1 text, 2 JSON. */
  explain: i32;
  /** Signal when our parent dies, 0 for none. */
  parentDeath: i32;
  /** Record the run, and with the command's arguments. */
  record: bool;
  recordArguments: bool;
  recordLimit: i32;
  /** Steps in the drain's plan, 0 for no drain. */
  drainSteps: i32;
  /** Steps in the stop plan, 0 for no plan. */
  planSteps: i32;
  /** Arriving signals that start the plan; bit n-1 is signal n. */
  stopOn: u64;
  /** Signals that are never forwarded. */
  neverForwarded: u64;
  /** Signals with a rewrite that was asked for. */
  rewritten: u64;
}

/** What the machine and the parser remember between events. */
@unmanaged
class State {
  phase: i32;
  /** BootStage, while Booting. */
  stage: i32;
  /** Dialect of the command line. */
  dialect: i32;
  /** Option row that waits for its value in the next word, 0 for none. */
  pendingOption: i32;
  /** Words of WASM_INIT_OPTIONS that are still to come. */
  foreignWords: i32;
  /** BootFlag bits. */
  bootFlags: i32;
  /** The status that the command ended with. */
  status: i32;
  /** Warnings that are given once were given: a signal that was refused, an action that failed. */
  warnedRefusal: bool;
  warnedFailure: bool;
  warnedListing: bool;
  /** A sandbox was entered, or is about to be. */
  sandboxed: bool;
  /** The command was given the foreground, and holds it. */
  foregroundGiven: bool;
  /** The command is to have the foreground whenever our group has it. */
  wantsForeground: bool;
  /** TTIN or TTOU that made us move the foreground, as long as the answer is awaited. */
  asked: i32;
  /** The signal that stopped the command, 0 while it runs as far as we know. */
  stoppedBy: i32;
  /** A terminal stop was forwarded: the command's stop is what a user wants. */
  stopForwarded: bool;
  /** The command leads a session of its own. */
  ownSession: bool;
  /** LISTEN_PID, and WATCHDOG_PID, names the init. */
  listenPid: bool;
  watchdogPid: bool;
  /** Index of the running step of the stop plan, then of the drain's. */
  planStep: i32;
  /** A step of the drain has told those who are left to end. */
  drainTold: bool;
  /** Processes are being listed to see whether any is left; and one was found. */
  looking: bool;
  othersLeft: bool;
  /** The signal that started the plan, or the first stop signal that was forwarded, rewritten. */
  stopSignal: i32;
  /** The last of the signals in groupTold. */
  lastTold: i32;
  /** The last signal that was sent with a value, and the value's halves. */
  queuedSignal: i32;
  queuedLow: i32;
  queuedHigh: i32;
  /** There was no room for it; and how often in a row that was so. */
  queueFailed: bool;
  queueRetries: i32;
  /** The host leaves real-time signals pending. */
  holdsRealTime: bool;
  /** The stop plan has sent its last KILL; what follows is the last second. */
  killed: bool;
  /** How often all remaining processes were sent KILL. */
  killRounds: i32;
  /** How many processes or groups the kernel let us send the last KILL to: 2 stands for more. */
  killsSent: i32;
  /** The command has ended. */
  ended: bool;
  /** The command is in our session, with the terminal. */
  sharesTerminal: bool;
  pid: i32;
  uid: i32;
  /** The command's pid, 0 before the spawn and after its reaping. */
  command: i32;
  words: i32;
  /** Signals that came before the command was there (hand-over of the terminal). */
  held: u64;
  /** Signals that told the command's group to end, of the stop plan or forwarded; none once a step
   * of the drain has told those who are left. */
  groupTold: u64;
  /** When the first and the last of them were sent, in milliseconds since boot. */
  firstTold_ms: f64;
  lastTold_ms: f64;
  /** The deadline that the host has, in milliseconds since boot; 0 for none. */
  deadline: f64;
}

const POLICY_SIZE: i32 = offsetof<Policy>();
const STATE_SIZE: i32 = offsetof<State>();
const PLAN_STEP_SIZE: i32 = 8;
const REWRITES: i32 = SIGNAL_MAX + 1;
const EXIT_STATUSES: i32 = 256;
const LENGTH: i32 =
  POLICY_SIZE +
  STATE_SIZE +
  TIMERS * 8 +
  2 * PLAN_CAPACITY * PLAN_STEP_SIZE +
  REWRITES +
  EXIT_STATUSES;

const block: usize = memory.data(LENGTH, 16);
const timers: usize = block + <usize>(POLICY_SIZE + STATE_SIZE);
const plan: usize = timers + <usize>(TIMERS * 8);
const rewrites: usize = plan + <usize>(2 * PLAN_CAPACITY * PLAN_STEP_SIZE);
const exitMap: usize = rewrites + <usize>REWRITES;

export const policy: Policy = changetype<Policy>(block);
export const state: State = changetype<State>(block + <usize>POLICY_SIZE);

/** Address of the state block. */
export function stateAddress(): i32 {
  return <i32>block;
}

/** Length of the state block in bytes. */
export function stateLength(): i32 {
  return LENGTH;
}

/** Where the run stands. */
export function phase(): i32 {
  return state.phase;
}

/** Milliseconds since boot at which the deadline is due, 0 for none. */
export function deadline(): f64 {
  return state.deadline;
}

/** Offset in the block of the times, an f64 each: two states are the same when they differ in
 * nothing else, and in these by the difference of their clocks. 0 is no time. */
export function timesOffset(): i32 {
  return POLICY_SIZE + offsetof<State>("firstTold_ms");
}

/** How many times there are: the timers follow those of the state. */
export function timeCount(): i32 {
  return (POLICY_SIZE + STATE_SIZE - timesOffset()) / 8 + TIMERS;
}

/** When a timer is due, in milliseconds since boot; 0 for not set. */
export function timerDue(timer: i32): f64 {
  assert(timer >= 0 && timer < TIMERS);
  return load<f64>(timers + ((<usize>timer) << 3));
}

/** Sets when a timer is due. */
export function setTimerDue(timer: i32, due: f64): void {
  assert(timer >= 0 && timer < TIMERS);
  store<f64>(timers + ((<usize>timer) << 3), due);
}

/** Back to all zeroes, as the module was instantiated. */
export function clearState(): void {
  for (let i = 0; i < LENGTH; i++) store<u8>(block + <usize>i, 0);
}

/** What a signal is rewritten to; 0 drops it. */
export function rewriteOf(signal: i32): i32 {
  assert(signal > 0 && signal <= SIGNAL_MAX);
  return load<u8>(rewrites + <usize>signal);
}

/** Sets what a signal is rewritten to. */
export function setRewriteOf(signal: i32, to: i32): void {
  assert(signal > 0 && signal <= SIGNAL_MAX);
  store<u8>(rewrites + <usize>signal, to);
}

/** What an exit status is mapped to. */
export function mappedStatus(status: i32): i32 {
  assert(status >= 0 && status < EXIT_STATUSES);
  return load<u8>(exitMap + <usize>status);
}

/** Sets what an exit status is mapped to. */
export function setMappedStatus(status: i32, to: i32): void {
  assert(status >= 0 && status < EXIT_STATUSES);
  store<u8>(exitMap + <usize>status, to);
}

/** Signal of a step of the stop plan, or, from PLAN_CAPACITY on, of the drain's: PLAN_SAME, PLAN_NONE, or 1-64. */
export function planSignal(step: i32): i32 {
  assert(step >= 0 && step < 2 * PLAN_CAPACITY);
  return load<i32>(plan + <usize>(step * PLAN_STEP_SIZE));
}

/** How long a step waits, in milliseconds; -1 for ever. */
export function planWait(step: i32): i32 {
  assert(step >= 0 && step < 2 * PLAN_CAPACITY);
  return load<i32>(plan + <usize>(step * PLAN_STEP_SIZE), 4);
}

/** Sets a step of the stop plan. */
export function setPlanStep(step: i32, signal: i32, wait: i32): void {
  assert(step >= 0 && step < 2 * PLAN_CAPACITY);
  const at = plan + <usize>(step * PLAN_STEP_SIZE);
  store<i32>(at, signal, 0);
  store<i32>(at, wait, 4);
}
