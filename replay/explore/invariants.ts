/** What must hold in every state that can be reached, one function each. */
import { ActionKind, EventKind, Phase, Target } from "../../assembly/abi";
import { EPERM, ESRCH, SI_KERNEL, SI_QUEUE } from "../../assembly/linux";
import { VALUE } from "./environment.ts";
import { CONT, KILL, TTIN } from "./kernel.ts";
import { SAME } from "./specification.ts";
import type { Transition } from "./transition.ts";
import {
  CLAIMED,
  COMMAND,
  COMMANDS,
  DEADLINE,
  ENDED,
  foreground,
  GONE,
  has,
  indexOf,
  KEYED,
  KILLED,
  lives,
  LOST,
  NEIGHBOUR_WAITS,
  NO_TERMINAL,
  OURS,
  PROCESSES,
  RETRACTED,
  REUSED,
  SANDBOXED,
  SPARED,
  STATUS,
  stateOf,
  STEP,
  STOPPED,
  STOPPING,
  SUSPENDED,
  TICKS_PER_MS,
  TOLD,
  UNBORN,
  WAITS,
} from "./world.ts";

/** How long processes are sent KILL, again and again, before a drain gives up. */
const LAST_WAIT_TICKS = 1000 * TICKS_PER_MS;
const STATUS_INIT_FAILED = 125;
const TRAP = 5;

/** Says what is wrong, or nothing. */
export type Rule = (transition: Transition) => string | undefined;

export const rules: Readonly<Record<string, Rule>> = {
  "exits once, as the last thing it ever does"(t) {
    if (t.before[STATUS]! >= 0) return "it took an event after its exit";
    const exits = t.many(ActionKind.Exit);
    if (exits > 1) return "it exits twice";
    if (exits === 1 && t.field(t.count - 1, 0) !== ActionKind.Exit) return "it acts after its exit";
    if ((exits === 1) !== (t.phaseAfter === Phase.Finished)) return "phase and exit disagree";
    return undefined;
  },

  "sends each signal on to its target exactly once, rewritten, in order"(t) {
    const unanswered = t.hasFailed(ActionKind.TakeForeground) && has(t.before, CLAIMED);
    const isSignal = t.kind === EventKind.SignalReceived;
    if (!isSignal && !unanswered && t.kind !== EventKind.Spawned) return undefined;
    t.wantNothing();
    if (isSignal) {
      t.wantForward(t.phase, t.signal, t.code);
    } else if (unanswered) {
      // The neighbour can't have the foreground: the whole job is to stop.
      t.wantForward(t.phase, TTIN, SI_KERNEL);
    } else {
      let phase = Phase.Running;
      for (const signal of t.held) if (t.wantForward(phase, signal, 0)) phase = Phase.Stopping;
    }
    return t.compare();
  },

  "hands a value on with its signal, and falls back on the signal alone where it is refused"(t) {
    if (t.kind === EventKind.ActionFailed && t.lacksRoom) {
      t.wantNothing();
      t.wantOne(t.configuration.specification.target, t.pid, t.signal);
      return t.compare();
    }
    if (t.kind !== EventKind.SignalReceived || t.code !== SI_QUEUE) return undefined;
    if (t.phase === Phase.Running && t.phaseAfter !== t.phase) return undefined;
    for (let index = 0; index < t.count; index++) {
      const kind = t.field(index, 0);
      // A CONT that follows another signal never had a value.
      const to = t.configuration.specification.as[t.signal];
      if (kind === ActionKind.SendSignal && t.field(index, 3) === to) return "the value is lost";
      if (kind !== ActionKind.QueueSignal) continue;
      if (t.field(index, 4) !== VALUE.low || t.field(index, 5) !== VALUE.high)
        return "the value is another one";
    }
    return undefined;
  },

  "takes the steps of the plan in their order, each followed by CONT"(t) {
    if (t.kind !== EventKind.DeadlineReached || t.phase !== Phase.Stopping) return undefined;
    const step = t.configuration.specification.plan[t.before[STEP]! + 1];
    if (step?.signal === SAME && t.sentCount === 0) return "it sends nothing";
    t.wantNothing();
    t.wantNextStep();
    return t.compare();
  },

  "tells everybody who is left to end, KILL only when the drain's time is over"(t) {
    const { init, specification } = t.configuration;
    const lists = init !== 1 || t.passesOver;
    t.wantNothing();
    if (t.kind === EventKind.ProcessFound) {
      // Who was told by the stop is waited for, and not told again.
      if (!t.wasTold) t.wantDrain(Target.Process, t.pid);
    } else if (t.kind === EventKind.DeadlineReached && t.phase === Phase.Draining) {
      if (t.after[STATUS]! >= 0 || t.drainStep?.signal === 0) return t.compare();
      if (!lists) t.wantDrain(Target.Everyone, 0);
      else if (t.find(ActionKind.ListDescendants) < 0) return "it does not look who is left";
    } else if (t.hasFailed(ActionKind.ListDescendants) && init === 1 && t.passesOver) {
      // Who can't be told apart is told again; unless it was to be seen whether anyone is left.
      if (t.sentCount === 1 && t.sent[2] === 0) t.wantOne(Target.Everyone, 0, 0);
      else t.wantDrain(Target.Everyone, 0);
    } else if (t.isCommandsEnd) {
      t.wantGroupTerm();
      if (specification.drainPlan.length === 0 || t.drainStep?.signal === 0) return t.compare();
      if (!lists) t.wantDrain(Target.Everyone, 0);
      else if (t.find(ActionKind.ListDescendants) < 0) return "it does not look who is left";
    } else {
      return undefined;
    }
    return t.compare();
  },

  "sends nothing that nobody asked for"(t) {
    const { target } = t.configuration.specification;
    t.wantNothing();
    switch (t.kind) {
      case EventKind.NoChildrenLeft:
        // Is the command there at all?
        if (t.phase !== Phase.Draining) t.wantOne(Target.Process, COMMAND, 0);
        return t.compare();
      case EventKind.ChildExited:
        return t.isCommandsEnd ? undefined : t.compare();
      case EventKind.DeadlineReached:
        return t.phase === Phase.Running ? t.compare() : undefined;
      case EventKind.ChildStopped:
        if (t.sentCount > 0) t.wantOne(Target.Group, COMMAND, CONT);
        return t.compare();
      case EventKind.ForegroundMoved: {
        const toCommand = t.pid === COMMAND;
        if (t.sentCount > 0)
          t.wantOne(toCommand ? Target.Group : Target.OwnGroup, toCommand ? COMMAND : 0, CONT);
        return t.compare();
      }
      case EventKind.ActionFailed:
        if (t.lacksRoom || t.failed === ActionKind.ListDescendants) return undefined;
        if (t.failed === ActionKind.EnterSandbox && t.phaseAfter === Phase.Finished)
          t.wantOne(target, COMMAND, KILL);
        else if (t.failed === ActionKind.TakeForeground && has(t.before, CLAIMED))
          t.wantForward(t.phase, TTIN, SI_KERNEL);
        else if (t.failed === ActionKind.StopSelf && t.sentCount > 0)
          t.wantOne(Target.Group, COMMAND, CONT);
        return t.compare();
      case EventKind.ProcessesListed:
      case EventKind.ChildTrapped:
        return t.compare();
      // Asked for: the other invariants say what follows.
      case EventKind.None:
      case EventKind.Booted:
      case EventKind.Named:
      case EventKind.VariableRead:
      case EventKind.WordRead:
      case EventKind.WordsEnded:
      case EventKind.RecordOpened:
      case EventKind.TerminalReleased:
      case EventKind.Spawned:
      case EventKind.SpawnFailed:
      case EventKind.SignalReceived:
      case EventKind.ProcessFound:
      case EventKind.SandboxProbed:
        return undefined;
    }
  },

  "reaps every child that ends, once"(t) {
    const expected = t.kind === EventKind.ChildExited ? 1 : 0;
    const reaped = t.many(ActionKind.Reap);
    if (reaped !== expected) return `it reaps ${reaped}, not ${expected}`;
    if (expected === 0) return undefined;
    const pid = t.field(t.find(ActionKind.Reap), 2);
    return pid === t.pid ? undefined : `it reaps ${pid}, not ${t.pid}`;
  },

  "signals nobody who was reaped, nor 0, nor everyone unless it drains as PID 1"(t) {
    const { init, specification } = t.configuration;
    for (let at = 0; at < t.sentCount * 3; at += 3) {
      const target = t.sent[at];
      const pid = t.sent[at + 1]!;
      if (target === Target.Everyone) {
        const draining = t.phaseAfter === Phase.Draining || t.phase === Phase.Draining;
        if (specification.drainPlan.length === 0 || init !== 1 || !draining)
          return "it signals everyone";
        continue;
      }
      if (target === Target.OwnGroup) continue;
      if (pid <= 1) return `it signals ${pid}`;
      const index = indexOf(t.configuration, pid);
      if (index < 0) return `it signals ${pid}, who is nobody's`;
      const state = stateOf(t.before, index);
      // The group outlives the command that gave it its number; one that is lost was not reaped.
      const outlives = specification.drainPlan.length > 0 && target === Target.Group;
      const reaped = state === GONE || state === UNBORN || (index === 0 && has(t.before, REUSED));
      const found = t.kind === EventKind.ProcessFound && pid === t.pid;
      if (reaped && !outlives && !found && !has(t.before, LOST)) return `${pid} was reaped`;
    }
    return undefined;
  },

  "sends the command's group its TERM while the zombie still holds the group's id"(t) {
    if (!t.isCommandsEnd) return undefined;
    const reap = t.find(ActionKind.Reap);
    for (let index = 0; index < t.count; index++) {
      if (t.field(index, 0) !== ActionKind.SendSignal || t.field(index, 1) !== Target.Group)
        continue;
      if (index > reap) return "it reaps first";
    }
    return undefined;
  },

  "ends within the time that --explain promises, from the first stop signal on"(t) {
    const { after } = t;
    const { lateness } = t.configuration;
    const { longestStop, drain, drainPlan } = t.configuration.specification;
    if (after[STATUS]! >= 0 || !t.settled) return undefined;
    const stops = longestStop >= 0 && after[STOPPING]! >= 0;
    const drains = drain >= 0 && drainPlan.length > 0 && after[ENDED]! >= 0;
    if (!stops && !drains) return undefined;
    if (after[DEADLINE]! < 0) return "no deadline is set";
    const stopping = after[STOPPING]! + after[DEADLINE]!;
    const draining = after[ENDED]! + after[DEADLINE]!;
    if (stops && stopping > longestStop * TICKS_PER_MS + lateness)
      return `it can last ${stopping / TICKS_PER_MS} ms, promised are ${longestStop}`;
    if (drains && draining > drain * TICKS_PER_MS + LAST_WAIT_TICKS + lateness)
      return `it can drain for ${draining / TICKS_PER_MS} ms, promised are ${drain}`;
    return undefined;
  },

  "sends KILL never before its time"(t) {
    const asked = t.kind === EventKind.SignalReceived || t.kind === EventKind.Spawned;
    if (asked || t.kind === EventKind.ActionFailed || !t.hasSent(KILL)) return undefined;
    const { plan, drain } = t.configuration.specification;
    if (t.phase === Phase.Draining || t.phaseAfter === Phase.Draining) {
      if (t.drainStep?.signal === KILL && t.after[ENDED]! >= drain * TICKS_PER_MS) return undefined;
      return `KILL ${t.after[ENDED]! / TICKS_PER_MS} ms after the end of the command`;
    }
    let earliest = 0;
    for (const { signal, waits } of plan) {
      if (signal === KILL)
        return t.after[STOPPING]! >= earliest * TICKS_PER_MS ? undefined : "KILL is too early";
      earliest += waits;
    }
    return "KILL is no step of the plan";
  },

  "leaves no deadline after its exit, and host and core agree on it"(t) {
    const due = t.after[DEADLINE]!;
    if (due !== t.due) return `it is in ${due} ticks for the host, in ${t.due} for the core`;
    return t.after[STATUS]! >= 0 && due >= 0 ? "a deadline is left" : undefined;
  },

  "stops itself only with the command, and misses no deadline for it"(t) {
    if (t.find(ActionKind.StopSelf) < 0) return undefined;
    if (t.configuration.init === 1 && t.configuration.suspendsWithCommand)
      return "PID 1 stops itself";
    if (t.configuration.suspendsWithCommand && stateOf(t.before, 0) !== STOPPED)
      return "the command is not stopped";
    if (t.phaseAfter !== Phase.Running && t.after[DEADLINE]! >= 0) return "a deadline is set";
    const waits = (t.before[PROCESSES]! & WAITS) !== 0;
    if (waits && foreground(t.before) === OURS) return "the foreground was its to give";
    return foreground(t.after) === COMMANDS ? "it keeps the foreground" : undefined;
  },

  "never keeps the foreground after its end, and takes none that it has not given"(t) {
    if (t.kind === EventKind.Spawned && t.configuration.steals) return "it takes a stranger's";
    const holder = foreground(t.before);
    if (t.find(ActionKind.TakeForeground) >= 0 && holder === NO_TERMINAL)
      return "it takes a foreground that it never had";
    return t.after[STATUS]! >= 0 && foreground(t.after) === COMMANDS
      ? "it is left behind"
      : undefined;
  },

  "lets no key stop the command where nobody sees it, and gives it the foreground again"(t) {
    const { configuration, before, after } = t;
    if (t.hasFailed(ActionKind.StopSelf) && has(before, RETRACTED))
      if (t.find(ActionKind.GiveForeground) < 0) return "the foreground stays ours";
    if (!configuration.suspendsWithCommand || !t.settled || t.phaseAfter !== Phase.Running)
      return undefined;
    const keyed = (after[PROCESSES]! & KEYED) !== 0 && stateOf(after, 0) === STOPPED;
    return keyed && !has(after, SUSPENDED) ? "the command stays stopped" : undefined;
  },

  "lets nobody wait for a foreground that he has"(t) {
    if (!t.settled || t.after[STATUS]! >= 0) return undefined;
    const holder = foreground(t.after);
    const waits = (t.after[PROCESSES]! & WAITS) !== 0 && stateOf(t.after, 0) === STOPPED;
    if (waits && holder === COMMANDS)
      return "the command is stopped for lack of the foreground, and has it";
    if (waits && holder === OURS && !has(t.after, SUSPENDED))
      return "the command is stopped for lack of the foreground, which is ours to give";
    if (holder === OURS && has(t.after, NEIGHBOUR_WAITS))
      return "a neighbour is stopped for lack of the foreground, and has it";
    return undefined;
  },

  "lets a traced process go with the signal that it stopped for"(t) {
    const detached = t.many(ActionKind.DetachTraced);
    if (t.kind !== EventKind.ChildTrapped) return detached === 0 ? undefined : "nobody is traced";
    if (detached !== 1) return `it lets ${detached} go`;
    const index = t.find(ActionKind.DetachTraced);
    if (t.field(index, 2) !== t.pid) return "it lets another one go";
    const expected = t.signal === TRAP ? 0 : t.signal;
    return t.field(index, 3) === expected ? undefined : "the signal is another one";
  },

  "says only once that signals are refused"(t) {
    if (t.kind !== EventKind.ActionFailed || t.code !== EPERM) return undefined;
    if (t.failed !== ActionKind.SendSignal || t.signal === 0) return undefined;
    const says = t.many(ActionKind.Write);
    return says > (has(t.before, TOLD) ? 0 : 1) ? "it says so again" : undefined;
  },

  "gives its privileges up once"(t) {
    const enters = t.many(ActionKind.EnterSandbox);
    if (enters > 1 || (enters > 0 && has(t.before, SANDBOXED))) return "it does so again";
    return undefined;
  },

  "ends with the command's own status, or says that it is lost"(t) {
    const status = t.after[STATUS]!;
    const asked = t.hasFailed(ActionKind.SendSignal) && t.signal === 0 && t.code === ESRCH;
    if (asked && t.before[ENDED]! >= 0 && status < 0) return "nobody is left, and it does not end";
    if (status < 0 || t.before[STATUS]! >= 0) return undefined;
    const { own, killed } = t.configuration.specification.statuses;
    if (t.kind === EventKind.ActionFailed && t.failed !== ActionKind.ListDescendants) {
      // kill(2) found nobody.
      if (t.before[ENDED]! >= 0) return status === own || status === killed ? undefined : "its own";
      if (status !== STATUS_INIT_FAILED) return `status ${status}`;
      if (t.failed === ActionKind.EnterSandbox) return undefined;
      return has(t.before, LOST) ? undefined : "the command is called lost, and is not";
    }
    if (has(t.before, LOST) && t.before[ENDED]! < 0 && t.kind === EventKind.NoChildrenLeft)
      return "it ends, and does not say that the command is lost";
    if (status !== own && status !== killed) return `status ${status}`;
    const alive = t.before[ENDED]! < 0 && lives(t.before, 0) && t.kind !== EventKind.ChildExited;
    if (!alive) return undefined;
    const outlives = has(t.before, SPARED) || (t.before[PROCESSES]! & KILLED) !== 0;
    return outlives && status === killed ? undefined : "it ends, and the command lives";
  },
};
