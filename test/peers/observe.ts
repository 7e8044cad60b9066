// What the comparisons look at, in forms that don't depend on process ids.
import type { Report } from "../support/probe.ts";
import { parseProbeEvent } from "../support/probe.ts";
import { signalSet, state } from "../support/proc.ts";
import type { Exit, Finished, StartedInit } from "../support/started.ts";
import { eventually } from "../support/wait.ts";

/** How a program ended, in words. */
export function endOf({ status, signal }: Exit): string {
  return signal ?? `status ${status}`;
}

/** The lines that the init itself wrote to a stream, and not the probe. */
function ownLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && parseProbeEvent(line) === undefined);
}

/** To which streams the init itself wrote. */
export function speech({ stdout, stderr }: Finished): { stdout: boolean; stderr: boolean } {
  return { stdout: ownLines(stdout).length > 0, stderr: ownLines(stderr).length > 0 };
}

/** Where the command stands among the processes, told by `report` and the init's own pid. */
export async function standing(init: StartedInit, report: Report) {
  const pid = init.isPid1 ? 1 : await init.pid();
  return {
    "its parent is the init": report.ppid === pid,
    "it leads its group": report.pgid === report.pid,
    "it leads its session": report.sid === report.pid,
  };
}

/** The numbers in a signal set in hexadecimal. */
export function numbersIn(set: string): number[] {
  const bits = BigInt(`0x${set}`);
  return Array.from({ length: 64 }, (_, index) => index + 1).filter(
    (signal) => (bits >> BigInt(signal - 1)) & 1n,
  );
}

/** What `report` says of signals and files, in words. */
export function attributes(report: Report) {
  return {
    blocked: numbersIn(report.blocked),
    ignored: numbersIn(report.ignored),
    caught: numbersIn(report.caught),
    cwd: report.cwd,
    descriptors: report.descriptors,
  };
}

/**
 * Waits until a process has taken every signal that it got and sleeps again, was stopped, or is
 * gone. Returns its state: "S", "T", "Z", or undefined when it is gone.
 */
export function settled(pid: number): Promise<string> {
  return eventually(`process ${pid} comes to rest`, () => {
    const pending = (signalSet(pid, "ShdPnd") ?? 0n) | (signalSet(pid, "SigPnd") ?? 0n);
    const letter = state(pid);
    if (letter === undefined || letter === "Z" || letter === "X") return "gone";
    if (letter === "T") return "stopped";
    return letter === "S" && pending === 0n ? "asleep" : undefined;
  });
}

/** Whether a process lives: a zombie does not. */
export function lives(pid: number): boolean {
  const letter = state(pid);
  return letter !== undefined && letter !== "Z" && letter !== "X";
}

/** Waits until a process has ended, be it a zombie. */
export function gone(pid: number): Promise<string> {
  return eventually(`process ${pid} ends`, () => (lives(pid) ? undefined : "gone"));
}
