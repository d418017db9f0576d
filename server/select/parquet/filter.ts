import type { Evaluate, Setting } from "../evaluate/evaluator.ts";
import { compile } from "../evaluate/compile.ts";
import type { Expression } from "../sql/syntax.ts";
import type { Value } from "../values/value.ts";
import type { Column, Columns } from "./bind-record.ts";
import { comparisonsOf, pathsIn } from "./conjuncts.ts";
import { FlatColumn } from "./flat-column.ts";
import { keepWithin } from "./range-filter.ts";
import { rawRangeOf, type RawRange } from "./raw-range.ts";
import { placeOf, rowAt, type RowSet, type RowSpan } from "./row-set.ts";
import { TruthTable } from "./truth-table.ts";
import type { PlainVector } from "./vector.ts";

/** Rows that a filter takes at a time, at most. */
export const MAX_BATCH_ROWS = 128 * 1024;

/** A condition that rows must meet. */
export interface Filter {
  readonly columns: readonly Column[];
  /** Whether it takes hardly any time for a row, whatever its page is like. */
  readonly isQuick: boolean;
  /** The same for the page at hand. */
  isQuickAtHand(): boolean;
  /** The rows that meet it, of up to `MAX_BATCH_ROWS`; the set is good until the next call. */
  keep(set: RowSet): Promise<RowSet>;
  /** How many rows meet it. */
  count(set: RowSet): Promise<number>;
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
  if (used.length === 0) return sameForAll(() => evaluate(0) === true);
  return filterBy(used, false, (span, kept, from) => keepEach(evaluate, span, kept, from));
}

/** A condition about no column: of rows that are only claimed to be there, none is asked one by one. */
function sameForAll(holds: () => boolean): Filter {
  return {
    columns: [],
    isQuick: true,
    isQuickAtHand: () => true,
    keep: async (set) => (holds() ? set : { ...set, count: 0 }),
    count: async (set) => (holds() ? set.count : 0),
  };
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

/** Writes the rows of a span that are kept behind those before; answers how many there are then. */
type Keep = (span: RowSpan, kept: Int32Array, from: number) => number;

/** Keeps rows of pages at hand; `countWithin` where counting them is quicker, null where it is not. */
function filterBy(
  columns: readonly Column[],
  isQuick: boolean,
  keep: Keep,
  countWithin: (span: RowSpan) => number | null = () => null,
): Filter {
  let kept: Int32Array | null = null;
  const keepIn = (span: RowSpan, from: number): number =>
    keep(span, (kept ??= new Int32Array(MAX_BATCH_ROWS)), from);
  return {
    columns,
    isQuick,
    isQuickAtHand: () => isQuick,
    async keep(set) {
      let count = 0;
      for await (const span of spansOf(set, columns)) count = keepIn(span, count);
      return { count, first: 0, rows: kept ?? new Int32Array(0) };
    },
    async count(set) {
      let count = 0;
      for await (const span of spansOf(set, columns)) count += countWithin(span) ?? keepIn(span, 0);
      return count;
    },
  };
}

/** The parts of a set that lie in one page of each of some columns, which is at hand then. */
async function* spansOf(set: RowSet, columns: readonly Column[]): AsyncIterable<RowSpan> {
  for (let from = 0; from < set.count;) {
    const row = rowAt(set, from);
    for (const column of columns) await column.load(row);
    const end = Math.min(...columns.map((column) => column.endRow));
    const to = columns.length === 0 ? set.count : placeOf(set, end);
    yield { set, from, to };
    from = to;
  }
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
  const tableOf = (entries: PlainVector): TruthTable => {
    const table = tables.get(entries) ?? new TruthTable(column, entries, holds);
    tables.set(entries, table);
    return table;
  };
  const keep: Keep = (span, kept, from) => {
    const { page } = column;
    const vector = page.values();
    if (vector.kind === "dictionary") {
      return tableOf(vector.entries).keep(vector.places(), span, kept, from);
    }
    if (range !== null && vector.kind !== "bytes" && vector.kind !== "bool") {
      return keepWithin(range, page, vector, span, kept, from);
    }
    return keepEach((row) => holds(column.valueAt(row)), span, kept, from);
  };
  const countWithin = (span: RowSpan): number | null => {
    const vector = column.page.values();
    return vector.kind === "dictionary" ? tableOf(vector.entries).count(vector, span) : null;
  };
  return {
    ...filterBy([column], range !== null, keep, countWithin),
    isQuickAtHand: () => range !== null || column.page.values().kind === "dictionary",
  };
}
