/**
 * Makes the program that Node runs a good PID 1:
 *
 *   node --import wasm-init/pid1 server.js
 *
 * Adopted orphans are reaped, and signals that the program does not listen to do what they do
 * everywhere else. In any other process, and in worker threads, nothing happens: children may
 * inherit the option. `node --require` does the same.
 */
import { readlinkSync } from "node:fs";
import { debuglog } from "node:util";
import { serve } from "./serve.ts";

/** By the ids of process and thread, which are the same; node:worker_threads takes long to load. */
function isMainThread(): boolean {
  try {
    const [process, , thread] = readlinkSync("/proc/thread-self").split("/");
    return process === thread;
  } catch {
    // Without /proc there is nothing that could be done here.
    return false;
  }
}

if (process.pid !== 1) debuglog("wasm-init")("this is no PID 1 but %d: nothing to do", process.pid);
else if (isMainThread()) serve();
