import { Decimal as AnyDecimal } from "decimal.js";
import { compareTimestamps, Timestamp } from "./timestamp.ts";

/** Decimals with the 38 digits that S3 Select has. */
export const Decimal = AnyDecimal.clone({ precision: 38, toExpNeg: -38, toExpPos: 38 });
export type Decimal = AnyDecimal;

/** Decimals for sums that are rounded once, in the end: whatever numbers there are, all their digits have room. */
export const ExactDecimal = AnyDecimal.clone({ precision: 25_000, toExpNeg: -38, toExpPos: 38 });

/** Nothing is there at all, unlike NULL, which is there and says nothing. */
export const MISSING = Symbol("MISSING");

/** A value of a record: integers are `bigint`, floats `number`. */
export type Value =
  | typeof MISSING
  | null
  | boolean
  | bigint
  | number
  | Decimal
  | string
  | Timestamp
  | List
  | Structure;

/** Values in order. */
export class List {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** Named values in order; names may come twice, and the first of them counts. */
export class Structure {
  readonly fields: ReadonlyMap<string, Value>;

  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields;
  }
}

/** What an operator may do with a value. */
export type ValueClass =
  "missing" | "null" | "bool" | "number" | "string" | "timestamp" | "list" | "structure";

export function classOf(value: Value): ValueClass {
  switch (typeof value) {
    case "symbol":
      return "missing";
    case "boolean":
      return "bool";
    case "bigint":
    case "number":
      return "number";
    case "string":
      return "string";
    default:
      return classOfObject(value);
  }
}

function classOfObject(value: null | Decimal | Timestamp | List | Structure): ValueClass {
  if (value === null) return "null";
  if (value instanceof Timestamp) return "timestamp";
  if (value instanceof List) return "list";
  return value instanceof Structure ? "structure" : "number";
}

/** A number of any of the three types. */
export type NumberValue = bigint | number | Decimal;

export function isNumber(value: Value): value is NumberValue {
  return classOf(value) === "number";
}

/** Neither NULL nor MISSING. */
export function isPresent(value: Value): value is Exclude<Value, null | typeof MISSING> {
  return value !== null && value !== MISSING;
}

/** Order of two numbers of whatever types, exactly; NaN comes last and equals itself. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  if (typeof a === "number" && typeof b === "number") return compareFloats(a, b);
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : a > b ? 1 : 0;
  // JavaScript compares an integer with a float exactly, without rounding either.
  if (typeof a === "bigint" && typeof b === "number") return compareMixed(a, b);
  if (typeof a === "number" && typeof b === "bigint") return -compareMixed(b, a);
  return toDecimal(a).comparedTo(toDecimal(b)) || 0;
}

export function toDecimal(value: NumberValue): Decimal {
  return typeof value === "object" ? value : new Decimal(String(value));
}

function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareMixed(a: bigint, b: number): number {
  if (Number.isNaN(b)) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order by code points, which is the order of the bytes in UTF-8. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rankOf(left) - rankOf(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rankOf(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/**
 * Whether two present values are the same: numbers by what they amount to, timestamps by their
 * moment; values of different classes are not.
 */
export function areEqual(a: Value, b: Value): boolean {
  const kind = classOf(a);
  if (kind !== classOf(b)) return false;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b) === 0;
  if (a instanceof Timestamp && b instanceof Timestamp) return compareTimestamps(a, b) === 0;
  if (a instanceof List && b instanceof List) return areListsEqual(a, b);
  if (a instanceof Structure && b instanceof Structure) return areStructuresEqual(a, b);
  return a === b;
}

function areListsEqual({ items: a }: List, { items: b }: List): boolean {
  return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
}

function areStructuresEqual({ fields: a }: Structure, { fields: b }: Structure): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, value]) => isSame(value, b.get(name)));
}

/** @param b undefined where there is none, which NULL is not */
function isSame(a: Value, b: Value | undefined): boolean {
  return b !== undefined && areEqual(a, b);
}
