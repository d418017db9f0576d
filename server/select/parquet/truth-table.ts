import { SelectError } from "../../../shared/select/select-error.ts";
import { MISSING, type Value } from "../values/value.ts";
import { countPacked } from "./count-packed.ts";
import type { FlatColumn } from "./flat-column.ts";
import type { Counts } from "./hybrid.ts";
import { rowAt, type RowSpan } from "./row-set.ts";
import { valueReader, type ReadValue } from "./value-reader.ts";
import { lengthOf, type DictionaryVector, type PlainVector } from "./vector.ts";

/** Other than 0 and 1, it has a bit of its own. */
const UNKNOWN = 2;

/** Dictionaries up to this are looked at whole before their rows are counted. */
const MAX_SMALL = 256;

/** For which entries of a dictionary a condition holds; each is looked at once. */
export class TruthTable {
  readonly #column: FlatColumn;
  readonly #entry: ReadValue;
  readonly #holds: (value: Value) => boolean;
  readonly #truths: Uint8Array;
  #none: { readonly missing: boolean; readonly null: boolean } | null = null;
  #areKnown = false;

  constructor(column: FlatColumn, entries: PlainVector, holds: (value: Value) => boolean) {
    this.#column = column;
    this.#entry = valueReader(column.meaning, entries);
    this.#holds = holds;
    this.#truths = new Uint8Array(lengthOf(entries)).fill(UNKNOWN);
  }

  /** How many rows of a page have an entry for which it holds; null where they have to be gone through. */
  count({ encoded, width, count }: DictionaryVector, { set, from, to }: RowSpan): number | null {
    const { slots } = this.#column.page;
    const isWhole = set.rows === null && slots === null && to - from === count;
    return isWhole && this.#learnAll() ? countPacked(encoded, width, count, this.#truths) : null;
  }

  /** Keeps the rows of a span for which it holds: they are written behind those before, and counted with them. */
  keep(places: Counts, span: RowSpan, kept: Int32Array, from: number): number {
    const { slots } = this.#column.page;
    if (span.set.rows === null && slots === null) return this.#keepAll(places, span, kept, from);
    return this.#keepSome(places, span, kept, from);
  }

  #keepAll(places: Counts, { set, from: first, to }: RowSpan, kept: Int32Array, from: number) {
    const { firstRow } = this.#column.page;
    const truths = this.#truths;
    const start = set.first + first - firstRow;
    const end = start + to - first;
    let count = from;
    for (let index = start; index < end; index += 1) {
      const place = places[index] ?? 0;
      let truth = truths[place] ?? UNKNOWN;
      if (truth === UNKNOWN) truth = this.#learn(place);
      kept[count] = firstRow + index;
      count += truth;
    }
    return count;
  }

  #keepSome(places: Counts, { set, from: first, to }: RowSpan, kept: Int32Array, from: number) {
    const { slots, firstRow } = this.#column.page;
    let count = from;
    for (let index = first; index < to; index += 1) {
      const row = rowAt(set, index);
      const slot = slots === null ? row - firstRow : (slots[row - firstRow] ?? -1);
      const place = slot < 0 ? 0 : (places[slot] ?? 0);
      let truth = slot < 0 ? this.#truthOfNone(row) : (this.#truths[place] ?? UNKNOWN);
      if (truth === UNKNOWN) truth = this.#learn(place);
      if (truth === 1) kept[count++] = row;
    }
    return count;
  }

  /** Whether all entries of a small dictionary could be looked at. */
  #learnAll(): boolean {
    if (this.#areKnown) return true;
    if (this.#truths.length > MAX_SMALL) return false;
    try {
      for (let place = 0; place < this.#truths.length; place += 1) this.#learn(place);
    } catch (error) {
      // No row may have the entry that it cannot be asked of.
      if (error instanceof SelectError) return false;
      throw error;
    }
    this.#areKnown = true;
    return true;
  }

  #learn(place: number): number {
    const truth = this.#holds(this.#entry(place)) ? 1 : 0;
    this.#truths[place] = truth;
    return truth;
  }

  #truthOfNone(row: number): number {
    this.#none ??= { missing: this.#holds(MISSING), null: this.#holds(null) };
    return Number(this.#column.valueAt(row) === MISSING ? this.#none.missing : this.#none.null);
  }
}
