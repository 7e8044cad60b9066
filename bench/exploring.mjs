/**
 * Explores in so many threads for about so many milliseconds, and prints transitions a minute, the
 * threads' together: `node exploring.mjs THREADS MILLISECONDS`.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { explore, freshCore, worlds } from "wasm-init/replay";

const argv = ["wasm-init", "-k", "TERM:100ms,INT:50ms,KILL", "--drain=80ms", "server"];

/**
 * Transitions and milliseconds of whole explorations.
 *
 * @param {number} milliseconds
 */
function run(milliseconds) {
  const core = freshCore();
  const explored = { transitions: 0, milliseconds: 0 };
  const exploreAll = () =>
    worlds.map(({ pid, bootFlags, bounds }) => {
      const signals = ["TERM", "USR1"];
      return explore(argv, { ...bounds, signals, children: 1 }, { pid, bootFlags }, core)
        .transitions;
    });
  // Once, so that the code is optimised.
  exploreAll();
  const start = performance.now();
  while (explored.milliseconds < milliseconds) {
    explored.transitions += exploreAll().reduce((sum, one) => sum + one, 0);
    explored.milliseconds = performance.now() - start;
  }
  return explored;
}

if (isMainThread) {
  const [threads = 1, milliseconds = 1000] = process.argv.slice(2).map(Number);
  const workers = Array.from({ length: threads }, () => {
    return new Worker(new URL(import.meta.url), { workerData: milliseconds });
  });
  const results = await Promise.all(
    workers.map((worker) => {
      return new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
    }),
  );
  const rates = results.map(({ transitions, milliseconds: took }) => (transitions * 60_000) / took);
  process.stdout.write(`${Math.round(rates.reduce((sum, rate) => sum + rate, 0))}\n`);
} else {
  parentPort?.postMessage(run(workerData));
}
