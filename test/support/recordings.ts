// Recordings that the inits of a test make besides: with RECORD_ALL, the name of a folder, every
// init under test records what it does, and every recording has to replay.
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bytesSource, openTrace } from "../../replay/trace/format.ts";
import { replay } from "../../replay/trace/replay.ts";
import { actionLine, eventLine } from "../../host/wasm/vocabulary.ts";
import { freshCore } from "./cores.ts";

/** Where it is noted how many recordings replayed, a line for each test. */
export const TALLY = "replayed";

/** What a folder's recordings led to. */
export interface Tally {
  traces: number;
  events: number;
}

/** The recordings of one test. */
export class Recordings {
  readonly #folder: string;
  #inits = 0;

  /** `folder` holds those of all tests. */
  constructor(readonly all: string) {
    this.#folder = mkdtempSync(join(all, "test-"));
    // Some inits are started as another user.
    chmodSync(this.#folder, 0o1777);
  }

  /** What one init's environment needs. In a terminal several may have the same. */
  environment(): Record<string, string> {
    return { WASM_INIT_RECORD: `${this.#folder}/${this.#inits++}-%p.trace` };
  }

  /** Replays what there is, and removes it; throws at the first difference, and keeps that trace. */
  replayAll(): Tally {
    const tally = { traces: 0, events: 0 };
    for (const name of readdirSync(this.#folder).sort()) {
      const file = join(this.#folder, name);
      const events = replayed(file);
      if (events === undefined) continue;
      tally.traces++;
      tally.events += events;
    }
    rmSync(this.#folder, { recursive: true });
    appendFileSync(join(this.all, TALLY), `${tally.traces} ${tally.events}\n`);
    return tally;
  }
}

/** How many events of a trace replayed; none if the init was killed before it wrote a header. */
function replayed(file: string): number | undefined {
  const bytes = readFileSync(file);
  if (bytes.subarray(0, 8).every((byte) => byte === 0)) return undefined;
  const { difference, events } = replay(freshCore("release"), openTrace(bytesSource(bytes)));
  if (difference === undefined) return events;
  const lines = (answer: typeof difference.recorded) =>
    answer === "trapped" ? "a trap" : answer.map(actionLine).join(", ");
  throw new Error(
    `${file} differs at step ${difference.step}, ${eventLine(difference.event)}: ` +
      `recorded ${lines(difference.recorded)}; replayed ${lines(difference.replayed)}`,
  );
}
