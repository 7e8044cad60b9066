/** The benchmark's output: tables on stdout, and everything that is said besides on stderr. */
import { arch, cpus, loadavg, release } from "node:os";
import type { Budget, Measure, Row } from "./table.ts";

/** Says something that is no result. */
export function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

/** Says it where others keep the machine busy: the numbers are then theirs as much as ours. */
export function sayIfBusy(): void {
  const load = loadavg()[0] ?? 0;
  if (load > 1) say(`the machine is busy (load ${load.toFixed(1)}): do not publish these numbers`);
}

/** When and on what kind of machine; nothing that would tell which machine it was. */
export function circumstances(): Record<string, string> {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    kernel: release(),
    processor: `${processors.length} × ${processors[0]?.model.trim() ?? arch()}`,
    load: loadavg()[0]?.toFixed(2) ?? "unknown",
  };
}

/** A budget and what became of it. */
export interface Verdict extends Budget {
  actual: number;
  ok: boolean;
}

/** The peer with the least value, by which all are measured. */
function bestPeer(measure: Measure, column: string = measure.columns[0]): Row | undefined {
  return measure.rows
    .filter((row) => row.candidate.role === "peer")
    .reduce<Row | undefined>(
      (best, row) => (best && value(best, column) <= value(row, column) ? best : row),
      undefined,
    );
}

/** Compares the init under test with its budgets, as far as there is something to compare. */
export function verdicts(measure: Measure): Verdict[] {
  return measure.budgets.flatMap((budget) => {
    const row = measure.rows.find((row) => row.candidate.name === budget.candidate);
    const unit = row && denominator(measure, budget);
    if (unit === undefined) return [];
    const actual = value(row as Row, budget.column) / unit;
    const ok = budget.strictly ? actual < budget.limit : actual <= budget.limit;
    return [{ ...budget, actual, ok }];
  });
}

function denominator(measure: Measure, budget: Budget): number | undefined {
  switch (budget.of) {
    case "value":
      return 1;
    case "best peer":
      return optionalValue(bestPeer(measure, budget.column), budget.column);
    case "bare":
      return optionalValue(floorOf(measure), budget.column);
  }
}

function floorOf(measure: Measure): Row | undefined {
  return measure.rows.find((row) => row.candidate.role === "floor");
}

function optionalValue(row: Row | undefined, column: string): number | undefined {
  return row && value(row, column);
}

function value(row: Row, column: string): number {
  return row.values[column] ?? Number.NaN;
}

/** The table of a measure, as text. */
export function table(measure: Measure): string {
  const first = measure.columns[0];
  // Where the best is nothing at all, there is nothing to compare by.
  const least = bestPeer(measure);
  const best = least && value(least, first) > 0 ? least : undefined;
  const floor = floorOf(measure);
  const units: [string, number][] = [];
  if (best) units.push(["of best peer", value(best, first)]);
  if (floor) units.push(["of bare", value(floor, first)]);

  const head = ["", ...measure.columns, ...units.map(([name]) => name)];
  const body = measure.rows.map((row) => [
    row.candidate.name + (row === best ? " *" : ""),
    ...measure.columns.map((column) => figure(value(row, column), column)),
    ...units.map(([, unit]) => (value(row, first) / unit).toFixed(2)),
  ]);
  const lines = align([head, ...body]);
  const budgets = verdicts(measure).map((verdict) => `  ${sentence(verdict)}`);
  return [measure.title, ...measure.how.map((line) => `  ${line}`), ...lines, ...budgets, ""].join(
    "\n",
  );
}

function sentence(verdict: Verdict): string {
  const { ok, candidate, column, of, limit, strictly, actual } = verdict;
  const relation = strictly ? "<" : "≤";
  const what = of === "value" ? figure(limit, column) : `${limit.toFixed(2)} of ${of}`;
  const is = of === "value" ? figure(actual, column) : actual.toFixed(3);
  return `${ok ? "ok  " : "OVER"} ${candidate}: ${column} ${is}, expected ${relation} ${what}`;
}

/** A microsecond is a coarse unit here, and a ratio no unit; of every other, a whole one will do. */
function figure(number: number, column: string): string {
  return number.toFixed(column.startsWith("of ") ? 2 : column.endsWith("µs") ? 1 : 0);
}

function align(cells: string[][]): string[] {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  return cells.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .replace(/^/, "    ")
      .trimEnd(),
  );
}
