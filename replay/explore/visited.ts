/**
 * The visited set: states, in the order in which they were found: rows of words in one flat array,
 * with a table of hashes. A hash only says where to look: rows are compared whole, so that no two
 * states are ever taken for one.
 */

/** Fills less than half of the table. */
const ROOM = 2;

export class VisitedSet {
  /** Words of a row. */
  readonly width: number;
  #rows: Int32Array;
  #table: Int32Array;
  /** By row: its hash, the row that it was reached from, by which environment action, and when. */
  #hashes: Int32Array;
  #parents: Int32Array;
  #actions: Int32Array;
  #times: Float64Array;
  count = 0;

  constructor(width: number, capacity = 1024) {
    this.width = width;
    this.#rows = new Int32Array(capacity * width);
    this.#table = new Int32Array(capacity * ROOM);
    this.#hashes = new Int32Array(capacity);
    this.#parents = new Int32Array(capacity);
    this.#actions = new Int32Array(capacity);
    this.#times = new Float64Array(capacity);
  }

  /** Adds a row, unless it is there; tells whether it was new. */
  add(row: Int32Array, parent: number, action: number, time: number): boolean {
    const { width } = this;
    if (this.count === this.#hashes.length) this.#grow();
    const rows = this.#rows;
    const table = this.#table;
    const hash = hashOf(row, width);
    const mask = table.length - 1;
    let slot = hash & mask;
    for (let entry = table[slot]!; entry !== 0; entry = table[slot]!) {
      if (this.#hashes[entry - 1] === hash) {
        let at = (entry - 1) * width;
        let word = 0;
        while (word < width && rows[at] === row[word]) {
          at++;
          word++;
        }
        if (word === width) return false;
      }
      slot = (slot + 1) & mask;
    }
    const index = this.count++;
    table[slot] = index + 1;
    for (let word = 0, at = index * width; word < width; word++, at++) rows[at] = row[word]!;
    this.#hashes[index] = hash;
    this.#parents[index] = parent;
    this.#actions[index] = action;
    this.#times[index] = time;
    return true;
  }

  /** Copies a row out. */
  read(index: number, row: Int32Array): void {
    const { width } = this;
    const rows = this.#rows;
    for (let word = 0, at = index * width; word < width; word++, at++) row[word] = rows[at]!;
  }

  parent(index: number): number {
    return this.#parents[index]!;
  }

  action(index: number): number {
    return this.#actions[index]!;
  }

  /** Milliseconds since boot, on the way by which it was reached first. */
  time(index: number): number {
    return this.#times[index]!;
  }

  #grow(): void {
    const capacity = this.#hashes.length * 2;
    const bigger = (old: Int32Array, length: number) => {
      const grown = new Int32Array(length);
      grown.set(old);
      return grown;
    };
    this.#rows = bigger(this.#rows, capacity * this.width);
    this.#hashes = bigger(this.#hashes, capacity);
    this.#parents = bigger(this.#parents, capacity);
    this.#actions = bigger(this.#actions, capacity);
    const times = new Float64Array(capacity);
    times.set(this.#times);
    this.#times = times;
    const table = new Int32Array(capacity * ROOM);
    const mask = table.length - 1;
    for (let index = 0; index < this.count; index++) {
      let slot = this.#hashes[index]! & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = index + 1;
    }
    this.#table = table;
  }
}

/** Mixes each word in by a multiplication, as MurmurHash3 does. */
function hashOf(row: Int32Array, width: number): number {
  let hash = width;
  for (let word = 0; word < width; word++) {
    hash = Math.imul(hash ^ row[word]!, 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35 | 0);
  return hash ^ (hash >>> 16);
}
