import type { ComparisonOperator } from "../sql/syntax.ts";
import { numberOfText } from "../values/numbers.ts";
import { compareTimestamps, Timestamp } from "../values/timestamp.ts";
import {
  areEqual,
  compareNumbers,
  compareStrings,
  isNumber,
  isPresent,
  MISSING,
  type Value,
} from "../values/value.ts";

/** TRUE, FALSE or neither: NULL, MISSING and what is no boolean leave a question open. */
export type Truth = boolean | null;

export function truthOf(value: Value): Truth {
  return typeof value === "boolean" ? value : null;
}

/**
 * Compares two values; NULL where one of them is NULL or where they have no order, MISSING where one is missing.
 * @param isUntyped text beside a number is taken for a number where it reads as one
 */
export function compare(
  operator: ComparisonOperator,
  a: Value,
  b: Value,
  isUntyped: boolean,
): Value {
  if (a === MISSING || b === MISSING) return MISSING;
  if (a === null || b === null) return null;
  const left = isUntyped && typeof a === "string" && isNumber(b) ? (numberOfText(a) ?? a) : a;
  const right = isUntyped && typeof b === "string" && isNumber(a) ? (numberOfText(b) ?? b) : b;
  if (operator === "=") return areEqual(left, right);
  if (operator === "<>") return !areEqual(left, right);
  const order = orderOf(left, right);
  return order === null ? null : holds(operator, order);
}

/** Negative where `a` comes first; null where the two have no order. */
export function orderOf(a: Value, b: Value): number | null {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (a instanceof Timestamp && b instanceof Timestamp) return compareTimestamps(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return null;
}

/** Whether an order, negative where the left one comes first, is what an operator asks for. */
export function holds(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** Whether a value is one of some; NULL where that cannot be said. */
export function isIn(value: Value, items: readonly Value[], isUntyped: boolean): Value {
  if (value === MISSING) return MISSING;
  let isOpen = value === null;
  for (const item of items) {
    const truth = truthOf(compare("=", value, item, isUntyped));
    if (truth === true) return true;
    if (truth === null && !isPresent(item)) isOpen = true;
  }
  return isOpen ? null : false;
}
