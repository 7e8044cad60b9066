// --explain: what the policy would do with each signal, how a stop goes, and how long it can take.
// May not know: events, phases. Starts nothing.

import { outputEnd, put } from "mailbox";
import { mappedStatus, PLAN_CAPACITY, planSignal, planWait, policy, rewriteOf, state } from "state";
import { Text, textLength } from "texts";
import { SIGNAL_MAX, Target } from "./abi";
import { flush, putNumber, putSignal, putText, STDOUT } from "./log";
import { Dialect, Explain, PLAN_NONE, PLAN_SAME, SpawnMode, StopRewrite } from "./policy";
import { tellsGroup } from "./running";
import { LAST_WAIT_MS } from "./shutdown";
import { CHLD, holds, INT, isTerminalStop, KILL, QUIT, RTMIN, STOP, TERM, TSTP } from "./signals";

/** How long Docker and Kubernetes wait by default before they kill, in milliseconds. */
const DOCKER_WAIT_MS: i64 = 10_000;
const KUBERNETES_WAIT_MS: i64 = 30_000;
/** There is no longest time. */
const UNBOUNDED: i64 = -1;
const STATUS_MAX: i32 = 255;
const STATUS_KILLED: i32 = 128 + KILL;
/** Columns of a terminal. */
const WIDTH: i32 = 80;
/** Columns that an item of a list takes at most: `RTMIN+10 as RTMIN+20`. */
const ITEM_MAX: i32 = 21;
/** Columns of the longest name of a signal below RTMIN. */
const NAME_MAX: i32 = 6;

/** What becomes of a signal: the groups that are printed, in this order. */
enum Fate {
  StartsPlan = 0,
  EndsInit = 1,
  Rewritten = 2,
  Dropped = 3,
  Uncatchable = 4,
  Reaps = 5,
  Forwarded = 6,
}
const FATES: i32 = 7;

/** Prints the policy on stdout, for a person or as one JSON object. */
export function explain(): void {
  const start = outputEnd();
  if (policy.explain == Explain.Json) explainJson();
  else explainText();
  flush(STDOUT, start);
}

/** What a signal is rewritten to, 0 for dropped; TTIN and TTOU as if a user had sent them. */
function sentAs(signal: i32): i32 {
  if (becomesStop(signal)) {
    if (policy.stopRewrite == StopRewrite.All || signal == TSTP) return STOP;
  }
  return rewriteOf(signal);
}

/** Whether a terminal stop, from the terminal at least, reaches the command as STOP. */
function becomesStop(signal: i32): bool {
  if (policy.spawnMode != SpawnMode.Session || policy.stopRewrite == StopRewrite.None) return false;
  return isTerminalStop(signal) && !holds(policy.rewritten, signal);
}

function fateOf(signal: i32): Fate {
  if (signal == KILL || signal == STOP) return Fate.Uncatchable;
  if (signal == CHLD) return Fate.Reaps;
  if (policy.pause) return signal == TERM || signal == INT ? Fate.EndsInit : Fate.Dropped;
  const as = sentAs(signal);
  if (as == 0) return Fate.Dropped;
  if (policy.planSteps != 0 && holds(policy.stopOn, signal)) return Fate.StartsPlan;
  if (holds(policy.neverForwarded, signal)) return Fate.Dropped;
  return as == signal ? Fate.Forwarded : Fate.Rewritten;
}

function explainText(): void {
  putStart();
  putText(Text.explainSignals);
  for (let fate = 0; fate < FATES; fate++) putFate(fate);
  if (!policy.pause) {
    putText(Text.explainPlan);
    if (policy.planSteps == 0) putText(Text.explainNoPlan);
    for (let step = 0; step < policy.planSteps; step++) putStep(step);
    const keys = holds(policy.stopOn, INT) || holds(policy.stopOn, QUIT);
    if (policy.planSteps != 0 && keys) putText(Text.explainKeys);
  }
  putText(policy.pause ? Text.explainEndPause : Text.explainEnd);
  if (!policy.pause && tellsGroup()) putText(Text.explainGroupTerm);
  putDrain();
  putText(Text.explainExit);
  putStatuses();
  putLongest();
}

/** Where the command runs, and whom signals reach. */
function putStart(): void {
  if (policy.pause) {
    putText(Text.explainPause);
    return;
  }
  if (policy.spawnMode == SpawnMode.Session) putText(Text.explainSession);
  else if (policy.spawnMode == SpawnMode.Group) putText(Text.explainGroup);
  else putText(Text.explainInherit);
  putText(policy.target == Target.Group ? Text.explainGroupTarget : Text.explainCommandTarget);
  // The other inits have no -c.
  const hasOption = state.dialect == Dialect.Own || state.dialect == Dialect.DumbInit;
  if (policy.target == Target.Group && hasOption) putText(Text.explainSingleChild);
}

/** One group of signals with the same fate, in lines; nothing for an empty one. */
function putFate(fate: i32): void {
  const mayRewrite = fate == Fate.Rewritten || (fate == Fate.StartsPlan && sendsSame());
  let line = -1;
  for (let signal = 1; signal <= SIGNAL_MAX; signal++) {
    const own = fateOf(signal);
    const byTerminal =
      fate == Fate.Rewritten &&
      own == Fate.Forwarded &&
      becomesStop(signal) &&
      sentAs(signal) != STOP;
    if (own != fate && !byTerminal) continue;
    const as = byTerminal ? STOP : sentAs(signal);
    let needs = mayRewrite || signal >= RTMIN ? ITEM_MAX : NAME_MAX;
    if (byTerminal) needs += textLength(Text.explainIfTerminal);
    if (line < 0) {
      line = startList(Text.explainClassStart + fate);
    } else {
      if (mayRewrite) put(0x2c);
      line = nextItem(line, needs);
    }
    putRealTime(signal);
    if (mayRewrite && as != signal) {
      putText(Text.explainAs);
      putRealTime(as);
      if (byTerminal) putText(Text.explainIfTerminal);
    } else if (signal >= RTMIN) {
      const last = lastLike(signal, fate, mayRewrite);
      if (last > signal) {
        putText(Text.explainRange);
        putRealTime(last);
      }
      signal = last;
    }
    if (fate == Fate.Reaps) putText(Text.explainReapsNote);
  }
  if (line >= 0) put(0x0a);
}

/** Whether a step of the plan sends the signal that started it, rewritten. */
function sendsSame(): bool {
  for (let step = 0; step < policy.planSteps; step++) {
    if (planSignal(step) == PLAN_SAME) return true;
  }
  return false;
}

/** The last of a run of real-time signals with the same fate, none of them rewritten if that is shown. */
function lastLike(signal: i32, fate: i32, mayRewrite: bool): i32 {
  let last = signal;
  while (last < SIGNAL_MAX && fateOf(last + 1) == fate) {
    if (mayRewrite && sentAs(last + 1) != last + 1) break;
    last++;
  }
  return last;
}

/** A signal by name; RTMIN and RTMAX have theirs here, since ranges end with them. */
function putRealTime(signal: i32): void {
  if (signal == RTMIN) putText(Text.explainRtMin);
  else if (signal == SIGNAL_MAX) putText(Text.explainRtMax);
  else putSignal(signal);
}

/** Puts the label of a list; returns where its line begins. */
function startList(label: i32): i32 {
  const line = outputEnd();
  putText(label);
  return line;
}

/** Puts what parts two items of a list; returns where its line begins now. */
function nextItem(line: i32, needs: i32): i32 {
  if (outputEnd() - line + 1 + needs <= WIDTH) {
    put(0x20);
    return line;
  }
  put(0x0a);
  return startList(Text.explainIndent);
}

function putStep(step: i32): void {
  const signal = planSignal(step);
  if (signal == PLAN_NONE) {
    putText(Text.explainNothing);
  } else {
    putText(Text.explainSends);
    if (signal == PLAN_SAME) putText(Text.explainSame);
    else putSignal(signal);
  }
  if (step + 1 == policy.planSteps && signal == KILL) {
    put(0x0a);
    return;
  }
  if (planWait(step) < 0) {
    putText(Text.explainWaitsForEver);
  } else {
    putText(Text.explainWaits);
    putDuration(planWait(step));
  }
  put(0x0a);
}

/** What becomes of the processes that are left: nothing without a drain. */
function putDrain(): void {
  const steps = policy.drainSteps;
  for (let step = PLAN_CAPACITY; step < PLAN_CAPACITY + steps; step++) {
    const signal = planSignal(step);
    const last = step + 1 == PLAN_CAPACITY + steps;
    if (signal != PLAN_NONE) {
      putText(Text.explainSends);
      if (signal == PLAN_SAME) putText(Text.explainDrainSame);
      else putSignal(signal);
      putText(Text.explainDrainTo);
      if (last && signal == KILL) {
        put(0x0a);
        continue;
      }
      put(0x2c);
    }
    if (planWait(step) < 0) {
      putText(Text.explainDrainForEver);
    } else {
      putText(Text.explainDrainUpTo);
      putDuration(planWait(step));
    }
    put(0x0a);
  }
}

/** Which status the init ends with, and when. */
function putStatuses(): void {
  putText(Text.explainStatus);
  if (policy.pause) {
    putText(Text.explainPausedStatus);
    return;
  }
  putText(Text.explainOwnStatus);
  putMap();
  putStatus(policy.notFoundStatus, Text.explainNotFound);
  putStatus(policy.notExecutableStatus, Text.explainNotExecutable);
  putStatus(policy.usageStatus, Text.explainUsage);
  if (longestStop() != UNBOUNDED) putStatus(mappedStatus(STATUS_KILLED), Text.explainSurvived);
}

function putStatus(status: i32, meaning: i32): void {
  put(0x20);
  putNumber(status);
  putText(meaning);
}

/** The statuses that are mapped to others: `mapped: 1-5 to 0, 143 to 0`. */
function putMap(): void {
  let line = -1;
  for (let status = 0; status <= STATUS_MAX; status++) {
    const to = mappedStatus(status);
    if (to == status) continue;
    if (line < 0) {
      line = startList(Text.explainMapped);
      put(0x20);
    } else {
      put(0x2c);
      line = nextItem(line, ITEM_MAX);
    }
    putNumber(status);
    let last = status;
    while (last < STATUS_MAX && mappedStatus(last + 1) == to && last + 1 != to) last++;
    if (last > status) {
      put(0x2d);
      putNumber(last);
      status = last;
    }
    putText(Text.explainMappedTo);
    putNumber(to);
  }
  if (line >= 0) put(0x0a);
}

function putLongest(): void {
  const longest = longestStop();
  putText(Text.explainLongest);
  if (longest == UNBOUNDED) {
    if (longestDrain() == UNBOUNDED) putText(Text.explainUndrained);
    else if (policy.planSteps == 0) putText(Text.explainUnplanned);
    else putText(startsPlan() ? Text.explainUnkilled : Text.explainUnstarted);
    return;
  }
  putDuration(longest);
  put(0x0a);
  // At the same time is too late: the engine does not wait for the last second.
  if (longest >= DOCKER_WAIT_MS) putHint(Text.explainDocker, longest);
  if (longest >= KUBERNETES_WAIT_MS) putHint(Text.explainKubernetes, longest);
}

/** The setting to raise, with the whole seconds that are enough. */
function putHint(text: i32, longest: i64): void {
  putText(text);
  putNumber(longest / 1000 + 1);
  put(0x0a);
}

/** The longest time that steps take, in milliseconds, or UNBOUNDED. */
function longestOf(first: i32, count: i32): i64 {
  let longest: i64 = 0;
  for (let step = first; step < first + count; step++) {
    const isLast = step + 1 == first + count;
    if (isLast && planSignal(step) == KILL) longest += LAST_WAIT_MS;
    else if (planWait(step) < 0) return UNBOUNDED;
    else longest += planWait(step);
  }
  return longest;
}

/** The longest time from the end of the command to the exit: 0 without a drain. */
function longestDrain(): i64 {
  return longestOf(PLAN_CAPACITY, policy.drainSteps);
}

/** The longest time from a stop signal to the exit, in milliseconds, or UNBOUNDED. */
function longestStop(): i64 {
  const drain = longestDrain();
  if (policy.pause) return drain;
  const last = policy.planSteps - 1;
  if (last < 0 || planSignal(last) != KILL || drain == UNBOUNDED) return UNBOUNDED;
  if (!startsPlan()) return UNBOUNDED;
  return longestOf(0, policy.planSteps) + drain;
}

/** Whether there is a signal that starts the stop plan: all may be dropped. */
function startsPlan(): bool {
  for (let signal = 1; signal <= SIGNAL_MAX; signal++) {
    if (fateOf(signal) == Fate.StartsPlan) return true;
  }
  return false;
}

/** The sum of the drain's own times, in milliseconds; -1 without a drain, or if the last step waits for ever. */
function drainWaits(): i64 {
  const steps = policy.drainSteps;
  if (steps == 0) return UNBOUNDED;
  const longest = longestDrain();
  return planSignal(PLAN_CAPACITY + steps - 1) == KILL ? longest - LAST_WAIT_MS : longest;
}

function putDuration(milliseconds: i64): void {
  if (milliseconds % 1000 == 0) {
    putNumber(milliseconds / 1000);
  } else {
    putNumber(milliseconds);
    put(0x6d);
  }
  put(0x73);
}

function explainJson(): void {
  putText(Text.explainSignalsJson);
  for (let signal = 1; signal <= SIGNAL_MAX; signal++) putSignalRow(signal);
  putText(Text.explainPlanJson);
  putStepRows(0, policy.planSteps);
  putText(Text.explainEndJson);
  putText(tellsGroup() ? Text.explainTrue : Text.explainFalse);
  putText(Text.explainStopOnJson);
  putStopOn();
  putText(Text.explainDrainJson);
  putNumberOrNull(drainWaits());
  putText(Text.explainDrainPlanJson);
  putStepRows(PLAN_CAPACITY, policy.drainSteps);
  putText(Text.explainLongestJson);
  putNumberOrNull(longestStop());
  putText(Text.explainClose);
}

/** One row: where a signal goes, and as what. */
function putSignalRow(signal: i32): void {
  const fate = fateOf(signal);
  const forwarded = fate == Fate.Forwarded || fate == Fate.Rewritten;
  putText(signal == 1 ? Text.explainFirstRow : Text.explainNextRow);
  putSignal(signal);
  putText(Text.explainRowTo);
  if (forwarded) {
    putText(policy.target == Target.Group ? Text.explainToGroup : Text.explainToCommand);
    putText(Text.explainRowAs);
    putSignal(sentAs(signal));
  } else if (fate == Fate.StartsPlan) putText(Text.explainStarts);
  else if (fate == Fate.EndsInit) putText(Text.explainExits);
  else if (fate == Fate.Uncatchable) putText(Text.explainUncatchable);
  else if (fate == Fate.Reaps) putText(Text.explainReaps);
  else putText(Text.explainToNobody);
  putText(Text.jsonEnd);
}

/** The steps of the stop plan, or from PLAN_CAPACITY on, of the drain. */
function putStepRows(first: i32, count: i32): void {
  for (let step = first; step < first + count; step++) {
    const signal = planSignal(step);
    putText(step == first ? Text.explainFirstRow : Text.explainNextRow);
    if (signal == PLAN_SAME) put(0x3d);
    else if (signal == PLAN_NONE) putText(Text.none);
    else putSignal(signal);
    putText(Text.explainRowWaits);
    putNumberOrNull(planWait(step));
    put(0x7d);
  }
}

function putStopOn(): void {
  let first = true;
  for (let signal = 1; signal <= SIGNAL_MAX; signal++) {
    if (!holds(policy.stopOn, signal)) continue;
    if (!first) put(0x2c);
    first = false;
    put(0x22);
    putSignal(signal);
    put(0x22);
  }
}

function putNumberOrNull(number: i64): void {
  if (number < 0) putText(Text.explainNull);
  else putNumber(number);
}
