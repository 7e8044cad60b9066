// The matrix: for every event and every phase the step that is taken. It is total.
// May not know: what a step does.

/** What an event can lead to: each step has the name of the function that takes it. */
export enum Step {
  /** The host never brings this event in this phase: the core traps. */
  Impossible = 0,
  /** The event is a fact that changes nothing. */
  Nothing = 1,
  Boot = 2,
  Name = 3,
  Variable = 4,
  Word = 5,
  WordsEnded = 6,
  RecordOpened = 7,
  SandboxProbed = 8,
  TerminalReleased = 9,
  Spawned = 10,
  SpawnFailed = 11,
  PreparationFailed = 12,
  Hold = 13,
  Signal = 14,
  DrainSignal = 15,
  ChildExited = 16,
  ChildStopped = 17,
  ChildTrapped = 18,
  ProbeCommand = 19,
  Drained = 20,
  ProcessesListed = 21,
  DeadlineReached = 22,
  ActionFailed = 23,
  TellProcess = 24,
  ForegroundMoved = 25,
}

// Why a cell is impossible. The host that brings the event all the same has broken the protocol,
// and the core traps.
/** 0 is no event. */
const NONE: i32 = Step.Impossible;
/** It belongs to the boot protocol, which is over once the command runs. */
const BOOT: i32 = Step.Impossible;
/** It is about a child or a deadline, and there is neither before the spawn. */
const SOON: i32 = Step.Impossible;
/** It is the answer to an action that this phase never asks for. */
const MUTE: i32 = Step.Impossible;
/** Exit was the last action: the host hands over no event after it. */
const OVER: i32 = Step.Impossible;
/** The event is a fact that changes nothing. */
const IDLE: i32 = Step.Nothing;

/** For every event (a row) and every phase (a column) the step that is taken. */
// prettier-ignore
export const matrix: StaticArray<i32> = [
  // Booting               Running               Stopping              Draining              Finished
  NONE,                    NONE,                 NONE,                 NONE,                 NONE, // None
  Step.Boot,               BOOT,                 BOOT,                 BOOT,                 OVER, // Booted
  Step.Name,               BOOT,                 BOOT,                 BOOT,                 OVER, // Named
  Step.Variable,           BOOT,                 BOOT,                 BOOT,                 OVER, // VariableRead
  Step.Word,               BOOT,                 BOOT,                 BOOT,                 OVER, // WordRead
  Step.WordsEnded,         BOOT,                 BOOT,                 BOOT,                 OVER, // WordsEnded
  Step.RecordOpened,       BOOT,                 BOOT,                 BOOT,                 OVER, // RecordOpened
  Step.TerminalReleased,   BOOT,                 BOOT,                 BOOT,                 OVER, // TerminalReleased
  Step.Spawned,            BOOT,                 BOOT,                 BOOT,                 OVER, // Spawned
  Step.SpawnFailed,        BOOT,                 BOOT,                 BOOT,                 OVER, // SpawnFailed
  Step.Hold,               Step.Signal,          Step.Signal,          Step.DrainSignal,     OVER, // SignalReceived
  SOON,                    Step.ChildExited,     Step.ChildExited,     Step.ChildExited,     OVER, // ChildExited
  SOON,                    Step.ChildStopped,    Step.ChildStopped,    IDLE,                 OVER, // ChildStopped
  SOON,                    Step.ChildTrapped,    Step.ChildTrapped,    Step.ChildTrapped,    OVER, // ChildTrapped
  SOON,                    Step.ProbeCommand,    Step.ProbeCommand,    Step.Drained,         OVER, // NoChildrenLeft
  SOON,                    Step.DeadlineReached, Step.DeadlineReached, Step.DeadlineReached, OVER, // DeadlineReached
  Step.PreparationFailed,  Step.ActionFailed,    Step.ActionFailed,    Step.ActionFailed,    OVER, // ActionFailed
  MUTE,                    MUTE,                 MUTE,                 Step.TellProcess,     OVER, // ProcessFound
  MUTE,                    MUTE,                 MUTE,                 Step.ProcessesListed, OVER, // ProcessesListed
  Step.SandboxProbed,      BOOT,                 BOOT,                 BOOT,                 OVER, // SandboxProbed
  MUTE,                    Step.ForegroundMoved, Step.ForegroundMoved, IDLE,                 OVER, // ForegroundMoved
];
