/** Mistakes that somebody could make in the core, one line each; tests have to see every one. */
export interface Mutant {
  /** What is wrong then. */
  mistake: string;
  file: string;
  /** What stands there once, and what takes its place. */
  from: string;
  to: string;
}

const running = "running.ts";
const shutdown = "shutdown.ts";

export const mutants: Mutant[] = [
  {
    mistake: "forwards what it caused itself",
    file: running,
    from: "pid == state.pid && (state",
    to: "pid != pid && (state",
  },
  {
    mistake: "forwards CHLD",
    file: running,
    from: "if (number == CHLD) return;",
    to: "",
  },
  {
    mistake: "forwards a signal that is rewritten to none",
    file: running,
    from: "if (to == 0 || holds(",
    to: "if (holds(",
  },
  {
    mistake: "starts the stop plan twice",
    file: running,
    from: "state.phase == Phase.Running && policy.planSteps != 0 && to != 0",
    to: "policy.planSteps != 0 && to != 0",
  },
  {
    mistake: "starts the stop plan on a signal that is dropped",
    file: running,
    from: "policy.planSteps != 0 && to != 0",
    to: "policy.planSteps != 0",
  },
  {
    mistake: "forwards the signal that starts the plan, too",
    file: running,
    from: "      startPlan(number, to, pid);\n      return;",
    to: "      startPlan(number, to, pid);",
  },
  {
    mistake: "loses the value of a queued signal",
    file: running,
    from: "if (code == SI_QUEUE) {",
    to: "if (code == 77) {",
  },
  {
    mistake: "keeps the foreground at its end",
    file: running,
    from: "  clearDeadline();\n  if (state.foregroundGiven) act(ActionKind.TakeForeground);",
    to: "  clearDeadline();",
  },
  {
    mistake: "stops itself while a step waits for its time",
    file: running,
    from: "state.phase == Phase.Stopping && state.deadline != 0",
    to: "state.phase == Phase.Finished",
  },
  {
    mistake: "stops itself as PID 1",
    file: running,
    from: "  if (state.pid == 1) return;\n  const atTerminal",
    to: "  const atTerminal",
  },
  {
    mistake: "does not give the foreground again when it is continued",
    file: running,
    from: "  if (number == CONT) wake();\n",
    to: "",
  },
  {
    mistake: "reaps the command twice, and an orphan never",
    file: running,
    from: "  act(ActionKind.Reap, 0, pid);",
    to: "  act(ActionKind.Reap, 0, state.command);",
  },
  {
    mistake: "keeps the deadline of the plan after the command ended",
    file: running,
    from: "  clearDeadline();\n  state.killed = false;",
    to: "  state.killed = false;",
  },
  {
    mistake: "takes the drain's first deadline for the last second",
    file: running,
    from: "  clearDeadline();\n  state.killed = false;",
    to: "  clearDeadline();",
  },
  {
    mistake: "forgets the status of a command that it drains after",
    file: running,
    from: "endWith(mapExit(raw));",
    to: "endWith(policy.drain >= 0 ? 0 : mapExit(raw));",
  },
  {
    mistake: "never maps the status",
    file: running,
    from: "endWith(mapExit(raw));",
    to: "endWith(raw);",
  },
  {
    mistake: "calls a command lost that the kernel only hides",
    file: running,
    from: "if (errno != ESRCH || state.ended) return;",
    to: "",
  },
  {
    mistake: "warns of every refusal",
    file: running,
    from: "errno != ESRCH && !state.warnedRefusal",
    to: "errno != ESRCH",
  },
  {
    mistake: "passes an exec's TRAP on",
    file: running,
    from: "number == TRAP || event != 0 ? 0 : number",
    to: "event != 0 ? 0 : number",
  },
  {
    mistake: "rounds a deadline down",
    file: shutdown,
    from: "<f64>whole < due || whole == 0",
    to: "whole == 0",
  },
  {
    mistake: "never continues a stopped command",
    file: shutdown,
    from: "if (signal != KILL && signal != CONT) {",
    to: "if (signal == CONT) {",
  },
  {
    mistake: "waits without end after the last KILL",
    file: shutdown,
    from: "    setDeadline(LAST_WAIT);",
    to: "    clearDeadline();",
  },
  {
    mistake: "waits twice as long after the last KILL",
    file: shutdown,
    from: "    setDeadline(LAST_WAIT);",
    to: "    setDeadline(2 * LAST_WAIT);",
  },
  {
    mistake: "skips a step of the plan",
    file: shutdown,
    from: "  state.planStep++;",
    to: "  state.planStep += 2;",
  },
  {
    mistake: "takes a step's end for the plan's",
    file: shutdown,
    from: "signal == KILL && step + 1 == policy.planSteps",
    to: "step + 1 == policy.planSteps",
  },
  {
    mistake: "never sends KILL while draining",
    file: shutdown,
    from: "Target.Process, pid, state.killed ? KILL : TERM",
    to: "Target.Process, pid, TERM",
  },
  {
    mistake: "sends KILL to everyone at once",
    file: shutdown,
    from: "Target.Everyone, 0, state.killed ? KILL : TERM",
    to: "Target.Everyone, 0, KILL",
  },
  {
    mistake: "signals everyone though it is not PID 1",
    file: shutdown,
    from: "if (state.pid != 1) {",
    to: "if (state.pid == 0) {",
  },
  {
    mistake: "drains for ever",
    file: shutdown,
    from: "  state.killRounds++;\n",
    to: "",
  },
  {
    mistake: "sends on to the group while draining, though only the command was signalled",
    file: shutdown,
    from: "if (policy.target == Target.Group && state.command",
    to: "if (policy.target != Target.None && state.command",
  },
  {
    mistake: "rewrites a user's TTIN",
    file: "rewrite.ts",
    from: "(signal == TSTP || code == SI_KERNEL)",
    to: "true",
  },
  {
    mistake: "rewrites TSTP in the init's own session",
    file: "rewrite.ts",
    from: "isTerminalStop(signal) && state.ownSession &&",
    to: "isTerminalStop(signal) &&",
  },
  {
    mistake: "takes a new session though it does not lead the terminal's",
    file: "boot.ts",
    from: "has(Fact.Terminal) && !has(Fact.SessionLeader)",
    to: "has(Fact.Terminal) && has(Fact.Guest)",
  },
  {
    mistake: "takes the foreground in the background",
    file: "boot.ts",
    from: "if (has(Fact.Terminal) && has(Fact.Foreground)) {",
    to: "if (has(Fact.Terminal)) {",
  },
  {
    mistake: "adds nothing to the number of the signal that killed",
    file: "exit.ts",
    from: "SIGNAL_BASE + status : status & 0xff",
    to: "status : status & 0xff",
  },
];
