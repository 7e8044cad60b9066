/** Explores in several threads at once. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Explored } from "wasm-init/replay";
import { argumentsOf, type Setting } from "./settings.ts";

/** The result of one setting, and how long it took. */
export interface Result {
  setting: Setting;
  explored: Explored;
  milliseconds: number;
}

/** Threads that each take the next setting as soon as they are free. */
export class Threads {
  readonly #workers: Worker[];

  constructor(count: number) {
    const program = new URL("exploring.mjs", import.meta.url);
    this.#workers = Array.from({ length: count }, () => new Worker(program));
  }

  /** Explores all of them. */
  async explore(settings: readonly Setting[]): Promise<Result[]> {
    const results: Result[] = [];
    const rest = settings.values();
    const work = async (worker: Worker) => {
      for (const setting of rest) {
        worker.postMessage(argumentsOf(setting));
        const [answer] = (await once(worker, "message")) as [Omit<Result, "setting">];
        results.push({ setting, ...answer });
      }
    };
    await Promise.all(this.#workers.map(work));
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
