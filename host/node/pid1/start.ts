/** Serves the program where it is PID 1, and its main thread; `node --require` may ask for it, too. */
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
