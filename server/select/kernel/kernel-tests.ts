import type { ComparisonOperator, Expression, Path } from "../sql/syntax.ts";
import { numberOfText } from "../values/numbers.ts";
import { Decimal } from "../values/value.ts";

/** A comparison of a field with a fixed value. */
export interface KernelTest {
  /** Its place among the fields. */
  readonly field: number;
  readonly operator: ComparisonOperator;
  readonly operand: number | Uint8Array;
  /** Numbers with digits behind the point are for the evaluator. */
  readonly isIntegersOnly: boolean;
  /** An empty text has no order. */
  readonly isEmptyNull: boolean;
}

/** Floats tell numbers of so many digits from each other. */
const MAX_DIGITS = 15;

/** Longer texts have no room in the kernel's memory, in bytes. */
const MAX_TEXT_BYTES = 128;

/**
 * The comparisons that a condition begins with, as far as they are such tests. AND asks its operands from left to
 * right, and what fails behind one that says no does not fail: so no test may stand before what is left to others.
 */
export function testsOf(
  where: Expression | null,
  place: (path: Path) => number | null,
  isUntyped: boolean,
): { readonly tests: readonly KernelTest[]; readonly areAll: boolean } {
  const tests: KernelTest[] = [];
  for (const condition of where === null ? [] : conditionsOf(where)) {
    const test = testOf(condition, place, isUntyped);
    if (test === null) return { tests, areAll: false };
    tests.push(test);
  }
  return { tests, areAll: true };
}

interface Comparison {
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** What all has to be true; null for what is no comparison. */
function conditionsOf(expression: Expression): readonly (Comparison | null)[] {
  if (expression.kind === "logic" && expression.operator === "AND") {
    return expression.operands.flatMap(conditionsOf);
  }
  if (expression.kind === "between") {
    const { operand: left, low, high } = expression;
    return [
      { operator: ">=", left, right: low },
      { operator: "<=", left, right: high },
    ];
  }
  return [expression.kind === "compare" ? expression : null];
}

function testOf(
  comparison: Comparison | null,
  place: (path: Path) => number | null,
  isUntyped: boolean,
): KernelTest | null {
  if (comparison === null) return null;
  const { operator, left, right } = comparison;
  const operand = fixedValue(right);
  if (operand === null) {
    if (fixedValue(left) === null) return null;
    return testOf({ operator: TURNED[operator], left: right, right: left }, place, isUntyped);
  }
  const { path, type } = fieldIn(left);
  const field = path === null ? null : place(path);
  if (field === null || type === "OTHER") return null;
  const isText = typeof operand !== "number";
  if (isText !== (type === "STRING") && type !== null) return null;
  return {
    field,
    operator,
    operand,
    isIntegersOnly: type === "INTEGER",
    isEmptyNull: isUntyped && type === null && operator !== "<>",
  };
}

/** The same comparison from the other side. */
const TURNED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

type FieldType = "FLOAT" | "DECIMAL" | "INTEGER" | "STRING" | "OTHER";

/** A path, or a cast of one. */
function fieldIn(expression: Expression): { path: Path | null; type: FieldType | null } {
  if (expression.kind === "path") return { path: expression, type: null };
  if (expression.kind !== "cast" || expression.operand.kind !== "path") {
    return { path: null, type: null };
  }
  const { type, operand } = expression;
  return { path: operand, type: type === "BOOL" || type === "TIMESTAMP" ? "OTHER" : type };
}

/** A number that a float holds, or a text; null for what else there may be. */
function fixedValue(expression: Expression): number | Uint8Array | null {
  if (expression.kind === "negate") {
    const value = fixedValue(expression.operand);
    return typeof value === "number" ? -value : null;
  }
  if (expression.kind !== "literal") return null;
  const { literal } = expression;
  if (literal.type === "string") {
    const bytes = new TextEncoder().encode(literal.text);
    return bytes.length <= MAX_TEXT_BYTES ? bytes : null;
  }
  if (literal.type !== "integer" && literal.type !== "decimal") return null;
  const number = numberOfText(literal.text);
  if (number === null) return null;
  const decimal = new Decimal(number.toString());
  const isExact = decimal.precision(true) <= MAX_DIGITS && decimal.decimalPlaces() <= MAX_DIGITS;
  return isExact ? decimal.toNumber() : null;
}
