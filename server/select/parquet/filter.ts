import type { Evaluate, Setting } from "../evaluate/evaluator.ts";
import { compile } from "../evaluate/compile.ts";
import type { Expression } from "../sql/syntax.ts";
import { MISSING, type Value } from "../values/value.ts";
import type { Column, Columns } from "./bind-record.ts";
import { comparisonsOf, pathsIn } from "./conjuncts.ts";
import { FlatColumn } from "./flat-column.ts";
import { keepWithin } from "./range-filter.ts";
import { rawRangeOf, type RawRange } from "./raw-range.ts";
import { placeOf, rowAt, type RowSet, type RowSpan } from "./row-set.ts";
import { lengthOf, type PlainVector } from "./vector.ts";

/** Rows that a filter takes at a time, at most. */
export const MAX_BATCH_ROWS = 128 * 1024;

/** A condition that rows must meet. */
export interface Filter {
  readonly columns: readonly Column[];
  /** Whether it takes hardly any time for a row. */
  readonly isQuick: boolean;
  /** The rows that meet it, of up to `MAX_BATCH_ROWS`; the set is good until the next call. */
  keep(set: RowSet): Promise<RowSet>;
}

/** Makes a condition ready: one about a single column looks at the entries of its dictionary, or at bare numbers. */
export function filterOf(
  condition: Expression,
  columns: Columns,
  setting: Setting<number>,
  constantOf: (expression: Expression) => Value | undefined,
): Filter {
  const bounds = pathsIn(condition).map((path) => columns.find(path));
  const found = bounds.flatMap((bound) => bound ?? []);
  const used = [...new Set(found.map(({ column }) => column))];
  const [only] = used;
  const isPlain = bounds.every((bound) => bound?.rest.length === 0);
  if (only instanceof FlatColumn && used.length === 1 && isPlain) {
    const comparisons = comparisonsOf(condition, constantOf);
    const range = comparisons && rawRangeOf(comparisons, only.leaf, only.meaning);
    return columnFilter(only, range, columnTest(condition, setting));
  }
  const evaluate = compile(condition, setting);
  return filterBy(used, false, (span, kept, from) => keepEach(evaluate, span, kept, from));
}

/** Tells whether a condition about one column holds for a value of it. */
function columnTest(condition: Expression, setting: Setting<number>): (value: Value) => boolean {
  let current: Value = null;
  const evaluate = compile(condition, { ...setting, bind: () => () => current });
  return (value) => {
    current = value;
    return evaluate(0) === true;
  };
}

type Keep = (span: RowSpan, kept: Int32Array, from: number) => number;

/** Has the pages of some columns at hand, and keeps the rows that lie in all of them, and so on. */
function filterBy(columns: readonly Column[], isQuick: boolean, keep: Keep): Filter {
  const kept = new Int32Array(MAX_BATCH_ROWS);
  return {
    columns,
    isQuick,
    async keep(set) {
      let count = 0;
      for (let from = 0; from < set.count;) {
        const row = rowAt(set, from);
        for (const column of columns) await column.load(row);
        const end = Math.min(...columns.map((column) => column.endRow));
        const to = columns.length === 0 ? set.count : placeOf(set, end);
        count = keep({ set, from, to }, kept, count);
        from = to;
      }
      return { count, first: 0, rows: kept };
    },
  };
}

function keepEach(
  evaluate: Evaluate<number>,
  { set, from: first, to }: RowSpan,
  kept: Int32Array,
  from: number,
): number {
  let count = from;
  for (let index = first; index < to; index += 1) {
    const row = rowAt(set, index);
    if (evaluate(row) === true) kept[count++] = row;
  }
  return count;
}

function columnFilter(
  column: FlatColumn,
  range: RawRange | null,
  holds: (value: Value) => boolean,
): Filter {
  const tables = new WeakMap<PlainVector, TruthTable>();
  return filterBy([column], range !== null, (span, kept, from) => {
    const { page } = column;
    const vector = page.values();
    if (vector.kind === "dictionary") {
      const { entries, places } = vector;
      const table = tables.get(entries) ?? new TruthTable(column, lengthOf(entries), holds);
      tables.set(entries, table);
      return table.keep(places, span, kept, from);
    }
    if (range !== null && vector.kind !== "bytes" && vector.kind !== "bool") {
      return keepWithin(range, page, vector, span, kept, from);
    }
    return keepEach((row) => holds(column.valueAt(row)), span, kept, from);
  });
}

const UNKNOWN = 2;

/** For which entries of a dictionary a condition holds; each is looked at once, when a row has it. */
class TruthTable {
  readonly #column: FlatColumn;
  readonly #holds: (value: Value) => boolean;
  readonly #truths: Uint8Array;
  #none: { readonly missing: boolean; readonly null: boolean } | null = null;

  constructor(column: FlatColumn, entryCount: number, holds: (value: Value) => boolean) {
    this.#column = column;
    this.#holds = holds;
    this.#truths = new Uint8Array(entryCount).fill(UNKNOWN);
  }

  keep(
    places: Uint8Array | Uint16Array | Int32Array,
    span: RowSpan,
    kept: Int32Array,
    from: number,
  ): number {
    const { set, from: first, to } = span;
    const { slots, firstRow } = this.#column.page;
    const truths = this.#truths;
    let count = from;
    if (set.rows === null && slots === null) {
      const start = set.first + first - firstRow;
      const end = start + to - first;
      for (let index = start; index < end; index += 1) {
        let truth = truths[places[index] ?? 0] ?? 0;
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
      let truth = slot < 0 ? this.#truthOfNone(row) : (truths[place] ?? 0);
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
