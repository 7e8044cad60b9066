/**
 * What a run looks like, before it is drawn: a track for each process, and signals between them.
 * It is told piece by piece, as the trace is read: a long one never stands in memory.
 */
import { ActionKind, EventKind, Target } from "../../assembly/abi";
import { steps } from "../trace/replay.ts";
import { eventLine, signalName, textOf } from "../../host/wasm/vocabulary.ts";
import type { Job } from "./job.ts";

export interface Track {
  pid: number;
  name: string;
  start: number;
  end: number;
  /** How it ended, if it did. */
  how?: string;
}

/** Takes a picture's pieces, in the order in which they are known. */
export interface Canvas {
  /** A process, when it has ended or the trace has; `own` is the command. */
  track(track: Track, own: boolean): void;
  /** A signal that came to the init. */
  arrival(now: number, text: string): void;
  /** Another event, on the init's own track. */
  mark(now: number, text: string): void;
  /** A signal that the init sent. */
  sent(now: number, pid: number, text: string): void;
  /** A span in which a deadline was awaited. */
  wait(start: number, end: number): void;
}

/** Draws a run; returns the init's own track. */
export function draw({ trace, core, sameCore }: Job, canvas: Canvas): Track {
  const init: Track = { pid: 1, name: "wasm-init", start: 0, end: 0 };
  let command: Track | undefined;
  let waiting: number | undefined;
  for (const event of trace.boot) if (event.kind === EventKind.Booted) init.pid = event.pid;
  for (const step of steps(trace, sameCore ? core : undefined)) {
    const { sequence, event, actions } = step;
    const { now, pid } = event;
    if (sequence === undefined) continue;
    init.end = now;
    if (event.kind === EventKind.Spawned) {
      command = { pid, name: textOf(event.bytes), start: now, end: now };
    } else if (event.kind === EventKind.SignalReceived) {
      canvas.arrival(now, `${signalName(event.signal)}${pid === 0 ? "" : ` from ${pid}`}`);
    } else if (event.kind === EventKind.ChildExited) {
      const own = command?.pid === pid;
      const track = own && command ? command : { pid, name: "adopted", start: now, end: now };
      const how = eventLine(event).split(" ").slice(2).join(" ");
      canvas.track({ ...track, end: now, how }, own);
      if (own) command = undefined;
    } else {
      canvas.mark(now, eventLine(event));
    }
    if (step.trapped) canvas.mark(now, "the core trapped");
    for (const action of actions) {
      if (action.kind === ActionKind.SetDeadline || action.kind === ActionKind.ClearDeadline) {
        if (waiting !== undefined && now > waiting) canvas.wait(waiting, now);
        waiting = action.kind === ActionKind.SetDeadline ? now : undefined;
      }
      if (action.kind !== ActionKind.SendSignal && action.kind !== ActionKind.QueueSignal) continue;
      if (action.signal === 0) continue;
      const everyone = action.target === Target.Everyone;
      const to = everyone ? (command?.pid ?? 0) : action.pid;
      canvas.sent(now, to, signalName(action.signal) + (everyone ? " to everyone" : ""));
    }
  }
  if (command !== undefined) canvas.track({ ...command, end: init.end }, true);
  return init;
}
