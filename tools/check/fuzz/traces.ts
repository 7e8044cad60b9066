/** Fuzzes the readers of trace files, led by the branches that they take. */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { bundled } from "../../build/replay_tools";
import { COUNTERS, counting } from "./instrument";
import { mutated, randomOf } from "./mutation";

const BUNDLE = "build/fuzz/traces.mjs";
/** A file that takes longer to read is a find. */
const SLOW_MS = 2_000;
const REPORT_MS = 30_000;

export interface Figures {
  executions: number;
  seconds: number;
  branches: number;
  covered: number;
  corpus: number;
  finds: string[];
}

interface Target {
  readAll(bytes: Uint8Array): void;
}

/** Fuzzes for some seconds, from the files of the given folders; what is new goes to `corpus`. */
export async function fuzzTraces(
  seconds: number,
  seeds: string[],
  corpus: string,
  finds: string,
): Promise<Figures> {
  mkdirSync("build/fuzz", { recursive: true });
  const found = { branches: 0 };
  await build({
    ...bundled,
    entryPoints: ["test/fuzz/traces.ts"],
    outfile: BUNDLE,
    platform: "node",
    plugins: [counting(/(replay|host\/(wasm|node))\/.*\.ts$/, found)],
  });
  const counters = new Uint8Array(found.branches);
  (globalThis as Record<string, unknown>)[COUNTERS] = counters;
  const target = (await import(pathToFileURL(BUNDLE).href)) as Target;
  return new Fuzzer(target, counters, corpus, finds).run(seconds, seeds);
}

class Fuzzer {
  readonly #seen: Uint8Array;
  readonly #files: Uint8Array[] = [];
  readonly #finds = new Map<string, string>();
  #executions = 0;

  constructor(
    readonly target: Target,
    readonly counters: Uint8Array,
    readonly corpus: string,
    readonly finds: string,
  ) {
    this.#seen = new Uint8Array(counters.length);
    mkdirSync(corpus, { recursive: true });
    mkdirSync(finds, { recursive: true });
  }

  run(seconds: number, seeds: string[]): Figures {
    const random = randomOf(Number(process.env["SEED"] ?? Date.now()));
    for (const folder of [...seeds, this.corpus])
      for (const name of readdirSync(folder)) this.#try(readFileSync(`${folder}/${name}`));
    if (this.#files.length === 0) throw new Error(`no trace to begin with in ${seeds.join(", ")}`);
    const started = Date.now();
    let reported = started;
    let now = started;
    while (now - started < seconds * 1000) {
      const one = this.#files[random(this.#files.length)]!;
      const other = this.#files[random(this.#files.length)]!;
      const bytes = mutated(one, other, random);
      if (this.#try(bytes)) writeFileSync(`${this.corpus}/${nameOf(bytes)}`, bytes);
      if (this.#executions % 16 === 0) now = Date.now();
      if (now - reported < REPORT_MS) continue;
      reported = now;
      process.stderr.write(`${JSON.stringify(this.#figures((now - started) / 1000))}\n`);
    }
    return this.#figures((now - started) / 1000);
  }

  #figures(seconds: number): Figures {
    return {
      executions: this.#executions,
      seconds: Math.round(seconds),
      branches: this.counters.length,
      covered: this.#seen.filter((it) => it > 0).length,
      corpus: this.#files.length,
      finds: [...this.#finds.values()],
    };
  }

  /** Reads one file; tells whether it went where none went before. */
  #try(bytes: Uint8Array): boolean {
    this.counters.fill(0);
    this.#executions++;
    const started = performance.now();
    const write = process.stdout.write;
    process.stdout.write = () => true;
    try {
      this.target.readAll(bytes);
    } catch (error) {
      this.#keep(bytes, error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      process.stdout.write = write;
    }
    const lasted = performance.now() - started;
    if (lasted > SLOW_MS) this.#keep(bytes, `took ${Math.round(lasted)} ms`);
    const isNew = this.#learn();
    if (isNew) this.#files.push(bytes);
    return isNew;
  }

  /** How often a branch is taken counts by powers of two, as AFL does it. */
  #learn(): boolean {
    let isNew = false;
    for (let branch = 0; branch < this.counters.length; branch++) {
      const count = this.counters[branch]!;
      if (count === 0) continue;
      const bit = 1 << (31 - Math.clz32(count));
      if ((this.#seen[branch]! & bit) !== 0) continue;
      this.#seen[branch] = this.#seen[branch]! | bit;
      isNew = true;
    }
    return isNew;
  }

  /** One file for each way in which it goes wrong. */
  #keep(bytes: Uint8Array, what: string): void {
    const kind = what.replace(/\d+/g, "0").split("\n").slice(0, 4).join("\n");
    if (this.#finds.has(kind)) return;
    const path = `${this.finds}/${nameOf(bytes)}`;
    this.#finds.set(kind, `${path}: ${what.split("\n")[0]}`);
    writeFileSync(path, bytes);
    process.stderr.write(`FOUND: ${path}: ${what}\n`);
  }
}

function nameOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
