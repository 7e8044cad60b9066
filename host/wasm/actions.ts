/**
 * The core's actions as typed objects. Only this file knows what the five numbers of an action
 * mean; the bytes that some of them point at are copied out.
 */
import { ActionKind, type Target, type Variable } from "../../assembly/abi";

/** The numbers as the core gave them: ActionFailed hands two of them back, traces keep all. */
export interface Fields {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
}

/** What each kind of action carries. */
interface Contents {
  [ActionKind.None]: object;
  [ActionKind.ReadVariable]: { variable: Variable; name: string };
  [ActionKind.HideVariable]: { name: string };
  [ActionKind.ReadWord]: object;
  /** The words, which take the place of the bytes last read from `offset` on. */
  [ActionKind.InsertWords]: { count: number; offset: number; bytes: Uint8Array };
  [ActionKind.KeepRecordPath]: { offset: number };
  [ActionKind.OpenRecord]: { limit: number; record: number };
  [ActionKind.BecomeSubreaper]: { on: boolean };
  [ActionKind.SetParentDeathSignal]: { signal: number };
  [ActionKind.ReleaseTerminal]: object;
  [ActionKind.Spawn]: { how: number; parentDeath: number; target: Target };
  [ActionKind.SendSignal]: { target: Target; pid: number; signal: number };
  [ActionKind.QueueSignal]: {
    target: Target;
    pid: number;
    signal: number;
    low: number;
    high: number;
  };
  [ActionKind.StopSelf]: { target: Target; signal: number };
  /** Milliseconds since boot. */
  [ActionKind.SetDeadline]: { due: number };
  [ActionKind.ClearDeadline]: object;
  [ActionKind.GiveForeground]: { group: number };
  [ActionKind.TakeForeground]: { group: number };
  [ActionKind.Write]: { stream: number; bytes: Uint8Array; text: string };
  [ActionKind.Reap]: { pid: number };
  [ActionKind.DetachTraced]: { pid: number; signal: number };
  [ActionKind.LeaveDirectory]: object;
  [ActionKind.CloseDescriptors]: object;
  [ActionKind.ListDescendants]: { detailed: boolean };
  [ActionKind.ProbeSandbox]: object;
  [ActionKind.EnterSandbox]: { needs: number };
  [ActionKind.Exit]: { status: number };
  [ActionKind.StampAll]: object;
  [ActionKind.HoldRealTime]: { on: boolean };
}

/** An action of one kind. */
export type ActionOf<K extends ActionKind> = { kind: K } & Fields & Contents[K];

/** Any action: `kind` tells which fields it has. */
export type Action = { [K in ActionKind]: ActionOf<K> }[ActionKind];

/** Copies bytes out of the linear memory. */
export type Memory = (address: number, length: number) => Uint8Array;

const decoder = new TextDecoder();

/** Makes the typed action of its kind and its five numbers. */
export function typedAction(kind: ActionKind, fields: Fields, memory: Memory, argument: number) {
  return { kind, ...fields, ...contents(kind, fields, memory, argument) } as Action;
}

function contents(kind: ActionKind, f: Fields, memory: Memory, argument: number): object {
  switch (kind) {
    case ActionKind.ReadVariable:
      return { variable: f.a, name: decoder.decode(memory(f.b, f.c)) };
    case ActionKind.HideVariable:
      return { name: decoder.decode(memory(f.b, f.c)) };
    case ActionKind.InsertWords:
      return { count: f.a, offset: f.b, bytes: memory(argument + f.b, f.c) };
    case ActionKind.KeepRecordPath:
      return { offset: f.a };
    case ActionKind.OpenRecord:
      return { limit: f.a, record: f.b };
    case ActionKind.BecomeSubreaper:
    case ActionKind.HoldRealTime:
      return { on: f.a !== 0 };
    case ActionKind.SetParentDeathSignal:
      return { signal: f.a };
    case ActionKind.Spawn:
      return { how: f.a, parentDeath: f.b, target: f.c };
    case ActionKind.SendSignal:
      return { target: f.a, pid: f.b, signal: f.c };
    case ActionKind.QueueSignal:
      return { target: f.a, pid: f.b, signal: f.c, low: f.d, high: f.e };
    case ActionKind.SetDeadline:
      return { due: (f.a >>> 0) + f.b * 2 ** 32 };
    case ActionKind.StopSelf:
      return { target: f.a, signal: f.c };
    case ActionKind.GiveForeground:
    case ActionKind.TakeForeground:
      return { group: f.b };
    case ActionKind.Write: {
      const bytes = memory(f.b, f.c);
      return { stream: f.a, bytes, text: decoder.decode(bytes) };
    }
    case ActionKind.Reap:
      return { pid: f.b };
    case ActionKind.DetachTraced:
      return { pid: f.b, signal: f.c };
    case ActionKind.ListDescendants:
      return { detailed: f.a !== 0 };
    case ActionKind.EnterSandbox:
      return { needs: f.a };
    case ActionKind.Exit:
      return { status: f.a };
    case ActionKind.None:
    case ActionKind.ReadWord:
    case ActionKind.ReleaseTerminal:
    case ActionKind.ClearDeadline:
    case ActionKind.LeaveDirectory:
    case ActionKind.CloseDescriptors:
    case ActionKind.ProbeSandbox:
    case ActionKind.StampAll:
      return {};
  }
}
