import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { ArithmeticOperator } from "../sql/syntax.ts";
import { Decimal, isNumber, toDecimal, type NumberValue, type Value } from "./value.ts";

const MAX_INTEGER = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

const INTEGER_TEXT = /^[+-]?\d+$/u;
const NUMBER_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/u;

/** Longer texts are no numbers that anybody meant; converting them would take quadratic time. */
const MAX_NUMBER_LENGTH = 400;

/** Whether an integer fits the 64 bits that S3 Select has for it. */
function fitsInteger(value: bigint): boolean {
  return value >= MIN_INTEGER && value <= MAX_INTEGER;
}

/** @throws SelectError `IntegerOverflow` beyond 64 bits */
export function checkInteger(value: bigint, position: Position): bigint {
  if (fitsInteger(value)) return value;
  throw new SelectError("IntegerOverflow", `${value} does not fit 64 bits.`, position);
}

/** Whether a text reads as a number. */
export function isNumberText(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length <= MAX_NUMBER_LENGTH && NUMBER_TEXT.test(trimmed);
}

/** Plain numbers of so many characters are told from each other by floats. */
const MAX_PLAIN_LENGTH = 16;
const PLAIN_NUMBER = /^-?\d{1,15}(?:\.\d+)?$/u;

/** A number that is written plainly and has at most 15 digits, as the float next to it; null for any other text. */
export function plainNumber(text: string): number | null {
  if (text.length > MAX_PLAIN_LENGTH || !PLAIN_NUMBER.test(text)) return null;
  return text.length < MAX_PLAIN_LENGTH || /[-.]/u.test(text) ? Number(text) : null;
}

/** The number that a text is: an integer where it is written as one and fits, else a decimal; null where it is none. */
export function numberOfText(text: string): bigint | Decimal | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_NUMBER_LENGTH) return null;
  if (INTEGER_TEXT.test(trimmed)) {
    const value = BigInt(trimmed.startsWith("+") ? trimmed.slice(1) : trimmed);
    return fitsInteger(value) ? value : new Decimal(trimmed);
  }
  return NUMBER_TEXT.test(trimmed) ? new Decimal(trimmed) : null;
}

/**
 * A value as the number that it is; null where it is none.
 * @param isUntyped text that reads as a number is one
 */
export function asNumber(value: Value, isUntyped: boolean): NumberValue | null {
  if (isNumber(value)) return value;
  return isUntyped && typeof value === "string" ? numberOfText(value) : null;
}

/**
 * One operation: integers stay integers (a division is cut off towards zero), a float makes all floats, and the
 * rest are decimals.
 * @throws SelectError `IntegerOverflow`, and `ExternalEvalException` for a division by zero
 */
export function calculate(
  operator: ArithmeticOperator,
  a: NumberValue,
  b: NumberValue,
  position: Position,
): NumberValue {
  if (typeof a === "bigint" && typeof b === "bigint") {
    return checkInteger(calculateIntegers(operator, a, b, position), position);
  }
  if (typeof a === "number" || typeof b === "number") {
    return calculateFloats(operator, Number(a), Number(b));
  }
  return calculateDecimals(operator, toDecimal(a), toDecimal(b), position);
}

export function negate(value: NumberValue, position: Position): NumberValue {
  if (typeof value === "bigint") return checkInteger(-value, position);
  return typeof value === "number" ? -value : value.negated();
}

function calculateIntegers(
  operator: ArithmeticOperator,
  a: bigint,
  b: bigint,
  position: Position,
): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "%":
      if (b === 0n) throw dividedByZero(position);
      return operator === "/" ? a / b : a % b;
  }
}

function calculateFloats(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
  }
}

function calculateDecimals(
  operator: ArithmeticOperator,
  a: Decimal,
  b: Decimal,
  position: Position,
): Decimal {
  switch (operator) {
    case "+":
      return a.plus(b);
    case "-":
      return a.minus(b);
    case "*":
      return a.times(b);
    case "/":
    case "%":
      if (b.isZero()) throw dividedByZero(position);
      return operator === "/" ? a.dividedBy(b) : a.modulo(b);
  }
}

function dividedByZero(position: Position): SelectError {
  const detail = "A number was divided by zero; leave such records out with WHERE, or use NULLIF.";
  return new SelectError("ExternalEvalException", detail, position);
}
