// What /proc says of processes. See proc(5). A process may be gone at any moment, so everything
// here returns undefined, or leaves it out, instead of failing.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { underNode } from "./paths.ts";

/** Clock ticks in a second (USER_HZ). */
const TICKS_PER_SECOND = 100;

function read(path: string): string | undefined {
  try {
    // As latin1, every byte is a character: a process's words and names may be any bytes.
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

/** All process ids of the namespace that /proc shows. */
function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A field of /proc/PID/status, such as "SigBlk". */
export function statusField(pid: number, field: string): string | undefined {
  const status = read(`/proc/${pid}/status`);
  return new RegExp(`^${field}:\\s*(.*)$`, "m").exec(status ?? "")?.[1];
}

export type SignalSetField = "SigBlk" | "SigIgn" | "SigCgt" | "SigPnd" | "ShdPnd";

/** One of the signal sets of a process: bit N-1 is signal N. */
export function signalSet(pid: number, field: SignalSetField): bigint | undefined {
  const text = statusField(pid, field);
  return text === undefined ? undefined : BigInt(`0x${text}`);
}

/** The set of these signals. */
export function setOf(...signals: number[]): bigint {
  return signals.reduce((set, signal) => set | (1n << BigInt(signal - 1)), 0n);
}

/** One letter: R, S, D, T (stopped), t (traced), Z (zombie), ... */
export function state(pid: number): string | undefined {
  return statusField(pid, "State")?.[0];
}

/** Whether a process is older than a clock tick, so that its age is known to be more than none. */
export function isAged(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const start = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? Infinity);
  return Number(read("/proc/uptime")?.split(" ")[0] ?? 0) * TICKS_PER_SECOND > start + 1;
}

export function parentOf(pid: number): number | undefined {
  const text = statusField(pid, "PPid");
  return text === undefined ? undefined : Number(text);
}

/** Where a process stands: its group, its session, and its terminal's foreground. */
export interface Place {
  state: string;
  group: number;
  session: number;
  /** Device number of the controlling terminal, 0 for none. */
  terminal: number;
  foreground: number;
}

/** See proc_pid_stat(5); undefined for a process that is gone. */
export function placeOf(pid: number): Place | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const [state = "", , group, session, terminal, foreground] = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ");
  return {
    state,
    group: Number(group),
    session: Number(session),
    terminal: Number(terminal),
    foreground: Number(foreground),
  };
}

/**
 * Whether nobody outside of a process's group, but in its session, could continue it: there the
 * kernel ignores TSTP, TTIN and TTOU (setpgid(2), credentials(7)).
 */
export function isOrphaned(pid: number): boolean {
  const own = placeOf(pid);
  return !allPids().some((member) => {
    if (placeOf(member)?.group !== own?.group) return false;
    const parent = placeOf(parentOf(member) ?? 0);
    return parent?.session === own?.session && parent?.group !== own?.group;
  });
}

/**
 * The children of a process, zombies included. /proc/PID/task/PID/children would be cheaper, but
 * is allowed to miss some while others end.
 */
export function childrenOf(pid: number): number[] {
  return allPids().filter((other) => parentOf(other) === pid);
}

export function zombiesOf(pid: number): number[] {
  return childrenOf(pid).filter((child) => state(child) === "Z");
}

/**
 * The numbers of rt_sigtimedwait(2), which sigwait and sigwaitinfo are too; of an i386 program on an
 * amd64 kernel too, where amd64 itself has nothing by that number.
 */
const RT_SIGTIMEDWAIT: Record<string, string[]> = {
  x64: ["128", "177"],
  ppc64: ["176"],
  s390x: ["177"],
};
/** The number of epoll_pwait(2), in which libuv waits for everything. */
const EPOLL_PWAIT: Record<string, string[]> = { x64: ["281"], ppc64: ["303"], s390x: ["312"] };

/**
 * Tells whether a process sleeps until a signal comes that it takes as data, or that its handler
 * tells libuv of. For as long, the
 * kernel takes the signals it waits for out of the mask that SigBlk shows (do_sigtimedwait in
 * kernel/signal.c), so SigBlk alone can't tell such a process from one that blocks nothing.
 */
export function waitsForSignals(pid: number): boolean {
  const number = read(`/proc/${pid}/syscall`)?.split(" ")[0];
  const [table, other] = underNode ? [EPOLL_PWAIT, "22"] : [RT_SIGTIMEDWAIT, "137"];
  return number !== undefined && (table[process.arch] ?? [other]).includes(number);
}

/** The id that a process has in the innermost pid namespace that it is in. */
export function innerPid(pid: number): number | undefined {
  const text = statusField(pid, "NSpid");
  return text === undefined ? undefined : Number(text.split("\t").at(-1));
}

export function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

export function descriptorsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** The flags that a descriptor was opened with, O_NONBLOCK among them. */
export function descriptorFlags(pid: number, descriptor: number): number | undefined {
  const text = /^flags:\s*(\d+)/m.exec(read(`/proc/${pid}/fdinfo/${descriptor}`) ?? "")?.[1];
  return text === undefined ? undefined : parseInt(text, 8);
}

/** The living processes whose environment has this entry. A zombie's environment is empty. */
export function pidsWithEnvironment(entry: string): number[] {
  return allPids().filter((pid) => read(`/proc/${pid}/environ`)?.split("\0").includes(entry));
}

export function commandLine(pid: number): string {
  return (read(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trimEnd();
}

/** Resumes and interruptions of a process so far: as long as they stay, it does nothing. */
export function switches(pid: number): string {
  const fields = ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"];
  return fields.map((field) => statusField(pid, field)).join(" ");
}

/** Sends a signal to a process that may end at any moment: between a look and this, too. */
export function signalIfAlive(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
