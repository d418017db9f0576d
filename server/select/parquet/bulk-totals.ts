import type { AccumulatorState } from "../evaluate/accumulators.ts";
import { aggregatesIn } from "../evaluate/plan.ts";
import type { Query } from "../sql/syntax.ts";
import type { Columns } from "./bind-record.ts";
import { FlatColumn } from "./flat-column.ts";
import { exactSum } from "./exact-sum.ts";
import { rowAt, type RowSpan } from "./row-set.ts";

/** Aggregates that take in many rows at a time. */
export interface BulkTotals {
  readonly columns: readonly FlatColumn[];
  /** What each of the aggregates holds of rows that lie in the pages at hand. */
  states(span: RowSpan): readonly AccumulatorState[];
}

type Part = (span: RowSpan) => AccumulatorState;

/** The aggregates of a query, if all of them count rows or values, or add up floats; else null. */
export function bulkTotalsOf({ items }: Query, columns: Columns): BulkTotals | null {
  const aggregates = (items ?? []).flatMap(({ expression }) => aggregatesIn(expression));
  if (aggregates.length === 0) return null;
  const used = new Set<FlatColumn>();
  const sums = new Map<FlatColumn, Part>();
  const parts = aggregates.map(({ name, operand }): Part | null => {
    if (operand === null) return ({ from, to }) => ({ kind: "count", count: to - from });
    const bound = operand.kind === "path" ? columns.find(operand) : null;
    if (!(bound?.column instanceof FlatColumn) || bound.rest.length > 0) return null;
    const { column } = bound;
    used.add(column);
    if (name === "COUNT") return (span) => ({ kind: "count", count: countOf(column, span) });
    const isSum = name === "SUM" || name === "AVG";
    if (!isSum || column.meaning.kind !== "float") return null;
    const sum = sums.get(column) ?? sumOf(column);
    sums.set(column, sum);
    return sum;
  });
  if (parts.includes(null)) return null;
  const all = parts.filter((part) => part !== null);
  return { columns: [...used], states: (span) => all.map((part) => part(span)) };
}

function countOf({ page: { slots, firstRow } }: FlatColumn, { set, from, to }: RowSpan): number {
  if (slots === null) return to - from;
  let count = 0;
  for (let index = from; index < to; index += 1) {
    if ((slots[rowAt(set, index) - firstRow] ?? -1) >= 0) count += 1;
  }
  return count;
}

/** SUM and AVG of one column are one sum, which is added up once. */
function sumOf(column: FlatColumn): Part {
  let last: { readonly span: RowSpan; readonly state: AccumulatorState } | null = null;
  return (span) => {
    if (last?.span !== span) last = { span, state: sumState(floatsOf(column, span)) };
    return last.state;
  };
}

function sumState(values: Float64Array | Float32Array): AccumulatorState {
  return {
    kind: "sum",
    integers: 0n,
    decimals: "0",
    floats: exactSum(values),
    integerCount: 0,
    decimalCount: 0,
    floatCount: values.length,
  };
}

function floatsOf(column: FlatColumn, span: RowSpan): Float64Array | Float32Array {
  const { page } = column;
  const { set, from, to } = span;
  const vector = page.values();
  const isBare = vector.kind === "float64" || vector.kind === "float32";
  if (isBare && page.slots === null && set.rows === null) {
    const start = set.first + from - page.firstRow;
    return vector.values.subarray(start, start + to - from);
  }
  const floats = new Float64Array(to - from);
  let count = 0;
  for (let index = from; index < to; index += 1) {
    const value = column.valueAt(rowAt(set, index));
    if (typeof value === "number") floats[count++] = value;
  }
  return floats.subarray(0, count);
}
