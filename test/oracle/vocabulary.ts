import type { Operator } from "./expression.ts";
import type { Columns } from "./leaves.ts";

/** What queries about one format are made of, beside the operators that all formats have. */
export interface Vocabulary {
  readonly columns: Columns;
  readonly operators: readonly Operator[];
  /** Those that fail for some values. */
  readonly strict: readonly Operator[];
  readonly aggregates: readonly Operator[];
}
