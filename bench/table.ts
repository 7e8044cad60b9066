/** What is measured of whom, and how it is shown: the types that the benchmark shares. */

/** One of the programs that are measured side by side. */
export interface Candidate {
  name: string;
  /** The program and its own words, up to where the command begins. */
  words: [string, ...string[]];
  /** The floor only runs a command: it is no init, and has no part in the other measures. */
  role: "ours" | "peer" | "floor";
}

/** What a budget compares the init under test with. */
export interface Budget {
  /** Whom it is for, by name. */
  candidate: string;
  column: string;
  limit: number;
  /** The value itself, or its ratio to the best peer's or to the floor's. */
  of: "value" | "best peer" | "bare";
  /** The limit itself is not enough: it has to be below it. */
  strictly?: boolean;
}

/** One line of a table. */
export interface Row {
  candidate: Candidate;
  /** By column. */
  values: Record<string, number>;
}

/** One table. */
export interface Measure {
  name: string;
  title: string;
  /** How it was measured, in a line or two. */
  how: string[];
  /** The first one is what candidates are compared by. */
  columns: [string, ...string[]];
  rows: Row[];
  budgets: Budget[];
}

/** How much is measured. */
export interface Effort {
  starts: number;
  /** The inits are started anew for each batch, since a process's place in memory is luck. */
  batches: number;
  signalsPerBatch: number;
  storms: number;
  orphans: number;
  singles: number;
  memoryStarts: number;
  idleSeconds: number;
  decisionMilliseconds: number;
  nodeStarts: number;
}
