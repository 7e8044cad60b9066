/**
 * Finds out whether the program has heard a signal, without a listener that the program could see:
 * libraries count the listeners of a signal, and raise it again where they are alone.
 *
 * Each arrival comes to us through a handle of our own, and, where the program listens, to its
 * listeners through Node's. Which comes first is not told, and listeners remove themselves; so both
 * are counted, and compared when the loop has dispatched them.
 */

/** What happened to a signal since it was last settled. */
interface Count {
  arrived: number;
  heard: number;
  /** The program listens, and has not heard all: the rest may still be on its way. */
  waited: boolean;
}

export class Hearing {
  readonly #names: ReadonlyMap<number, string>;
  readonly #settled: (signal: number, heard: boolean) => void;
  readonly #counts = new Map<string, Count>();
  #due = false;

  /** `names` are the signals that arrive here; `settled` is told of each arrival. */
  constructor(
    names: ReadonlyMap<number, string>,
    settled: (signal: number, heard: boolean) => void,
  ) {
    this.#names = names;
    this.#settled = settled;
  }

  /** A signal has arrived. */
  arrived(signal: number): void {
    const name = this.#names.get(signal);
    if (name === undefined) return;
    this.#count(name).arrived++;
    this.#settleSoon();
  }

  /** The process is about to emit an event: a signal that somebody listens to is heard by it. */
  emits(event: string | symbol): void {
    if (typeof event !== "string" || !event.startsWith("SIG")) return;
    if (process.listenerCount(event) === 0) return;
    this.#count(event).heard++;
    this.#settleSoon();
  }

  #count(name: string): Count {
    let count = this.#counts.get(name);
    if (count === undefined) {
      count = { arrived: 0, heard: 0, waited: false };
      this.#counts.set(name, count);
    }
    return count;
  }

  #settleSoon(): void {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => this.#settle());
  }

  #settle(): void {
    this.#due = false;
    for (const [signal, name] of this.#names) {
      const count = this.#counts.get(name);
      if (count === undefined) continue;
      const { arrived, heard, waited } = count;
      if (heard < arrived && !waited && process.listenerCount(name) > 0) {
        count.waited = true;
        this.#settleSoon();
        continue;
      }
      this.#counts.delete(name);
      for (let i = 0; i < arrived; i++) this.#settled(signal, i < heard);
    }
  }
}
