// The matrix: for every event (a row) and every phase (a column) the step that is taken.
// May not know: what a step does. It is total; a cell that can't happen says X.

import { Step } from "../steps";

const X: i32 = Step.Impossible;
const O: i32 = Step.Nothing;

// prettier-ignore
const matrix: usize = memory.data<i32>([
  // Booting        Running         Stopping        Draining            Finished
  X,                X,              X,              X,                  X, // None
  Step.Boot,        X,              X,              X,                  X, // Booted
  Step.Name,        X,              X,              X,                  X, // Named
  Step.Variable,    X,              X,              X,                  X, // VariableRead
  Step.Word,        X,              X,              X,                  X, // WordRead
  Step.EndWords,    X,              X,              X,                  X, // WordsEnded
  Step.Recorded,    X,              X,              X,                  X, // RecordOpened
  Step.Released,    X,              X,              X,                  X, // TerminalReleased
  Step.Start,       X,              X,              X,                  X, // Spawned
  Step.FailSpawn,   X,              X,              X,                  X, // SpawnFailed
  Step.Hold,        Step.Signal,    Step.Signal,    Step.DrainSignal,   X, // SignalReceived
  X,                Step.Child,     Step.Child,     Step.Child,         X, // ChildExited
  X,                Step.Stopped,   Step.Stopped,   O,                  X, // ChildStopped
  X,                Step.Detach,    Step.Detach,    Step.Detach,        X, // ChildTrapped
  X,                Step.Probe,     Step.Probe,     Step.Drained,       X, // NoChildrenLeft
  X,                Step.Settle,    Step.NextStep,  Step.DrainDeadline, X, // DeadlineReached
  Step.FailBoot,    Step.Failed,    Step.Failed,    Step.Failed,        X, // ActionFailed
  X,                X,              X,              Step.Tell,          X, // ProcessFound
  X,                X,              X,              O,                  X, // ProcessesListed
  Step.Probed,      X,              X,              X,                  X, // SandboxProbed
  X,                Step.Moved,     Step.Moved,     O,                  X, // ForegroundMoved
]);

/** The step of a cell: event kind times the number of phases, plus the phase. */
export function matrixAt(cell: i32): i32 {
  return load<i32>(matrix + ((<usize>cell) << 2));
}
