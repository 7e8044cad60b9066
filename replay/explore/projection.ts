/**
 * The projection of a core's state: as few words as tell its states apart. Only some words of the
 * state block ever change after the boot (the policy, for one, stays): those alone are copied and
 * compared. They are not known beforehand. A word that changes though it was thought constant is
 * found by `grew`, and whatever was explored since is to be explored again.
 */
import type { Core } from "../../host/wasm/core.ts";

/** Every explored millisecond is counted from here: a later one makes no other state. */
export const NOW = 1000;

const projections = new WeakMap<Core, Projection>();

/** The projection of a core: which words change is found once. */
export function projectionOf(core: Core): Projection {
  const projection = projections.get(core) ?? new Projection(core);
  projections.set(core, projection);
  return projection;
}

export class Projection {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #times: readonly number[];
  #reference = new Int32Array();
  #rest = new Uint8Array();
  /** The words that change, and those that do not, by their place in the block. */
  #varying: number[];
  #constant: number[];

  constructor(core: Core) {
    const { buffer, byteOffset, length } = core.state;
    this.#words = new Int32Array(buffer, byteOffset, length >> 2);
    this.#bytes = core.state;
    this.#view = new DataView(buffer, byteOffset, length);
    this.#times = core.timeOffsets;
    this.#varying = this.#times.flatMap((offset) => [offset >> 2, (offset >> 2) + 1]);
    this.#constant = [...this.#words.keys()].filter((it) => !this.#varying.includes(it));
  }

  get width(): number {
    return this.#varying.length;
  }

  /** From here on the core as it is now is what the words that stay are compared with. */
  begin(): void {
    this.#reference = this.#words.slice();
    this.#rest = this.#bytes.slice(this.#words.byteLength);
  }

  /** Whether a word has changed that was thought to stay; it is copied from now on. */
  grew(): boolean {
    const words = this.#words;
    const reference = this.#reference;
    const constant = this.#constant;
    let same = true;
    for (let at = 0; at < constant.length; at++) {
      const word = constant[at]!;
      if (words[word] !== reference[word]) same = false;
    }
    for (let byte = 0; byte < this.#rest.length; byte++)
      if (this.#bytes[words.byteLength + byte] !== this.#rest[byte])
        throw new Error("the core changes the end of its state block");
    if (same) return false;
    const isNew = (word: number) => words[word] !== reference[word];
    this.#varying.push(...constant.filter(isNew));
    this.#constant = constant.filter((word) => !isNew(word));
    return true;
  }

  /** Copies the words to the beginning of a row. */
  save(row: Int32Array): void {
    const words = this.#words;
    const varying = this.#varying;
    for (let at = 0; at < varying.length; at++) row[at] = words[varying[at]!]!;
  }

  /** Copies them back. */
  restore(row: Int32Array): void {
    const words = this.#words;
    const varying = this.#varying;
    for (let at = 0; at < varying.length; at++) words[varying[at]!] = row[at]!;
  }

  /** Counts the times from NOW, where they counted from so much later. */
  rebase(later: number): void {
    if (later === 0) return;
    const view = this.#view;
    for (const offset of this.#times) {
      const due = view.getFloat64(offset, true);
      if (due !== 0) view.setFloat64(offset, due - later, true);
    }
  }
}
