// The lines that the probe prints.

interface Said<Kind extends string> {
  event: Kind;
  /** The name that the step `name:` gave to the process. */
  who: string;
}

export interface Report extends Said<"report"> {
  pid: number;
  ppid: number;
  pgid: number;
  sid: number;
  uid: number;
  euid: number;
  cwd: string;
  /** Signal sets in hexadecimal, as in /proc/PID/status. */
  blocked: string;
  ignored: string;
  caught: string;
  descriptors: number[];
}

export interface ReceivedSignal extends Said<"signal"> {
  signal: number;
  code: number;
  pid: number;
  uid: number;
  /** The payload in hexadecimal, when it has one. */
  value: string | null;
}

export interface EnvironmentEntry extends Said<"env"> {
  name: string;
  value: string | null;
  count: number;
}

export type ProbeEvent =
  | Report
  | ReceivedSignal
  | EnvironmentEntry
  | (Said<"words"> & { words: string[] })
  | (Said<"say"> & { text: string })
  | (Said<"listening"> & { pid: number })
  | (Said<"forked"> & { pid: number })
  | (Said<"orphaned"> & { pid: number; ppid: number })
  | (Said<"orphans"> & { count: number })
  | Said<"full">;

export type ProbeEventOf<Kind extends ProbeEvent["event"]> = Extract<ProbeEvent, { event: Kind }>;

/** The event of a line, or undefined when the line is none. */
export function parseProbeEvent(line: string): ProbeEvent | undefined {
  return line.startsWith('{"event":') ? (JSON.parse(line) as ProbeEvent) : undefined;
}

/** si_code values, see sigaction(2). */
export const SI_USER = 0;
export const SI_QUEUE = -1;
