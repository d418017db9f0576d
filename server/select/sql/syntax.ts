import type { Position } from "../../../shared/select/select-error.ts";
import type { Timestamp } from "../values/timestamp.ts";

/** One step into a value. */
export type PathStep =
  /** A key; unless it is quoted, its case does not matter. */
  | { readonly kind: "key"; readonly name: string; readonly isQuoted: boolean }
  /** An element of a list, from 0. */
  | { readonly kind: "index"; readonly index: number }
  /** `[*]`: every element of a list. */
  | { readonly kind: "elements" }
  /** `.*`: every value of a structure. */
  | { readonly kind: "values" };

/** A path from the record, or from what its alias stands for, to a value. */
export interface Path {
  readonly kind: "path";
  readonly steps: readonly PathStep[];
  readonly position: Position;
}

export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export type AggregateName = "AVG" | "COUNT" | "MAX" | "MIN" | "SUM";

/** Types that a CAST may name, in one spelling each. */
export type CastType = "BOOL" | "INTEGER" | "STRING" | "FLOAT" | "DECIMAL" | "TIMESTAMP";

/** Parts of a timestamp, the coarsest first. */
export const DATE_PARTS = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"] as const;
export type DatePart = (typeof DATE_PARTS)[number];

/** What EXTRACT takes beyond the parts of a timestamp. */
export type ExtractPart = DatePart | "TIMEZONE_HOUR" | "TIMEZONE_MINUTE";

export type TrimSide = "LEADING" | "TRAILING" | "BOTH";

/** Functions whose arguments are written as a plain list. */
export type FunctionName =
  | "CHAR_LENGTH"
  | "COALESCE"
  | "LOWER"
  | "NULLIF"
  | "SUBSTRING"
  | "TO_STRING"
  | "TO_TIMESTAMP"
  | "UPPER"
  | "UTCNOW";

/** A literal as it is written; numbers keep their text, because the text says which type they have. */
export type Literal =
  | { readonly type: "missing" }
  | { readonly type: "null" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "integer" | "decimal" | "string"; readonly text: string }
  | { readonly type: "timestamp"; readonly value: Timestamp };

export type Expression =
  | Path
  | { readonly kind: "literal"; readonly literal: Literal; readonly position: Position }
  | { readonly kind: "list"; readonly items: readonly Expression[]; readonly position: Position }
  | {
      readonly kind: "logic";
      readonly operator: "AND" | "OR";
      readonly operands: readonly Expression[];
      readonly position: Position;
    }
  | { readonly kind: "not"; readonly operand: Expression; readonly position: Position }
  | {
      readonly kind: "negate" | "plus";
      readonly operand: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "concat";
      readonly left: Expression;
      readonly right: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "is";
      readonly operand: Expression;
      readonly what: "NULL" | "MISSING";
      readonly position: Position;
    }
  | {
      readonly kind: "like";
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
      readonly position: Position;
    }
  | {
      readonly kind: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly list: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "case";
      /** Compared with each `when`; where there is none, each `when` is a condition. */
      readonly operand: Expression | null;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | null;
      readonly position: Position;
    }
  | {
      readonly kind: "cast";
      readonly operand: Expression;
      readonly type: CastType;
      readonly position: Position;
    }
  | {
      readonly kind: "call";
      readonly name: FunctionName;
      readonly args: readonly Expression[];
      readonly position: Position;
    }
  | {
      readonly kind: "trim";
      readonly side: TrimSide;
      readonly characters: Expression | null;
      readonly operand: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "extract";
      readonly part: ExtractPart;
      readonly operand: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "date-add";
      readonly part: DatePart;
      readonly quantity: Expression;
      readonly operand: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "date-diff";
      readonly part: DatePart;
      readonly from: Expression;
      readonly to: Expression;
      readonly position: Position;
    }
  | {
      readonly kind: "aggregate";
      readonly name: AggregateName;
      /** Null for `COUNT(*)`. */
      readonly operand: Expression | null;
      readonly position: Position;
    };

/** One column of the answer. */
export interface SelectItem {
  readonly expression: Expression;
  /** As the query names it; null where it does not. */
  readonly alias: string | null;
}

/** A query taken apart; names are not looked up yet. */
export interface Query {
  /** `*` alone is null. */
  readonly items: readonly SelectItem[] | null;
  /** From a document's root values to what counts as records. */
  readonly from: readonly PathStep[];
  readonly alias: string | null;
  readonly where: Expression | null;
  readonly limit: number | null;
}
