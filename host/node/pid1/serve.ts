/**
 * Joins PID 1's signals, children and end to the program that Node runs. What is needed at once is
 * little, since every start of Node waits for it: node:os alone takes as long as reading all of this.
 */
import { addonOrEnd } from "../addon/addon.ts";
import { Hearing } from "./listeners.ts";
import { Orphans } from "./orphans.ts";
import { Program } from "./program.ts";
import { endingSignals, SIGCHLD } from "./dispositions.ts";

/** Serves the program from now on; nothing of it keeps the program from its end. */
export function serve(): void {
  // A PID 1 that can't reap is what nobody has asked for: it ends where there is no addon.
  const addon = addonOrEnd();
  const program = new Program(addon);
  const hearing = new Hearing(endingSignals, (signal, heard) => program.signal(signal, heard));
  const orphans = new Orphans(addon, (pid) => program.orphan(pid));
  for (const signal of endingSignals.keys())
    addon.watch(signal, () => hearing.arrived(signal), true);
  addon.watch(SIGCHLD, () => orphans.look(), true);
  orphans.begin();
  program.start();
  follow(hearing, program);
}

/** What the process emits tells which signals were heard, and when the program ends by itself. */
function follow(hearing: Hearing, program: Program): void {
  const emit = Reflect.get(process, "emit") as (...args: unknown[]) => boolean;
  const followed = function (this: unknown, event: string | symbol, ...args: unknown[]) {
    hearing.emits(event);
    const answer = Reflect.apply(emit, this, [event, ...args]);
    if (event === "exit") {
      const status = Number(process.exitCode ?? args[0] ?? 0);
      const last = program.exited(status);
      if (last !== status) process.exitCode = last;
    }
    return answer;
  };
  Object.defineProperty(process, "emit", {
    value: followed,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
