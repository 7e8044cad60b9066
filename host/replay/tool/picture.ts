/** What a run looks like, before it is drawn: a track for each process, and signals between them. */
import { ActionKind, EventKind, Target } from "../../../assembly/abi";
import { steps } from "../replay.ts";
import { eventLine, signalName, textOf } from "../vocabulary.ts";
import type { Job } from "./main.ts";

export interface Track {
  pid: number;
  name: string;
  start: number;
  end: number;
  /** How it ended, if it did. */
  how?: string;
}

/** A signal that the init sent, and the arrival that it follows from. */
export interface Sent {
  now: number;
  pid: number;
  text: string;
  arrival?: number;
}

export interface Mark {
  now: number;
  text: string;
}

export interface Picture {
  init: Track;
  tracks: Track[];
  arrivals: Mark[];
  /** Other events, on the init's own track. */
  marks: Mark[];
  sent: Sent[];
  /** Spans in which a deadline was awaited. */
  waits: { start: number; end: number }[];
}

export function pictureOf({ trace, core, sameCore }: Job): Picture {
  const init: Track = { pid: 1, name: "wasm-init", start: 0, end: 0 };
  const tracks = new Map<number, Track>();
  const picture: Picture = { init, tracks: [], arrivals: [], marks: [], sent: [], waits: [] };
  let command: Track | undefined;
  let waiting: number | undefined;
  for (const { sequence, event, actions } of steps(trace, sameCore ? core : undefined)) {
    const { now, pid } = event;
    init.end = now;
    if (event.kind === EventKind.Booted) init.pid = pid;
    if (sequence === undefined) continue;
    let arrival: number | undefined;
    if (event.kind === EventKind.Spawned) {
      command = { pid, name: textOf(event.bytes), start: now, end: now };
      tracks.set(pid, command);
    } else if (event.kind === EventKind.SignalReceived) {
      const from = pid === 0 ? "" : ` from ${pid}`;
      arrival = picture.arrivals.push({ now, text: `${signalName(event.signal)}${from}` }) - 1;
    } else if (event.kind === EventKind.ChildExited) {
      const track = tracks.get(pid) ?? { pid, name: "adopted", start: now, end: now };
      track.end = now;
      track.how = eventLine(event).split(" ").slice(2).join(" ");
      tracks.set(pid, track);
    } else {
      picture.marks.push({ now, text: eventLine(event) });
    }
    for (const action of actions) {
      if (action.kind === ActionKind.SetDeadline || action.kind === ActionKind.ClearDeadline) {
        if (waiting !== undefined && now > waiting)
          picture.waits.push({ start: waiting, end: now });
        waiting = action.kind === ActionKind.SetDeadline ? now : undefined;
      }
      if (action.kind !== ActionKind.SendSignal && action.kind !== ActionKind.QueueSignal) continue;
      if (action.signal === 0) continue;
      const to = action.target === Target.Everyone ? (command?.pid ?? 0) : action.pid;
      const text =
        signalName(action.signal) + (action.target === Target.Everyone ? " to everyone" : "");
      picture.sent.push({ now, pid: to, text, ...(arrival === undefined ? {} : { arrival }) });
    }
  }
  for (const track of tracks.values()) if (track.how === undefined) track.end = init.end;
  picture.tracks = [...tracks.values()];
  return picture;
}
