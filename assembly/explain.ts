// --explain: what the policy would do with each signal, how a stop goes, and how long it can take.
// May not know: events, phases. Starts nothing.

import { outputEnd, put } from "mailbox";
import { PLAN_CAPACITY, planSignal, planWait, policy, rewriteOf } from "state";
import { Text } from "texts";
import { SIGNAL_MAX, Target } from "./abi";
import { flush, putNumber, putSignal, putText, STDOUT } from "./log";
import { Explain, PLAN_NONE, PLAN_SAME, SpawnMode, StopRewrite } from "./policy";
import { tellsGroup } from "./running";
import { LAST_WAIT_MS } from "./shutdown";
import { CHLD, holds, isTerminalStop, KILL, STOP, TERM, TSTP } from "./signals";

/** How long Docker and Kubernetes wait by default before they kill, in milliseconds. */
const DOCKER_WAIT_MS: i64 = 10_000;
const KUBERNETES_WAIT_MS: i64 = 30_000;
/** There is no longest time. */
const UNBOUNDED: i64 = -1;

/** Prints the policy on stdout, as a table or as one JSON object. */
export function explain(): void {
  const start = outputEnd();
  const json = policy.explain == Explain.Json;
  putText(json ? Text.explainSignalsJson : placeText());
  for (let signal = 1; signal <= SIGNAL_MAX; signal++) explainSignal(signal, json);
  putText(json ? Text.explainPlanJson : Text.explainPlan);
  explainPlan(json);
  putText(json ? Text.explainEndJson : Text.explainEnd);
  explainEnd(json);
  flush(STDOUT, start);
}

function placeText(): i32 {
  // Only dumb-init's command line leaves the command in the init's group, and it explains nothing.
  return policy.spawnMode == SpawnMode.Session ? Text.explainSession : Text.explainGroup;
}

/** One row: where a signal goes, and as what. */
function explainSignal(signal: i32, json: bool): void {
  let as = rewriteOf(signal);
  if (policy.spawnMode == SpawnMode.Session && !holds(policy.rewritten, signal)) {
    // By default TTIN and TTOU depend on their sender: the row shows a user's.
    const stops =
      policy.stopRewrite == StopRewrite.All ||
      (policy.stopRewrite == StopRewrite.Terminal && signal == TSTP);
    if (isTerminalStop(signal) && stops) as = STOP;
  }
  let text = policy.target == Target.Group ? Text.explainToGroup : Text.explainToCommand;
  if (policy.pause) text = Text.explainToNobody;
  else if (signal == KILL || signal == STOP) text = Text.explainUncatchable;
  else if (signal == CHLD) text = Text.explainReaps;
  else if (as == 0 || holds(policy.neverForwarded, signal)) text = Text.explainToNobody;
  else if (policy.planSteps != 0 && holds(policy.stopOn, signal)) text = Text.explainStarts;
  const forwarded = text == Text.explainToGroup || text == Text.explainToCommand;
  if (json) {
    putText(signal == 1 ? Text.explainFirstRow : Text.explainNextRow);
    putSignal(signal);
    putText(Text.explainRowTo);
    putText(text);
    if (forwarded) {
      putText(Text.explainRowAs);
      putSignal(as);
    }
    putText(Text.jsonEnd);
    return;
  }
  put(0x20);
  const start = outputEnd();
  putSignal(signal);
  while (outputEnd() - start < 10) put(0x20);
  putText(text);
  if (forwarded) {
    putText(Text.explainAs);
    putSignal(as);
  }
  put(0x0a);
}

function explainPlan(json: bool): void {
  if (!json && policy.planSteps == 0) putText(Text.explainNoPlan);
  explainSteps(0, policy.planSteps, json);
}

/** The steps of the stop plan, or from PLAN_CAPACITY on, of the drain's. */
function explainSteps(first: i32, count: i32, json: bool): void {
  for (let step = first; step < first + count; step++) {
    const signal = planSignal(step);
    if (json) {
      putText(step == first ? Text.explainFirstRow : Text.explainNextRow);
      putStepSignal(signal);
      putText(Text.explainRowWaits);
      putNumberOrNull(planWait(step));
      put(0x7d);
    } else {
      put(0x20);
      if (first != 0) put(0x20);
      putStepSignal(signal);
      if (planWait(step) >= 0) {
        putText(Text.explainWaits);
        putDuration(planWait(step));
      }
      put(0x0a);
    }
  }
}

function putStepSignal(signal: i32): void {
  if (signal == PLAN_SAME) put(0x3d);
  else if (signal == PLAN_NONE) putText(Text.none);
  else putSignal(signal);
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

/** The longest time from the end of the command to the exit: nothing without a drain. */
function longestDrain(): i64 {
  return longestOf(PLAN_CAPACITY, policy.drainSteps);
}

/** The longest time from a stop signal to the exit. */
function longestStop(): i64 {
  const drain = longestDrain();
  if (policy.pause) return drain;
  const last = policy.planSteps - 1;
  if (last < 0 || planSignal(last) != KILL || drain == UNBOUNDED) return UNBOUNDED;
  return longestOf(0, policy.planSteps) + drain;
}

function explainStopOn(): void {
  putText(Text.explainStopOnJson);
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

function explainDrain(json: bool): void {
  const steps = policy.drainSteps;
  const first = PLAN_CAPACITY;
  if (json) {
    putText(Text.explainDrainJson);
    putNumberOrNull(steps == 0 ? -1 : planWaits(first, steps));
    putText(Text.explainDrainPlanJson);
    explainSteps(first, steps, true);
  } else if (steps == 2 && planSignal(first) == TERM && planSignal(first + 1) == KILL) {
    putText(Text.explainDrain);
    putDuration(planWait(first));
    put(0x0a);
  } else if (steps != 0) {
    putText(Text.explainDrainPlan);
    explainSteps(first, steps, false);
  }
}

/** The sum of the steps' own times, UNBOUNDED if the last one waits for ever. */
function planWaits(first: i32, count: i32): i64 {
  const longest = longestOf(first, count);
  return planSignal(first + count - 1) == KILL ? longest - LAST_WAIT_MS : longest;
}

function explainEnd(json: bool): void {
  const longest = longestStop();
  if (json) {
    putText(tellsGroup() ? Text.explainTrue : Text.explainFalse);
    explainStopOn();
    explainDrain(true);
    putText(Text.explainLongestJson);
    putNumberOrNull(longest);
    putText(Text.explainClose);
    return;
  }
  if (tellsGroup()) putText(Text.explainGroupTerm);
  explainDrain(false);
  putText(Text.explainExit);
  putText(Text.explainLongest);
  if (longest == UNBOUNDED) {
    const drains = longestDrain() == UNBOUNDED;
    if (drains) putText(Text.explainUndrained);
    else putText(policy.planSteps == 0 ? Text.explainUnplanned : Text.explainUnkilled);
    return;
  }
  putDuration(longest);
  put(0x0a);
  if (longest > DOCKER_WAIT_MS) putHint(Text.explainDocker, longest);
  if (longest > KUBERNETES_WAIT_MS) putHint(Text.explainKubernetes, longest);
}

/** The setting to raise, with the whole seconds that are enough. */
function putHint(text: i32, longest: i64): void {
  putText(text);
  putNumber(longest / 1000 + 1);
  put(0x0a);
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

function putNumberOrNull(number: i64): void {
  if (number < 0) putText(Text.explainNull);
  else putNumber(number);
}
