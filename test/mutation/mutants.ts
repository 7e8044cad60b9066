/** Mistakes that somebody could make in the core, one line each; tests have to see every one. */
export interface Mutant {
  /** What is wrong then. */
  mistake: string;
  /** What stands in one place of the core, and what takes its place. */
  from: string;
  to: string;
}

export const mutants: Mutant[] = [
  {
    mistake: "forwards what it caused itself",
    from: "pid == state.pid && (state",
    to: "pid != pid && (state",
  },
  {
    mistake: "forwards CHLD",
    from: "if (number == CHLD) return;",
    to: "",
  },
  {
    mistake: "forwards a signal that is rewritten to none",
    from: "if (to == 0 || holds(",
    to: "if (holds(",
  },
  {
    mistake: "starts the stop plan twice",
    from: "state.phase == Phase.Running && policy.planSteps != 0 && to != 0",
    to: "policy.planSteps != 0 && to != 0",
  },
  {
    mistake: "starts the stop plan on a signal that is dropped",
    from: "policy.planSteps != 0 && to != 0",
    to: "policy.planSteps != 0",
  },
  {
    mistake: "forwards the signal that starts the plan, too",
    from: "      startPlan(number, to, pid);\n      return;",
    to: "      startPlan(number, to, pid);",
  },
  {
    mistake: "loses the value of a queued signal",
    from: "if (code == SI_QUEUE) {",
    to: "if (code == 77) {",
  },
  {
    mistake: "keeps the foreground at its end",
    from: "  clearTimers();\n  restoreForeground();\n",
    to: "  clearTimers();\n",
  },
  {
    mistake: "stops itself while a step waits for its time",
    from: "state.phase == Phase.Stopping && isSet(Timer.Step)",
    to: "state.phase == Phase.Finished",
  },
  {
    mistake: "stops itself as PID 1",
    from: "  if (state.pid == 1) {\n    resume();",
    to: "  if (state.pid == 0) {\n    resume();",
  },
  {
    mistake: "does not give the foreground again when it is continued",
    from: "  if (number == CONT) wake();\n",
    to: "",
  },
  {
    mistake: "reaps the command twice, and an orphan never",
    from: "  act(ActionKind.Reap, 0, pid);",
    to: "  act(ActionKind.Reap, 0, state.command);",
  },
  {
    mistake: "keeps the drain's deadline after its end",
    from: "  clearTimers();\n  restoreForeground();\n",
    to: "  restoreForeground();\n",
  },
  {
    mistake: "forgets the status of a command that it drains after",
    from: "endWith(mapExit(raw));",
    to: "endWith(policy.drainSteps != 0 ? 0 : mapExit(raw));",
  },
  {
    mistake: "never maps the status",
    from: "endWith(mapExit(raw));",
    to: "endWith(raw);",
  },
  {
    mistake: "calls a command lost that the kernel only hides",
    from: "if (errno != ESRCH) return;",
    to: "",
  },
  {
    mistake: "warns of every refusal",
    from: "errno != ESRCH && !state.warnedRefusal",
    to: "errno != ESRCH",
  },
  {
    mistake: "passes an exec's TRAP on",
    from: "number == TRAP || event != 0 ? 0 : number",
    to: "event != 0 ? 0 : number",
  },
  {
    mistake: "rounds a deadline down",
    from: "<f64>whole < due || whole == 0",
    to: "whole == 0",
  },
  {
    mistake: "never continues a stopped command",
    from: "if (signal != KILL && signal != CONT) {",
    to: "if (signal == CONT) {",
  },
  {
    mistake: "waits without end after the last KILL",
    from: "    setTimer(Timer.Step, LAST_WAIT_MS);",
    to: "    clearTimer(Timer.Step);",
  },
  {
    mistake: "waits twice as long after the last KILL",
    from: "    setTimer(Timer.Step, LAST_WAIT_MS);",
    to: "    setTimer(Timer.Step, 2 * LAST_WAIT_MS);",
  },
  {
    mistake: "skips a step of the plan",
    from: "  state.planStep++;\n  runStep();",
    to: "  state.planStep += 2;\n  runStep();",
  },
  {
    mistake: "takes a step's end for the plan's",
    from: "signal == KILL && step + 1 == policy.planSteps",
    to: "step + 1 == policy.planSteps",
  },
  {
    mistake: "never sends KILL while draining",
    from: "    killRound();\n    return;",
    to: "    return;",
  },
  {
    mistake: "sends KILL to everyone at once",
    from: "Target.Everyone, 0, signal);",
    to: "Target.Everyone, 0, KILL);",
  },
  {
    mistake: "signals everyone though it is not PID 1",
    from: "if (state.pid != 1 || passesOver) {",
    to: "if (passesOver) {",
  },
  {
    mistake: "drains for ever",
    from: "  state.killRounds++;\n",
    to: "",
  },
  {
    mistake: "sends on to the group while draining, though only the command was signalled",
    from: "if (policy.target == Target.Group && state.command",
    to: "if (policy.target != Target.None && state.command",
  },
  {
    mistake: "rewrites a user's TTIN",
    from: "(signal == TSTP || code == SI_KERNEL)",
    to: "true",
  },
  {
    mistake: "rewrites TSTP in the init's own session",
    from: "isTerminalStop(signal) && state.ownSession &&",
    to: "isTerminalStop(signal) &&",
  },
  {
    mistake: "takes a new session though it does not lead the terminal's",
    from: "has(BootFlag.Terminal) && !has(BootFlag.SessionLeader)",
    to: "has(BootFlag.Terminal) && has(BootFlag.Guest)",
  },
  {
    mistake: "takes the foreground in the background",
    from: "if (has(BootFlag.Terminal) && has(BootFlag.Foreground)) {",
    to: "if (has(BootFlag.Terminal)) {",
  },
  {
    mistake: "exits twice",
    from: "  restoreForeground();\n  state.phase = Phase.Finished;\n",
    to: "  act(ActionKind.Exit, 1);\n  state.phase = Phase.Finished;\n",
  },
  {
    mistake: "acts after its exit",
    from: "  state.phase = Phase.Finished;\n  act(ActionKind.Exit, status);\n}\n\n/**\n * Whether the signal is our own doing",
    to: "  state.phase = Phase.Finished;\n  act(ActionKind.Exit, status);\n  act(ActionKind.SendSignal, 1, state.pid, 15);\n}\n\n/**\n * Whether the signal is our own doing",
  },
  {
    mistake: "tells the group of the command only when that is reaped",
    from: "    if (last != 0 && !again) act(ActionKind.SendSignal, Target.Group, pid(), last);\n  }\n  act(ActionKind.Reap, 0, pid());",
    to: "    act(ActionKind.Reap, 0, pid());\n    act(ActionKind.SendSignal, Target.Group, pid(), last);\n  } else act(ActionKind.Reap, 0, pid());",
  },
  {
    mistake: "takes the pid of a command that was reaped for the command",
    from: "if (pid == state.command && !state.ended) {",
    to: "if (pid == state.command) {",
  },
  {
    mistake: "drops what came before the command was there",
    from: "    if (holds(state.held, number)) signal(number, SI_USER, 0, 0, 0);\n",
    to: "",
  },
  {
    mistake: "takes the hand-over's HUP and CONT for a user's",
    from: "if (!isOwnDoing(code, pid)) hold(number);",
    to: "hold(number);",
  },
  {
    mistake: "does not fall back where a value is refused",
    from: "kind == ActionKind.QueueSignal && errno != ESRCH",
    to: "kind == ActionKind.QueueSignal && errno == ESRCH",
  },
  {
    mistake: "keeps the foreground while it is stopped",
    from: "  restoreForeground();\n  let by = STOP;",
    to: "  let by = STOP;",
  },
  {
    mistake: "never continues who was stopped for lack of the foreground",
    from: "  if (state.foregroundGiven) {\n    goOn();",
    to: "  if (!state.foregroundGiven) {\n    goOn();",
  },
  {
    mistake: "leaves a neighbour stopped that has the foreground now",
    from: "    act(ActionKind.SendSignal, Target.OwnGroup, 0, CONT);\n",
    to: "",
  },
  {
    mistake: "keeps the foreground from a neighbour",
    from: "  act(ActionKind.TakeForeground, 0, state.command);\n  return true;",
    to: "  return true;",
  },
  {
    mistake: "does not give the command a foreground that it needs",
    from: "if (needsTerminal && state.sharesTerminal) {",
    to: "if (needsTerminal && !state.sharesTerminal) {",
  },
  {
    mistake: "gives the command the foreground once",
    from: "if (needsTerminal && state.sharesTerminal) {",
    to: "if (needsTerminal && state.sharesTerminal && !state.foregroundGiven) {",
  },
  {
    mistake: "leaves the command stopped by a key where it can't stop itself",
    from: "    resume();\n    return;\n  }\n  if (errno == EALREADY",
    to: "    return;\n  }\n  if (errno == EALREADY",
  },
  {
    mistake: "keeps the foreground where it can't stop itself",
    from: "    if (state.wantsForeground) act(ActionKind.GiveForeground, 0, state.command);\n    resume();",
    to: "    resume();",
  },
  {
    mistake: "drops a neighbour's need of a foreground that it can't take",
    from: "  else forward(asked, rewritten(asked, SI_KERNEL), SI_KERNEL, 0, 0);\n",
    to: "",
  },
  {
    mistake: "does not look who is left",
    from: "    act(ActionKind.ListDescendants, passesOver ? 1 : 0);\n",
    to: "",
  },
  {
    mistake: "forgets who needs to be continued to end",
    from: "  if (signal != KILL && signal != CONT) act(ActionKind.SendSignal, Target.Process, pid, CONT);\n",
    to: "",
  },
  {
    mistake: "enters the sandbox at the plan's first step, again",
    from: "if (isSet(Timer.Sandbox)) {",
    to: "if (policy.sandbox != Choice.Off) {",
  },
  {
    mistake: "waits for a command for ever that is lost",
    from: "  act(ActionKind.SendSignal, Target.Process, state.command, 0);\n",
    to: "",
  },
  {
    mistake: "adds nothing to the number of the signal that killed",
    from: "SIGNAL_BASE + status : status & 0xff",
    to: "status : status & 0xff",
  },
  {
    mistake: "tells a group again that had the stop signal",
    from: "    groupIsTold(to);\n    if (state.stopSignal == 0)",
    to: "    if (state.stopSignal == 0)",
  },
  {
    mistake: "tells a group again that the stop plan has told",
    from: "    groupIsTold(signal);\n    // A stopped command",
    to: "    // A stopped command",
  },
  {
    mistake: "passes over the group at every step of the drain",
    from: "if (state.drainTold || signal == KILL) forgetTold();",
    to: "if (signal == KILL) forgetTold();",
  },
  {
    mistake: "passes over everyone",
    from: "if (group == state.command && wasTold(",
    to: "if (wasTold(",
  },
  {
    mistake: "passes over those of the group who ignore the signal that it had",
    from: "return (state.groupTold & ~ignored) != 0;",
    to: "return state.groupTold != 0;",
  },
  {
    mistake: "takes every process of the group for one that was there at the first stop signal",
    from: "if (start < state.firstTold_ms) return",
    to: "if (state.groupTold != 0) return",
  },
  {
    mistake: "takes every process of the group for one that was there at the last stop signal",
    from: "return start < state.lastTold_ms && !holds(",
    to: "return state.lastTold != 0 && !holds(",
  },
  {
    mistake: "takes a process that ignores the only stop signal that it saw for one that was told",
    from: "return start < state.lastTold_ms && !holds(ignored, state.lastTold);",
    to: "return start < state.lastTold_ms;",
  },
  {
    mistake: "tells a process again that came after the first stop signal, and had the last",
    from: "return start < state.lastTold_ms && !holds(ignored, state.lastTold);",
    to: "return false;",
  },
  {
    mistake: "asks for no details of those who may have been told",
    from: "act(ActionKind.ListDescendants, passesOver ? 1 : 0);",
    to: "act(ActionKind.ListDescendants);",
  },
  {
    mistake: "tells those who are left in the wait of a plan's first step",
    from: "  if (signal == PLAN_NONE) {\n    inform(Text.drainWait);",
    to: "  if (signal == PLAN_NONE && state.planStep != 0) {\n    inform(Text.drainWait);",
  },
  {
    mistake: "leaves a command stopped that a stop signal is to end",
    from: "  if (state.stopForwarded && ends) goOn();\n",
    to: "",
  },
  {
    mistake: "leaves a command stopped that a signal outside of --stop-on is to end",
    from: "holds(policy.stopOn, number) || holds(endings(), to)",
    to: "holds(policy.stopOn, number)",
  },
  {
    mistake: "sends a group its last TERM that had one",
    from: "if (last != 0 && !again) act(",
    to: "if (last != 0) act(",
  },
  {
    mistake: "asks whether anyone is left, and never takes no for an answer",
    from: "    if (state.ended) {\n      finish(state.status);\n      return;\n    }\n    fatal(",
    to: "    if (state.ended) return;\n    fatal(",
  },
];
