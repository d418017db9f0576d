import { MISSING, type Value } from "../values/value.ts";
import type { FlatColumn } from "./flat-column.ts";
import type { Counts } from "./hybrid.ts";
import { rowAt, type RowSpan } from "./row-set.ts";

/** Other than 0 and 1, it has a bit of its own. */
const UNKNOWN = 2;

/** For which entries of a dictionary a condition holds; each is looked at once, when a row has it. */
export class TruthTable {
  readonly #column: FlatColumn;
  readonly #holds: (value: Value) => boolean;
  readonly #truths: Uint8Array;
  #none: { readonly missing: boolean; readonly null: boolean } | null = null;

  constructor(column: FlatColumn, entryCount: number, holds: (value: Value) => boolean) {
    this.#column = column;
    this.#holds = holds;
    this.#truths = new Uint8Array(entryCount).fill(UNKNOWN);
  }

  /** How many rows of a page have an entry for which it holds; null where that takes a closer look. */
  count(places: Counts, { set, from, to }: RowSpan): number | null {
    const { slots, firstRow } = this.#column.page;
    if (set.rows !== null || slots !== null) return null;
    const start = set.first + from - firstRow;
    const end = start + to - from;
    const truths = this.#truths;
    let count = 0;
    let all = 0;
    for (let index = start; index < end; index += 1) {
      const truth = truths[places[index] ?? 0] ?? UNKNOWN;
      count += truth;
      all |= truth;
    }
    return (all & UNKNOWN) === 0 ? count : null;
  }

  /** Keeps the rows of a span for which it holds: they are written behind those before, and counted with them. */
  keep(places: Counts, span: RowSpan, kept: Int32Array, from: number): number {
    const { set, from: first, to } = span;
    const { slots, firstRow } = this.#column.page;
    const truths = this.#truths;
    let count = from;
    if (set.rows === null && slots === null) {
      const start = set.first + first - firstRow;
      const end = start + to - first;
      for (let index = start; index < end; index += 1) {
        let truth = truths[places[index] ?? 0] ?? UNKNOWN;
        if (truth === UNKNOWN) truth = this.#learn(places[index] ?? 0, index);
        kept[count] = firstRow + index;
        count += truth;
      }
      return count;
    }
    for (let index = first; index < to; index += 1) {
      const row = rowAt(set, index);
      const slot = slots === null ? row - firstRow : (slots[row - firstRow] ?? -1);
      const place = slot < 0 ? 0 : (places[slot] ?? 0);
      let truth = slot < 0 ? this.#truthOfNone(row) : (truths[place] ?? UNKNOWN);
      if (truth === UNKNOWN) truth = this.#learn(place, slot);
      if (truth === 1) kept[count++] = row;
    }
    return count;
  }

  #learn(place: number, slot: number): number {
    const truth = this.#holds(this.#column.valueOf(slot)) ? 1 : 0;
    this.#truths[place] = truth;
    return truth;
  }

  #truthOfNone(row: number): number {
    this.#none ??= { missing: this.#holds(MISSING), null: this.#holds(null) };
    return Number(this.#column.valueAt(row) === MISSING ? this.#none.missing : this.#none.null);
  }
}
