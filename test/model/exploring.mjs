// A thread that explores what it is sent, one after the other, and tells what came of it.
import { parentPort } from "node:worker_threads";
import { explore, freshCore } from "wasm-init/replay";

const core = freshCore();

parentPort?.on("message", ([commandLine, bounds, input]) => {
  const start = performance.now();
  const explored = explore(commandLine, bounds, input, core);
  parentPort?.postMessage({ explored, milliseconds: performance.now() - start });
});
