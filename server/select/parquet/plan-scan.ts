import { SelectError } from "../../../shared/select/select-error.ts";
import { compile } from "../evaluate/compile.ts";
import type { Setting } from "../evaluate/evaluator.ts";
import { planQuery } from "../evaluate/plan.ts";
import { Answer } from "../output/answer.ts";
import type { RecordWriter } from "../output/record-writer.ts";
import type { Expression, Path, Query } from "../sql/syntax.ts";
import type { Timestamp } from "../values/timestamp.ts";
import type { Value } from "../values/value.ts";
import { Columns, type Column } from "./bind-record.ts";
import { bulkTotalsOf, type BulkTotals } from "./bulk-totals.ts";
import { conjunctsOf, pathsIn } from "./conjuncts.ts";
import { filterOf, type Filter } from "./filter.ts";
import { prunableOf, type Prunable } from "./prune.ts";
import { answerWithin, type RowAnswer } from "./row-answer.ts";
import type { RecordShape } from "./shape.ts";

/** A query made ready for the columns of a file. */
export interface ScanPlan {
  /** In the order in which they are tried: the quick ones first. */
  readonly filters: readonly Filter[];
  readonly prunable: Prunable | null;
  /** What the rows that are kept are made of. */
  readonly projected: readonly Column[];
  readonly bulk: BulkTotals | null;
  readonly answer: RowAnswer;
}

/** @throws SelectError for what can be known to fail before any row is read */
export function planScan(
  query: Query,
  record: RecordShape,
  writer: RecordWriter,
  now: Timestamp,
): ScanPlan {
  if (query.from.length > 0) return planWithin(query, record, writer, now);
  const columns = new Columns(record, query.alias);
  const given = { bind: (path: Path) => columns.bind(path), isUntyped: false, now };
  const plan = planQuery<number>(query, given);
  const setting: Setting<number> = { ...given, bindAggregate: refuse };
  const constantOf = (expression: Expression) => constant(expression, setting);
  const conditions = query.where === null ? [] : conjunctsOf(query.where);
  const filters = conditions.map((each) => filterOf(each, columns, setting, constantOf));
  const bulk = bulkTotalsOf(query, columns);
  const whole = query.items === null ? columns.whole() : [];
  const names = whole.map(([name]) => name);
  const answer = new Answer(plan, writer, (row) => ({
    names,
    values: whole.map(([, column]) => column.valueAt(row)),
  }));
  return {
    filters: filters.toSorted((a, b) => Number(b.isQuick) - Number(a.isQuick)),
    prunable: query.where && prunableOf(query.where, columns, constantOf),
    projected: bulk?.columns ?? projectedOf(query, columns),
    bulk,
    answer: {
      take: (row) => answer.takeWanted(row),
      merge: (states) => answer.merge(states),
      end: () => answer.end(),
      takeBytes: () => answer.takeBytes(),
    },
  };
}

/** Records within rows are looked at one by one. */
function planWithin(
  query: Query,
  record: RecordShape,
  writer: RecordWriter,
  now: Timestamp,
): ScanPlan {
  const columns = new Columns(record, null);
  const found = columns.within(query.from);
  const answer = answerWithin(query, found?.column ?? null, found?.rest ?? [], writer, now);
  const projected = found ? [found.column] : firstOf(columns);
  return { filters: [], prunable: null, projected, bulk: null, answer };
}

function projectedOf({ items }: Query, columns: Columns): readonly Column[] {
  if (items === null) return columns.whole().map(([, column]) => column);
  const paths = items.flatMap(({ expression }) => pathsIn(expression));
  const found = paths.flatMap((path) => columns.find(path)?.column ?? []);
  return found.length > 0 ? [...new Set(found)] : firstOf(columns);
}

/** How many rows there are is a word only, until a column has shown it. */
function firstOf(columns: Columns): readonly Column[] {
  return columns
    .whole()
    .slice(0, 1)
    .map(([, column]) => column);
}

/** WHERE holds no aggregates: the plan has seen to that. */
function refuse(): never {
  throw new Error("An aggregate stands where none may stand");
}

/** A value that is the same for all rows; undefined where it differs, or where it cannot be had. */
function constant(expression: Expression, setting: Setting<number>): Value | undefined {
  if (pathsIn(expression).length > 0) return undefined;
  try {
    return compile(expression, setting)(0);
  } catch (error) {
    // It fails where a row asks for it, and only there.
    if (error instanceof SelectError) return undefined;
    throw error;
  }
}
