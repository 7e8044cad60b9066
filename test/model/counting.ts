/** Counts what was explored, and prints it. */
import type { Explored } from "wasm-init/replay";

interface Count {
  worlds: number;
  states: number;
  transitions: number;
  milliseconds: number;
}

/** Sums by name, and in all. */
export class Counts {
  readonly #byName = new Map<string, Count>();

  add(name: string, { states, transitions }: Explored, milliseconds: number): void {
    const count = this.#byName.get(name) ?? {
      worlds: 0,
      states: 0,
      transitions: 0,
      milliseconds: 0,
    };
    this.#byName.set(name, {
      worlds: count.worlds + 1,
      states: count.states + states,
      transitions: count.transitions + transitions,
      milliseconds: count.milliseconds + milliseconds,
    });
  }

  get total(): Count {
    const total = { worlds: 0, states: 0, transitions: 0, milliseconds: 0 };
    for (const count of this.#byName.values()) {
      total.worlds += count.worlds;
      total.states += count.states;
      total.transitions += count.transitions;
      total.milliseconds += count.milliseconds;
    }
    return total;
  }

  /** Prints a line for each name, and one for all; what ran side by side took less than its sum. */
  print(elapsed = this.total.milliseconds): void {
    const { total } = this;
    const all = { ...total, milliseconds: elapsed };
    const lines = [...this.#byName].map(([name, count]) => lineOf(name, count));
    process.stderr.write(
      `${[...lines, lineOf("in all", all).replace("policies", "policies and worlds")].join("\n")}\n`,
    );
  }
}

function lineOf(name: string, { worlds, states, transitions, milliseconds }: Count): string {
  const rate = ((transitions / milliseconds) * 60) / 1000;
  const seconds = (milliseconds / 1000).toFixed(1);
  return (
    `${name}, under ${worlds} policies: ${states} states, ${transitions} transitions ` +
    `in ${seconds} s, ${rate.toFixed(1)} million a minute`
  );
}
