import { SelectError } from "../../../shared/select/select-error.ts";
import type { Expression, Path, Query, SelectItem } from "../sql/syntax.ts";
import type { Value } from "../values/value.ts";
import { createAccumulator, type Accumulator, type AccumulatorState } from "./accumulators.ts";
import { compile } from "./compile.ts";
import type { Aggregate, Evaluate, Setting } from "./evaluator.ts";

/** One column of the answer. */
export interface Column<Row> {
  readonly name: string;
  readonly evaluate: Evaluate<Row>;
}

/** Values that all records together amount to. */
export interface Totals<Row> {
  add(row: Row): void;
  /** The values of the one record that is the answer. */
  result(): readonly Value[];
  /** What each aggregate of the query holds. */
  states(): readonly AccumulatorState[];
  /** Takes in what others hold, of records behind those that were added. */
  merge(states: readonly AccumulatorState[]): void;
}

/** A query made ready for records of one kind. */
export interface Plan<Row> {
  /** Null where the record goes out as it is. */
  readonly columns: readonly Column<Row>[] | null;
  /** Makes the accumulators of a query that answers one record about all; null for any other query. */
  readonly startTotals: (() => Totals<Row>) | null;
  /** Whether a record is wanted. */
  readonly isWanted: (row: Row) => boolean;
  /** Records of the answer at most. */
  readonly limit: number;
}

/**
 * Makes a query ready.
 * @throws SelectError for what can be known to fail before any record is read
 */
export function planQuery<Row>(
  query: Query,
  given: Omit<Setting<Row>, "bindAggregate">,
): Plan<Row> {
  const setting: Setting<Row> = { ...given, bindAggregate: refuseAggregate };
  const where = query.where && compile(query.where, setting);
  const isWanted = where === null ? () => true : (row: Row) => where(row) === true;
  const limit = query.limit ?? Infinity;
  if (query.items === null) return { columns: null, startTotals: null, isWanted, limit };
  if (!query.items.some(({ expression }) => aggregatesIn(expression).length > 0)) {
    const columns = query.items.map((item, index) => ({
      name: nameOf(item, index),
      evaluate: compile(item.expression, setting),
    }));
    return { columns, startTotals: null, isWanted, limit };
  }
  const columns = query.items.map((item, index) => ({
    name: nameOf(item, index),
    evaluate: unused,
  }));
  return { columns, startTotals: planTotals(query.items, setting), isWanted, limit };
}

/** As the query names it, or as its path ends, or by its place. */
function nameOf({ alias, expression }: SelectItem, index: number): string {
  if (alias !== null) return alias;
  const last = expression.kind === "path" ? expression.steps.at(-1) : undefined;
  return last?.kind === "key" ? last.name : `_${index + 1}`;
}

function refuseAggregate({ name, position }: Aggregate): never {
  const detail = `${name} stands in the SELECT list only, and not within another aggregate.`;
  throw new SelectError("UnsupportedSqlStructure", detail, position);
}

/** Values come from the totals, not from a record. */
function unused(): Value {
  throw new Error("A column of totals has no value of its own");
}

function planTotals<Row>(items: readonly SelectItem[], setting: Setting<Row>): () => Totals<Row> {
  const aggregates = items.flatMap(({ expression }) => aggregatesIn(expression));
  const operands = aggregates.map(({ operand }) =>
    operand === null ? () => true : compile(operand, setting),
  );
  const finals = items.map(({ expression }) => compileFinal(expression, aggregates, setting));
  return () => {
    const accumulators = aggregates.map(({ name, position }) =>
      createAccumulator(name, setting.isUntyped, position),
    );
    return {
      add(row) {
        for (const [index, operand] of operands.entries()) accumulators[index]?.add(operand(row));
      },
      result: () => finals.map((final) => final(accumulators)),
      states: () => accumulators.map((accumulator) => accumulator.state()),
      merge(states) {
        for (const [index, state] of states.entries()) accumulators[index]?.merge(state);
      },
    };
  };
}

/** An expression over what the accumulators hold in the end. */
function compileFinal<Row>(
  expression: Expression,
  aggregates: readonly Aggregate[],
  setting: Setting<Row>,
): Evaluate<readonly Accumulator[]> {
  const places = new Map(aggregates.map((aggregate, index) => [aggregate, index]));
  const bind = (path: Path): never => {
    const detail =
      "Beside an aggregate, a column stands within an aggregate only; there is no GROUP BY.";
    throw new SelectError("UnsupportedSqlStructure", detail, path.position);
  };
  const bindAggregate = (aggregate: Aggregate) => {
    const place = places.get(aggregate) ?? -1;
    return (accumulators: readonly Accumulator[]) => accumulators[place]?.result() ?? null;
  };
  return compile(expression, { ...setting, bind, bindAggregate });
}

/** All aggregates of an expression, which do not lie within each other. */
export function aggregatesIn(expression: Expression): readonly Aggregate[] {
  if (expression.kind === "aggregate") return [expression];
  return partsOf(expression).flatMap(aggregatesIn);
}

/** The expressions that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "path":
    case "literal":
      return [];
    case "list":
      return expression.items;
    case "logic":
      return expression.operands;
    case "call":
      return expression.args;
    case "compare":
    case "arithmetic":
    case "concat":
      return [expression.left, expression.right];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "in":
      return [expression.operand, expression.list];
    case "like":
      return present([expression.operand, expression.pattern, expression.escape]);
    case "case":
      return present([
        expression.operand,
        ...expression.branches.flatMap(({ when, result }) => [when, result]),
        expression.otherwise,
      ]);
    case "trim":
      return present([expression.operand, expression.characters]);
    case "date-add":
      return [expression.quantity, expression.operand];
    case "date-diff":
      return [expression.from, expression.to];
    case "aggregate":
      return present([expression.operand]);
    default:
      return [expression.operand];
  }
}

function present(expressions: readonly (Expression | null)[]): readonly Expression[] {
  return expressions.filter((expression) => expression !== null);
}
