import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { CastType } from "../sql/syntax.ts";
import { checkInteger, isNumberText, numberOfText } from "./numbers.ts";
import { quoted, textOf } from "./text.ts";
import { parseTimestamp, Timestamp } from "./timestamp.ts";
import { classOf, isNumber, isPresent, toDecimal, type MISSING, type Value } from "./value.ts";

type Present = Exclude<Value, null | typeof MISSING>;

/**
 * A value as another type; NULL and MISSING stay what they are.
 * @throws SelectError `CastFailed` where the value has no counterpart in the type, `InvalidCast` where no value of
 * its type has, `IntegerOverflow` beyond 64 bits
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-conversion.html
 */
export function cast(value: Value, type: CastType, position: Position): Value {
  if (!isPresent(value)) return value;
  switch (type) {
    case "BOOL":
      return toBool(value, position);
    case "INTEGER":
      return toInteger(value, position);
    case "FLOAT":
      return toFloat(value, position);
    case "DECIMAL":
      return toDecimalValue(value, position);
    case "STRING":
      return toText(value, position);
    case "TIMESTAMP":
      return toTimestamp(value, position);
  }
}

function toBool(value: Present, position: Position): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value.toLowerCase() === "true";
  if (isNumber(value)) return !toDecimal(value).isZero();
  throw invalid(value, "BOOL", position);
}

function toInteger(value: Present, position: Position): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") return integerOfText(value, position);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw failed(value, "INTEGER", position);
    return checkInteger(BigInt(Math.trunc(value)), position);
  }
  if (!isNumber(value)) throw invalid(value, "INTEGER", position);
  const whole = toDecimal(value).trunc();
  // Far beyond 64 bits a decimal's digits would be written out for nothing.
  if (whole.abs().gte("1e20")) {
    throw new SelectError("IntegerOverflow", `${String(value)} does not fit 64 bits.`, position);
  }
  return checkInteger(BigInt(whole.toFixed(0)), position);
}

function integerOfText(text: string, position: Position): bigint {
  const number = numberOfText(text);
  if (typeof number === "bigint") return number;
  if (number?.isInteger() === true && /^\s*[+-]?\d+\s*$/u.test(text)) {
    throw new SelectError("IntegerOverflow", `${text} does not fit 64 bits.`, position);
  }
  throw failed(text, "INTEGER", position);
}

function toFloat(value: Present, position: Position): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") {
    if (!isNumberText(value)) throw failed(value, "FLOAT", position);
    return Number(value);
  }
  if (isNumber(value)) return Number(value);
  throw invalid(value, "FLOAT", position);
}

function toDecimalValue(value: Present, position: Position): Value {
  if (typeof value === "boolean") return toDecimal(value ? 1n : 0n);
  if (typeof value === "string") {
    const number = numberOfText(value);
    if (number === null) throw failed(value, "DECIMAL", position);
    return toDecimal(number);
  }
  if (typeof value === "number" && !Number.isFinite(value))
    throw failed(value, "DECIMAL", position);
  if (isNumber(value)) return toDecimal(value);
  throw invalid(value, "DECIMAL", position);
}

function toText(value: Present, position: Position): string {
  const kind = classOf(value);
  if (kind === "list" || kind === "structure") throw invalid(value, "STRING", position);
  return textOf(value);
}

function toTimestamp(value: Present, position: Position): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value !== "string") throw invalid(value, "TIMESTAMP", position);
  const timestamp = parseTimestamp(value.trim());
  if (timestamp === null) throw failed(value, "TIMESTAMP", position);
  return timestamp;
}

function failed(value: Present, type: CastType, position: Position): SelectError {
  const detail = `${quoted(value)} is no ${type}; leave such records out with WHERE or CASE.`;
  return new SelectError("CastFailed", detail, position);
}

function invalid(value: Present, type: CastType, position: Position): SelectError {
  const detail = `A value of the class ${classOf(value)} cannot become ${type}.`;
  return new SelectError("InvalidCast", detail, position);
}
