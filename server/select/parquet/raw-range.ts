import type { ComparisonOperator } from "../sql/syntax.ts";
import { Timestamp } from "../values/timestamp.ts";
import { Decimal, isNumber, toDecimal, type NumberValue, type Value } from "../values/value.ts";
import type { Comparison } from "./conjuncts.ts";
import type { Leaf, Meaning } from "./leaf.ts";

/** Numbers as they lie in the file, both ends included. */
export interface RawRange {
  readonly low: number;
  readonly high: number;
  /** NaN, which comes after all numbers, is in the range. */
  readonly hasNaN: boolean;
}

/** Beyond this, not every integer is a float. */
const MAX_EXACT = 2 ** 52;

const DAY_MS = 86_400_000;

/**
 * The numbers of a column for which comparisons hold; null where they cannot be compared as they lie there.
 * @param comparisons with the column, all of which must hold
 */
export function rawRangeOf(
  comparisons: readonly Comparison[],
  { physical }: Leaf,
  meaning: Meaning,
): RawRange | null {
  const isBytes = physical === "BYTE_ARRAY" || physical === "FIXED_LEN_BYTE_ARRAY";
  if (isBytes || physical === "BOOLEAN") return null;
  let low = -Infinity;
  let high = Infinity;
  for (const { operator, value } of comparisons) {
    const raw = rawOf(value, meaning);
    if (raw === null || operator === "<>") return null;
    const bounds = boundsOf(operator, raw);
    low = Math.max(low, bounds.low);
    high = Math.min(high, bounds.high);
  }
  const hasNaN = comparisons.every(({ operator }) => operator === ">" || operator === ">=");
  return { low, high, hasNaN };
}

function boundsOf(
  operator: Exclude<ComparisonOperator, "<>">,
  raw: number,
): { readonly low: number; readonly high: number } {
  switch (operator) {
    case "=":
      return { low: raw, high: raw };
    case "<":
      return { low: -Infinity, high: -above(-raw) };
    case "<=":
      return { low: -Infinity, high: raw };
    case ">":
      return { low: above(raw), high: Infinity };
    case ">=":
      return { low: raw, high: Infinity };
  }
}

/** The least float above another. */
function above(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const floats = new Float64Array(bits.buffer);
  floats[0] = value;
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n);
  return floats[0];
}

function rawOf(value: Value, meaning: Meaning): number | null {
  switch (meaning.kind) {
    case "integer":
    case "float":
      return isNumber(value) ? exactly(value) : null;
    case "decimal":
      return isNumber(value) && typeof value !== "number"
        ? wholly(toDecimal(value).times(Decimal.pow(10, meaning.scale)))
        : null;
    case "date":
      return value instanceof Timestamp && value.restNanoseconds === 0
        ? value.epochMs / DAY_MS
        : null;
    case "timestamp":
      return value instanceof Timestamp ? units(value, meaning.unitDigits) : null;
    default:
      return null;
  }
}

/** A number as a float, where nothing is lost by it. */
function exactly(value: NumberValue): number | null {
  const float = Number(value);
  const isExact = Math.abs(float) < MAX_EXACT && toDecimal(float).equals(toDecimal(value));
  return isExact ? float : null;
}

function wholly(value: Decimal): number | null {
  return value.isInteger() ? exactly(value) : null;
}

function units({ epochMs, restNanoseconds }: Timestamp, digits: number): number | null {
  const rest = restNanoseconds / 10 ** (9 - digits);
  const value = epochMs * 10 ** (digits - 3) + rest;
  return Number.isInteger(rest) && Math.abs(value) < MAX_EXACT ? value : null;
}
