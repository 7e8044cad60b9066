// The steps that the matrix names.
// May not know: what they do.

/** One label for each thing that an event can lead to. */
export enum Step {
  /** The host never brings this event in this phase: the core traps. */
  Impossible = 0,
  /** The event is a fact that changes nothing. */
  Nothing = 1,
  Boot = 2,
  Name = 3,
  Variable = 4,
  Word = 5,
  EndWords = 6,
  Recorded = 7,
  Probed = 8,
  Released = 9,
  Start = 10,
  FailSpawn = 11,
  FailBoot = 12,
  Hold = 13,
  Signal = 14,
  DrainSignal = 15,
  Child = 16,
  Stopped = 17,
  Detach = 18,
  Probe = 19,
  Drained = 20,
  NextStep = 21,
  DrainDeadline = 22,
  Failed = 23,
  Tell = 24,
  Settle = 25,
  Moved = 26,
}
