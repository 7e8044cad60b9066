/**
 * The addon, typed: the C shim's functions for JavaScript, and where signals come from. It holds no
 * policy. Every number that is answered is 0 or above, or a negated errno.
 *
 * The same file serves every Node from 20 on (Node-API), on any of its threads; what concerns the
 * whole process is said below.
 */
import { existsSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Action, Event } from "../../wasm/core.ts";
import { here } from "../here.ts";

/** How to start a command. */
export interface Spawn {
  argv: readonly Uint8Array[];
  /** `NAME=value` each. */
  env: readonly Uint8Array[];
  /** SpawnHow bits of the ABI. */
  how: number;
  /** Parent-death signal, 0 for none. */
  parentDeath: number;
  /** Descriptor of the terminal, -1 for none. */
  terminal: number;
  /** The descriptors above 2 that the command inherits. */
  descriptors: readonly number[];
}

/** What came of it. */
export interface SpawnResult {
  /** 0 if the command does not run; then `error` is the errno, and `reason` a SpawnFailure. */
  pid: number;
  error: number;
  reason: number;
  /** 0, or the negated errno for which the command runs without the terminal. */
  terminal: number;
  /** The loader or interpreter that is missing or can't be executed, empty if none. */
  missing: Uint8Array;
  /** The machine that the file is for, and ours (AUDIT_ARCH_*), where they differ; else 0. */
  machine: number;
  ownMachine: number;
}

/** An event with its bytes as the kernel has them. */
export type TracedEvent = Omit<Event, "bytes"> & { bytes?: Uint8Array };

/** What a trace begins with. */
export interface TraceStart {
  /** With %p and %t, and no NUL. */
  path: Uint8Array;
  /** Size of the file in bytes. */
  limit: number;
  /** Of the core's Wasm. */
  sha256: Uint8Array;
  /** Where the core keeps its state, not a copy. */
  state: Uint8Array;
  /** Boot input: events, and arguments of the command as events of kind 0. */
  boot: readonly TracedEvent[];
}

/** A handle of `watch`. */
export type Watch = object;

export interface Addon {
  /** getpid and geteuid, as the kernel has them now. */
  pid(): number;
  user(): number;
  /** Milliseconds on the monotonic clock. */
  now(): number;
  /** Milliseconds since the machine was started, those while it was suspended too. */
  uptime(): number;
  /** The process's environment, `NAME=value` each, as bytes. */
  environment(): Buffer[];

  /** vfork and exec: returns when the command runs, or why it does not. */
  spawn(how: Spawn): SpawnResult;
  /** kill(2). */
  send(pid: number, signal: number): number;
  /** rt_sigqueueinfo(2), to a process or a whole group, with the halves of si_value. */
  queue(pid: number, signal: number, low: number, high: number): number;
  queueGroup(group: number, signal: number, low: number, high: number): number;
  /**
   * Stops ourselves (0: our whole group) by a signal; returns when we go on. The CONT that ended the
   * stop, or came before it, is the next to be read; EPERM if nothing was stopped.
   */
  stopSelf(pid: number, signal: number): number;

  /**
   * The next child, ours or not, that ended or stopped, without reaping it: 1 and pid, si_code
   * and si_status in `into`, 0 for none, or -ECHILD.
   */
  peek(into: Int32Array): number;
  /** The same of one child: leaves all others alone. */
  look(pid: number, into: Int32Array): number;
  /** Takes note of a stop, or reaps a zombie: this child only. */
  take(pid: number): number;
  /** PTRACE_DETACH with a signal. */
  detach(pid: number, signal: number): number;
  /** PR_SET_CHILD_SUBREAPER, and whether it is set. */
  adopt(on: number): number;
  adopts(): number;
  /** Whether a group has a child in it, which keeps its id from being used again: 0, or -ECHILD. */
  inGroup(group: number): number;
  /** PR_SET_PDEATHSIG. */
  parentDeath(signal: number): number;
  /** Pids of the children that libuv started on this thread and has not reaped yet. */
  loopChildren(): number[];
  /** Whether a line of parents leads from a living process to an ancestor: 1 or 0. */
  descends(pid: number, ancestor: number): number;
  /**
   * All living descendants of this process, whose pid is given; as PID 1 all processes of the
   * namespace. Each by its pid, its process group, and, if the list is detailed, its age in
   * milliseconds and the signals that it ignores (low half, high half). It is if `uptime` says up to
   * when ages are counted, and is not 0. Needs /proc.
   */
  processes(self: number, uptime: number): number[] | number;
  /** kill(2), but only to one of these processes: never to the next one with its id. */
  sendProcess(pid: number, self: number, signal: number): number;

  /** BootFlag bits of the terminal, and its descriptor if it can be controlled, -1 for none. */
  findTerminal(self: number): [bootFlags: number, terminal: number];
  /** EBUSY if a living group other than ours has the foreground. The kernel sends HUP and CONT. */
  releaseTerminal(terminal: number): number;
  /** From our group to another: EALREADY if that has the foreground, EBUSY if a third one has it. */
  giveForeground(terminal: number, group: number): number;
  /**
   * Back from a group, and from groups that are gone or descend from this process: our group. EBUSY
   * if another one has it.
   */
  takeForeground(terminal: number, group: number, self: number): number;

  /** chdir to /. */
  leaveDirectory(): number;
  closeDescriptor(descriptor: number): number;
  /** Writes without ever blocking; what does not fit is lost. */
  write(descriptor: number, bytes: Uint8Array): void;

  /** Opens the one trace file of the process and writes what it begins with: 0 is success. */
  traceOpen(start: TraceStart): number;
  /**
   * Writes an event that the core has taken, and its actions. `state` is where the core keeps its
   * state, not a copy. After a failure the file is closed.
   */
  traceAppend(event: TracedEvent, actions: readonly Action[], state: Uint8Array): number;
  /** Writes the event on which the core has trapped. */
  traceTrap(event: TracedEvent): void;
  traceClose(): void;

  /**
   * Takes all signals of the process over, for good, with handlers of our own: for a process that
   * does nothing else. Not beside process.on("SIG..."), whose handlers would replace these. Calls
   * back when there is something to read.
   */
  listen(onReadable: () => void): number;
  /**
   * Takes signals out, in order: number, si_code, pid, uid, and the halves of si_value, six numbers
   * each. Returns how many signals; fewer than fit means that there are no more now.
   */
  read(into: Int32Array): number;
  /**
   * Listens to one signal through libuv, beside everybody else who does: the number, no more. In the
   * background it does not keep the process running.
   */
  watch(signal: number, onSignal: (signal: number) => void, background?: boolean): Watch | number;
  unwatch(watch: Watch): void;

  /** Claims the process for one run: 1, or 0 while another one has it, in whichever thread. */
  claim(): number;
  release(): void;

  /** exit_group(2): nothing else happens. */
  leave(status: number): never;
}

/** Beside the bundles; in a checkout; in the npm package, compiled there or brought along. */
const places = [
  "./wasm-init.node",
  "../../build/wasm-init.node",
  "../host/node/addon/build/Release/wasm-init.node",
  `../prebuilt/linux-${process.arch}.node`,
];

/** The one addon of the process; throws where none fits, and says what to do. */
export function loadAddon(): Addon {
  let why = `nobody has compiled it for ${process.arch}`;
  for (const place of places) {
    const path = join(here, place);
    if (!existsSync(path)) continue;
    // What require() does, in fewer steps.
    const module = { exports: {} };
    try {
      process.dlopen(module, path);
      return module.exports as Addon;
    } catch (error) {
      // Made for another C library, for one.
      why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    }
  }
  const installer = join(here, "../install.mjs");
  const remedy = existsSync(installer) ? `node ${installer}` : "npm run build";
  throw new Error(`cannot load the addon (${why}): ${remedy} compiles it, and needs g++ and make`);
}

/** The same for those who are nothing without it: one line, and the status of an init that fails. */
export function addonOrEnd(): Addon {
  try {
    return loadAddon();
  } catch (error) {
    writeSync(2, `wasm-init: ${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(125);
  }
}
