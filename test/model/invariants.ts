/** What must hold in every state that can be reached, one function each. */
import { ActionKind, EventKind, Phase, Target } from "../../assembly/abi";
import type { Action } from "../../host/node/core.ts";
import type { Fact } from "../../host/node/boot.ts";
import { COMMAND, processOf, type Setting, signals, type World } from "./world.ts";

/** One event that the core took: the world before it, what it led to, and the phase on each side. */
export interface Taken {
  setting: Setting;
  before: World;
  fact: Fact;
  actions: Action[];
  phase: Phase;
  after: World;
  phaseAfter: Phase;
  /** The core's own deadline after it. */
  coreDeadline: number;
  /** Longest time from the first stop signal to the exit, by --explain; undefined for unbounded. */
  bound: number | undefined;
}

/** Says what is wrong, or nothing. */
export type Invariant = (taken: Taken) => string | undefined;

/** Milliseconds of the explored plan before its KILL, and of the drain. */
export const PLAN_BEFORE_KILL = 150;
export const DRAIN = 80;

type Sent = Extract<Action, { kind: ActionKind.SendSignal | ActionKind.QueueSignal }>;

function sentIn({ actions }: Taken): Sent[] {
  return actions.filter(
    (it): it is Sent => it.kind === ActionKind.SendSignal || it.kind === ActionKind.QueueSignal,
  );
}

/** What has to be sent on for a signal that was taken, in order. */
function expectedOf({ setting, phase, fact }: Taken): number[] {
  const signal = fact.signal ?? 0;
  const stops = signal === signals.TERM || signal === signals.INT;
  if (phase === Phase.Running && setting.plan && stops) return [signals.TERM, signals.CONT];
  if (phase === Phase.Draining && !setting.group) return [];
  const ownSession = setting.group && setting.facts === 0;
  return [signal === signals.TSTP && ownSession ? signals.STOP : signal];
}

export const invariants: Record<string, Invariant> = {
  "exits once, as the last thing it ever does"({ actions, before, phaseAfter }) {
    const exits = actions.filter((it) => it.kind === ActionKind.Exit);
    if (before.exited >= 0) return "it took an event after its exit";
    if (exits.length > 1) return "it exits twice";
    if (exits.length === 1 && actions.at(-1) !== exits[0]) return "it acts after its exit";
    if ((exits.length === 1) !== (phaseAfter === Phase.Finished)) return "phase and exit disagree";
    return undefined;
  },

  "sends each signal on to its target exactly once, rewritten, in order"(taken) {
    if (taken.fact.kind !== EventKind.SignalReceived) return undefined;
    const target = taken.setting.group ? Target.Group : Target.Process;
    const sent = sentIn(taken);
    const expected = expectedOf(taken);
    const right =
      sent.length === expected.length &&
      sent.every((it, index) => {
        return it.signal === expected[index] && it.target === target && it.pid === COMMAND;
      });
    return right ? undefined : `sent ${sent.map((it) => it.signal)}, expected ${expected}`;
  },

  "reaps every child that ends, once"({ fact, actions }) {
    const reaped = actions.flatMap((it) => (it.kind === ActionKind.Reap ? [it.pid] : []));
    const expected = fact.kind === EventKind.ChildExited ? [fact.pid] : [];
    return reaped.join() === expected.join() ? undefined : `reaped ${reaped}, not ${expected}`;
  },

  "signals nobody who was reaped, nor 0, nor everyone unless it drains as PID 1"(taken) {
    for (const { target, pid } of sentIn(taken)) {
      if (target === Target.Everyone) {
        const allowed = taken.setting.drain && taken.setting.pid === 1;
        if (!allowed || taken.phaseAfter !== Phase.Draining) return "it signals everyone";
      } else {
        if (pid <= 1) return `it signals ${pid}`;
        const process = processOf(taken.before, pid);
        const draining = taken.setting.drain && target === Target.Group;
        // A command that was lost is gone though nobody reaped it.
        const lost = taken.before.ended < 0 && process?.state === "gone";
        if (process?.state === "gone" && !draining && !lost) return `${pid} was reaped`;
      }
    }
    return undefined;
  },

  "sends the command's group its TERM while the zombie still holds the group's id"(taken) {
    if (taken.fact.kind !== EventKind.ChildExited || taken.fact.pid !== COMMAND) return undefined;
    const kinds = taken.actions.map((it) => it.kind);
    const toGroup = taken.actions.findIndex(
      (it) => it.kind === ActionKind.SendSignal && it.target === Target.Group,
    );
    if (toGroup >= 0 !== taken.setting.group && !taken.setting.drain) return "its TERM is amiss";
    return toGroup > kinds.indexOf(ActionKind.Reap) ? "it reaps first" : undefined;
  },

  "ends within the time that --explain promises, from the first stop signal on"(taken) {
    const { after, bound } = taken;
    if (bound === undefined || after.stopping < 0 || after.exited >= 0) return undefined;
    if (after.deadline === 0) return "no deadline is set";
    const latest = after.deadline - after.stopping;
    return latest > bound ? `it can last ${latest} ms, promised are ${bound}` : undefined;
  },

  "sends KILL never before its time"(taken) {
    const { before, after, phaseAfter } = taken;
    if (!sentIn(taken).some((it) => it.signal === signals.KILL)) return undefined;
    const draining = phaseAfter === Phase.Draining;
    const since = draining ? before.ended : before.stopping;
    const earliest = draining ? DRAIN : PLAN_BEFORE_KILL;
    if (since < 0 || after.now - since < earliest) return `KILL after ${after.now - since} ms`;
    return undefined;
  },

  "leaves no deadline after its exit, and host and core agree on it"({ after, coreDeadline }) {
    if (after.deadline !== coreDeadline) return `host ${after.deadline}, core ${coreDeadline}`;
    return after.exited >= 0 && after.deadline !== 0 ? "a deadline is left" : undefined;
  },

  "stops itself only with the command, and misses no deadline for it"(taken) {
    const { actions, before, after, setting } = taken;
    if (!actions.some((it) => it.kind === ActionKind.StopSelf)) return undefined;
    if (setting.pid === 1) return "PID 1 stops itself";
    if (processOf(before, COMMAND)?.state !== "stopped") return "the command is not stopped";
    if (after.deadline !== 0) return "a deadline is set";
    return after.foreground === "command" ? "it keeps the foreground" : undefined;
  },

  "never keeps the foreground after its end, and takes none that it has not given"(taken) {
    const { actions, before, after } = taken;
    const takes = actions.some((it) => it.kind === ActionKind.TakeForeground);
    if (takes && before.foreground === "none") return "it takes a foreground that it never had";
    return after.exited >= 0 && after.foreground === "command" ? "it is left behind" : undefined;
  },

  "ends with the command's own status, or says that it is lost"({ before, after, fact }) {
    if (after.exited < 0) return undefined;
    const known = [3, 137, 125];
    if (!known.includes(after.exited)) return `status ${after.exited}`;
    const lost = fact.kind === EventKind.ActionFailed;
    if (lost !== (after.exited === 125)) return `status ${after.exited} at ${fact.kind}`;
    return lost && before.ended >= 0 ? "the command had ended, and is called lost" : undefined;
  },
};
