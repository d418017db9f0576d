import type { Expression, Path } from "../sql/syntax.ts";
import type { Timestamp } from "../values/timestamp.ts";
import type { Value } from "../values/value.ts";

/** Gives the value of an expression for one record. */
export type Evaluate<Row> = (row: Row) => Value;

/** An aggregate in an expression. */
export type Aggregate = Extract<Expression, { kind: "aggregate" }>;

/** What expressions are made ready for. */
export interface Setting<Row> {
  /**
   * Finds where a path leads to in the records of this object.
   * @throws SelectError for a name that cannot be there
   */
  bind(path: Path): Evaluate<Row>;
  /**
   * Finds where the value of an aggregate comes from.
   * @throws SelectError where none may stand
   */
  bindAggregate(aggregate: Aggregate): Evaluate<Row>;
  /**
   * Fields are text whatever they mean, as in CSV: beside a number, text that reads as a number is one. Elsewhere
   * text and numbers are different classes.
   */
  readonly isUntyped: boolean;
  /** When the query began: the same for every record. */
  readonly now: Timestamp;
}
