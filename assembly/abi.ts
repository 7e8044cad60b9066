// The numbers that core and hosts share: kinds, phases, sizes, version. The single source for both.
// May not know: policy, state, what any kind leads to.
//
// Numbers are explicit, and 0 is "none". They change only with ABI_VERSION, since traces hold them.

/** Checked by every host before the first event. */
export const ABI_VERSION: i32 = 2;

/** Facts: what has happened. The fields that each carries are in the comment beside it. */
export enum EventKind {
  None = 0,
  /** code: BootFlag bits; pid: the init's own; uid: its effective user; low: words after argv[0]. */
  Booted = 1,
  /** bytes: argv[0]; code: its length; low, high: the first eight bytes of the word after it, the
   * first one lowest, with NULs behind its end. */
  Named = 2,
  /** signal: Variable; code: length of the value, -1 when unset; bytes: the value. */
  VariableRead = 3,
  /** code: true length of the word; bytes: the word, cut at ARGUMENT_CAPACITY. */
  WordRead = 4,
  /** There is no further word. */
  WordsEnded = 5,
  /** The trace file is open. */
  RecordOpened = 6,
  /** The controlling terminal has been released. */
  TerminalReleased = 7,
  /** pid: the command's; code: length of its word; bytes: the word, cut. */
  Spawned = 8,
  /** code: errno; signal: SpawnFailure; bytes: command word, NUL, the loader or interpreter at fault;
   * low, high: the machine that the file is for, and this one (AUDIT_ARCH_*), where they differ. */
  SpawnFailed = 9,
  /** signal; code: si_code; pid, uid: the sender's; low, high: si_value. */
  SignalReceived = 10,
  /** pid; code: si_code (CLD_*); signal: si_status. The child is a zombie until Reap. */
  ChildExited = 11,
  /** pid; signal: the one that stopped it (job control). */
  ChildStopped = 12,
  /** pid; signal: the one it is ptrace-stopped for; code: the ptrace event, 0 for none. */
  ChildTrapped = 13,
  /** waitid(2) says ECHILD. */
  NoChildrenLeft = 14,
  /** The clock has passed the deadline that was set. */
  DeadlineReached = 15,
  /** code: errno; uid: ActionKind; low: index in its drain; signal, pid: as in the action. */
  ActionFailed = 16,
  /** pid: a living descendant, as PID 1 any process of its namespace, in answer to ListDescendants;
   * uid: its process group, 0 for one of another namespace. If the list is to be detailed, code: for
   * how many milliseconds the process has been there, no more than it has; low, high: the signals
   * that it ignores, all where that can't be known; bit n-1 is signal n. */
  ProcessFound = 17,
  /** The list that ListDescendants asked for is complete. */
  ProcessesListed = 18,
  /** The sandbox would be available (answer to ProbeSandbox). */
  SandboxProbed = 19,
  /** pid: the process group that has the terminal's foreground now. */
  ForegroundMoved = 20,
}
/** One more than the last event kind. */
export const EVENT_KINDS: i32 = 21;

/** Commands to the host. Five i32 each, a to e; what they mean is in the comment beside it. */
export enum ActionKind {
  None = 0,
  /** a: Variable; b, c: address and length of its name. Answer: VariableRead. */
  ReadVariable = 1,
  /** b, c: address and length of the name to remove from the command's environment. */
  HideVariable = 2,
  /** Answer: WordRead or WordsEnded. */
  ReadWord = 3,
  /** a: how many; b: offset, c: length of the NUL-separated words in the argument buffer: they
   * replace, in place, the bytes last read, and come before the next word. */
  InsertWords = 4,
  /** a: offset, in the bytes last read, of the trace file's path. */
  KeepRecordPath = 5,
  /** a: size limit in bytes; b: Record bits. Answer: RecordOpened or ActionFailed. */
  OpenRecord = 6,
  /** a: 1 on. */
  BecomeSubreaper = 7,
  /** a: signal. */
  SetParentDeathSignal = 8,
  /** Give up the controlling terminal. Answer: TerminalReleased or ActionFailed. */
  ReleaseTerminal = 9,
  /** a: SpawnHow bits; b: parent-death signal of the command, 0 for none. The command is the word
   * last read and all that follow. c: Target of its signals, for the fallback. Answer: Spawned or SpawnFailed. */
  Spawn = 10,
  /** a: Target; b: pid or process group; c: signal. */
  SendSignal = 11,
  /** The same with a payload: d, e: low and high half of si_value. */
  QueueSignal = 12,
  /** a: Target, the init's Process or its OwnGroup; c: the signal to stop by, its action made the
   * default one. Fails, without an end, when the kernel ignores it (orphaned process group). */
  StopSelf = 13,
  /** a, b: low and high half of milliseconds since boot. One deadline at a time. */
  SetDeadline = 14,
  ClearDeadline = 15,
  /** b: the process group that gets the terminal's foreground, if the init's own group has it.
   * Answer: ForegroundMoved, or ActionFailed: EALREADY if the group has it, EBUSY if a stranger. */
  GiveForeground = 16,
  /** The init's own group gets the foreground back from b, from a group of our descendants, or
   * from one that is dead; never from a stranger. Answer: ForegroundMoved or ActionFailed. */
  TakeForeground = 17,
  /** a: stream (1 or 2); b: address; c: length. Never fails, never blocks. */
  Write = 18,
  /** b: pid of a zombie child. Without a pid, ActionFailed tells that the host has looked for
   * children in vain again and again. */
  Reap = 19,
  /** b: pid of a ptrace-stopped child; c: the signal to let it go with. */
  DetachTraced = 20,
  /** Change the working directory to /. */
  LeaveDirectory = 21,
  /** Close every descriptor above 2, except those that the host itself needs. */
  CloseDescriptors = 22,
  /** a: 1 for a detailed list. Answers: ProcessFound for each living descendant, then
   * ProcessesListed. */
  ListDescendants = 23,
  /** Answer: SandboxProbed or ActionFailed. */
  ProbeSandbox = 24,
  /** a: Sandbox bits. */
  EnterSandbox = 25,
  /** a: status, 0-255. The last action ever. */
  Exit = 26,
  /** From now on every event is stamped with the time; before, the end of an adopted child carries
   * the stamp of the event before it, which spares a system call for each. */
  StampAll = 27,
  /** a: 1 to leave real-time signals pending, 0 to take them again. */
  HoldRealTime = 28,
}
/** One more than the last action kind. */
export const ACTION_KINDS: i32 = 29;

/** Where a run stands. */
export enum Phase {
  Booting = 0,
  Running = 1,
  Stopping = 2,
  Draining = 3,
  Finished = 4,
}
export const PHASES: i32 = 5;

/** What the host found at boot (bits of Booted's code). */
export enum BootFlag {
  /** One of descriptors 0-2, or /dev/tty, is our controlling terminal. */
  Terminal = 1,
  /** The init leads its session. */
  SessionLeader = 2,
  /** The init's process group has the terminal's foreground, and descriptors 0 and 1 are that
   * terminal: in a pipeline, others of our group may want it too. */
  Foreground = 4,
  /** Signals from the init's own pid are other people's (a host that shares its process). */
  SharedPid = 8,
  /** The host can't release or hand over a terminal, nor change directory or descriptors. */
  Guest = 16,
  /** There is a controlling terminal, but it can't be controlled. */
  TerminalRefused = 32,
}

/** Which environment variable a VariableRead answers. */
export enum Variable {
  None = 0,
  Options = 1,
  Record = 2,
  ListenPid = 3,
  DumbInitDebug = 4,
  DumbInitSetsid = 5,
  TiniSubreaper = 6,
  TiniKillProcessGroup = 7,
  TiniVerbosity = 8,
  CatatonitDebug = 9,
  WatchdogPid = 10,
}

/** How the command is to be started (bits of Spawn's a). */
export enum SpawnHow {
  NewSession = 1,
  NewGroup = 2,
  /** Make the released terminal the controlling terminal of the new session. */
  TakeTerminal = 4,
  /** Give the terminal's foreground to the new group. */
  TakeForeground = 8,
  /** Empty signal mask and default dispositions, instead of those that the init found. */
  DefaultSignals = 16,
  /** Set LISTEN_PID to the command's pid. */
  SetListenPid = 32,
  /** Leave out a `--` that is the first word with a dash after the command. */
  DropSeparator = 64,
  /** Set WATCHDOG_PID to the command's pid. */
  SetWatchdogPid = 128,
}

/** Why a spawn failed (SpawnFailed's signal). */
export enum SpawnFailure {
  None = 0,
  /** No process could be made (fork). */
  Fork = 1,
  /** The command could not be executed. */
  Exec = 2,
  /** The file is there, but the loader or interpreter that it names is not, or can't be executed. */
  Interpreter = 3,
}

/** Who a signal is for (SendSignal's a). */
export enum Target {
  None = 0,
  Process = 1,
  Group = 2,
  /** Every process that the init may signal: kill(2) with -1. */
  Everyone = 3,
  /** The init's own process group: kill(2) with 0. */
  OwnGroup = 4,
}

/** What a recording holds (bits of OpenRecord's b). */
export enum Record {
  /** The command's arguments too. */
  Arguments = 1,
}

/** What the loop still needs inside the sandbox (bits of EnterSandbox's a). */
export enum Sandbox {
  Loop = 1,
  Record = 2,
  Drain = 4,
  Terminal = 8,
}

/** Bytes that an event can carry. */
export const ARGUMENT_CAPACITY: i32 = 4096;
/** Bytes of the command word that enter the core. */
export const COMMAND_CAPACITY: i32 = 255;
/** Actions that one event can lead to. */
export const ACTION_CAPACITY: i32 = 48;
/** Highest signal number. */
export const SIGNAL_MAX: i32 = 64;
