/**
 * Makes the program that Node runs a good PID 1:
 *
 *   node --import wasm-init/pid1 server.js
 *
 * Adopted orphans are reaped, and signals that the program does not listen to do what they do
 * everywhere else. In any other process, and in worker threads, nothing happens: children may
 * inherit the option.
 */
import { writeSync } from "node:fs";
import { debuglog } from "node:util";
import { isMainThread } from "node:worker_threads";

if (process.pid !== 1) {
  debuglog("wasm-init")("this is no PID 1 but %d: nothing to do", process.pid);
} else if (isMainThread) {
  // Another file, so that those who have nothing to do need not read it.
  await import("./pid1/serve.ts").then(
    ({ serve }) => serve(),
    (error: Error) => {
      // A PID 1 that can't reap is what nobody has asked for.
      writeSync(2, `wasm-init: ${error.message}\n`);
      process.exit(125);
    },
  );
}
