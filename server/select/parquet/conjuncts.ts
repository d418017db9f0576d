import { partsOf } from "../evaluate/plan.ts";
import type { ComparisonOperator, Expression, Path } from "../sql/syntax.ts";
import type { Value } from "../values/value.ts";

/** Conditions that must all hold, for the whole to hold. */
export function conjunctsOf(where: Expression): readonly Expression[] {
  if (where.kind !== "logic" || where.operator !== "AND") return [where];
  return where.operands.flatMap(conjunctsOf);
}

/** All paths of an expression. */
export function pathsIn(expression: Expression): readonly Path[] {
  if (expression.kind === "path") return [expression];
  return partsOf(expression).flatMap(pathsIn);
}

/** A path compared with a value that is the same for all records. */
export interface Comparison {
  readonly path: Path;
  readonly operator: ComparisonOperator;
  readonly value: Value;
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/**
 * The comparisons that a condition amounts to, all of which must hold; null where it is of another kind.
 * @param constantOf the value of an expression without paths; undefined where it has none
 */
export function comparisonsOf(
  condition: Expression,
  constantOf: (expression: Expression) => Value | undefined,
): readonly Comparison[] | null {
  if (condition.kind === "between") {
    const low = constantOf(condition.low);
    const high = constantOf(condition.high);
    if (condition.operand.kind !== "path" || low === undefined || high === undefined) return null;
    const path = condition.operand;
    return [
      { path, operator: ">=", value: low },
      { path, operator: "<=", value: high },
    ];
  }
  if (condition.kind !== "compare") return null;
  const { left, right, operator } = condition;
  const isMirrored = left.kind !== "path";
  const path = isMirrored ? right : left;
  const value = constantOf(isMirrored ? left : right);
  if (path.kind !== "path" || value === undefined) return null;
  return [{ path, operator: isMirrored ? MIRRORED[operator] : operator, value }];
}
