import type { Evaluate } from "../evaluate/evaluator.ts";
import { follow } from "../evaluate/paths.ts";
import type { Path, PathStep } from "../sql/syntax.ts";
import { MISSING } from "../values/value.ts";
import { FlatColumn } from "./flat-column.ts";
import { keyOf, locate } from "./locate.ts";
import { NestedColumn } from "./nested-column.ts";
import type { RecordShape, Shape } from "./shape.ts";

/** Something that gives a value for each row. */
export type Column = FlatColumn | NestedColumn;

/** A column that a path begins with, and the steps from its values on. */
export interface Bound {
  readonly column: Column;
  readonly rest: readonly PathStep[];
}

/** The columns that a query reads; those that it names twice are read once. */
export class Columns {
  readonly #record: RecordShape;
  readonly #alias: string;
  readonly #byKey = new Map<string, Column>();

  /** @param alias of the records in the query */
  constructor(record: RecordShape, alias: string | null) {
    this.#record = record;
    this.#alias = (alias ?? "s3object").toLowerCase();
  }

  /** All columns of a record, as it goes out whole. */
  whole(): readonly (readonly [name: string, column: Column])[] {
    return this.#record.fields.map(({ name, shape }) => [name, this.columnOf(shape)]);
  }

  /** @throws SelectError `UnsupportedParquetType` */
  columnOf(shape: Shape): Column {
    const key = keyOf(shape);
    const known = this.#byKey.get(key);
    if (known) return known;
    const isFlat = shape.kind === "leaf" && shape.leaf.maxRepetition === 0;
    const column = isFlat ? new FlatColumn(shape.leaf) : new NestedColumn(shape);
    this.#byKey.set(key, column);
    return column;
  }

  /** Where a path leads to; null where no record has such a column. @throws SelectError `AmbiguousFieldName` */
  find({ steps, position }: Path): Bound | null {
    const [first, ...others] = steps;
    const isRecord = first?.kind === "key" && first.name.toLowerCase() === this.#alias;
    // A record may have a column that is called as it is called itself.
    const isColumn = isRecord && others.length === 0 && this.#record.byName.has(first.name);
    const located = locate(this.#record, isRecord && !isColumn ? others : steps, position);
    return located && { column: this.columnOf(located.shape), rest: located.rest };
  }

  /** The same for a path from the record itself. */
  within(steps: readonly PathStep[]): Bound | null {
    const located = locate(this.#record, steps, null);
    return located && { column: this.columnOf(located.shape), rest: located.rest };
  }

  /** Makes a path ready for rows, which are numbers from the first of a row group on. */
  bind(path: Path): Evaluate<number> {
    const bound = this.find(path);
    if (bound === null) return () => MISSING;
    const { column, rest } = bound;
    if (rest.length === 0) return (row) => column.valueAt(row);
    return (row) => follow(column.valueAt(row), rest);
  }
}
