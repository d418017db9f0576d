import { compile } from "../evaluate/compile.ts";
import type { Setting } from "../evaluate/evaluator.ts";
import { planQuery, type Plan } from "../evaluate/plan.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Expression, Query } from "../sql/syntax.ts";
import type { Timestamp } from "../values/timestamp.ts";
import type { Value } from "../values/value.ts";
import { Columns, type Column } from "./bind-record.ts";
import { bulkTotalsOf, type BulkTotals } from "./bulk-totals.ts";
import { conjunctsOf, pathsIn } from "./conjuncts.ts";
import { filterOf, type Filter } from "./filter.ts";
import { prunableOf, type Prunable } from "./prune.ts";
import type { RecordShape } from "./shape.ts";

/** A query made ready for the columns of a file. */
export interface ScanPlan {
  readonly plan: Plan<number>;
  /** In the order in which they are tried: the quick ones first. */
  readonly filters: readonly Filter[];
  readonly prunable: Prunable | null;
  /** What the rows that are kept are made of. */
  readonly projected: readonly Column[];
  readonly whole: readonly (readonly [name: string, column: Column])[];
  readonly bulk: BulkTotals | null;
}

/** @throws SelectError for what can be known to fail before any row is read */
export function planScan(query: Query, record: RecordShape, now: Timestamp): ScanPlan {
  const columns = new Columns(record, query.alias);
  const given = {
    bind: (path: Parameters<Columns["bind"]>[0]) => columns.bind(path),
    isUntyped: false,
    now,
  };
  const plan = planQuery<number>(query, given);
  const setting: Setting<number> = { ...given, bindAggregate: refuse };
  const constantOf = (expression: Expression) => constant(expression, setting);
  const conditions = query.where === null ? [] : conjunctsOf(query.where);
  const filters = conditions.map((each) => filterOf(each, columns, setting, constantOf));
  const bulk = bulkTotalsOf(query, columns);
  const whole = query.items === null ? columns.whole() : [];
  return {
    plan,
    filters: filters.toSorted((a, b) => Number(b.isQuick) - Number(a.isQuick)),
    prunable: query.where && prunableOf(query.where, columns, constantOf),
    projected: bulk?.columns ?? projectedOf(query, columns, whole),
    whole,
    bulk,
  };
}

function projectedOf(
  { items }: Query,
  columns: Columns,
  whole: ScanPlan["whole"],
): readonly Column[] {
  if (items === null) return whole.map(([, column]) => column);
  const paths = items.flatMap(({ expression }) => pathsIn(expression));
  const found = paths.flatMap((path) => columns.find(path)?.column ?? []);
  if (found.length > 0) return [...new Set(found)];
  // How many rows there are is a word only, until a column has shown it.
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
