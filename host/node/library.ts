/**
 * Runs a command under the init's policy, inside a program of Node:
 *
 *   import { run } from "wasm-init";
 *   const status = await run(["--stop=TERM:10s,KILL", "--", "my-server"]);
 */
import { isMainThread } from "node:worker_threads";
import core from "../../build/core.wasm";
import { loadAddon } from "./addon/addon.ts";
import { checked, type RunOptions } from "./arguments.ts";
import { Boot } from "../wasm/boot.ts";
import { Core } from "../wasm/core.ts";
import { digest } from "./digest.ts";
import { Init } from "./loop/init.ts";
import { Recorder } from "./loop/recorder.ts";
import { SharedProcess } from "./loop/shared_process.ts";

export { ActionKind, EventKind } from "../../assembly/abi";
export type { RunOptions } from "./arguments.ts";
export type { Action, Event } from "../wasm/core.ts";

const TERM = 15;

/**
 * Runs a command to its end; `args` are what follows `wasm-init` on the command line. Returns the
 * exit status that the init would end with: of wrong options, too, which a line on stderr explains.
 *
 * Meanwhile the program's signals are forwarded to the command, beside the program's own listeners.
 * One run at a time in a process, and on its main thread: anything else is rejected, and so are
 * arguments of the wrong kind, with a TypeError.
 */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<number> {
  // Orphans come to the main thread, and what libuv started elsewhere can't be told from there.
  if (!isMainThread) throw new Error("run() only works on the main thread");
  const { words, env, signal, onEvent, onAction } = checked(args, options);
  const addon = loadAddon();
  if (addon.claim() === 0)
    throw new Error("another run() is active in this process: wait until it ends");
  try {
    return await new Promise<number>((resolve) => {
      const abort = () => world.send(TERM);
      const world = new SharedProcess(
        addon,
        () => init.turn(),
        (status) => {
          signal?.removeEventListener("abort", abort);
          resolve(status);
        },
      );
      const boot = new Boot({
        argv: ["wasm-init", ...words],
        env,
        bootFlags: world.bootFlags(),
        pid: world.pid,
        uid: addon.user(),
      });
      const init = new Init({
        addon,
        core: Core.of(core),
        boot,
        world,
        environment: () =>
          Object.entries(boot.environment).map(([name, value]) => Buffer.from(`${name}=${value}`)),
        recorder: new Recorder(addon, digest),
        observer: {
          ...(onEvent && { onEvent }),
          ...(onAction && { onAction }),
        },
      });
      // An observer may abort while the init starts: that one is heard.
      const early = signal?.aborted ?? false;
      signal?.addEventListener("abort", abort);
      init.start();
      if (early) abort();
    });
  } finally {
    addon.release();
  }
}
