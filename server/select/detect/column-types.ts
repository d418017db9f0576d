import type { ColumnType } from "../../../shared/select/schema.ts";
import { numberOfText } from "../values/numbers.ts";
import { parseTimestamp, Timestamp } from "../values/timestamp.ts";
import { isPresent, List, Structure, type Value } from "../values/value.ts";

/** What one value looks like; `null` says nothing about its column. */
export function typeOf(value: Value): ColumnType {
  if (!isPresent(value)) return "null";
  if (typeof value === "string") return typeOfText(value);
  if (typeof value === "boolean") return "bool";
  if (value instanceof Timestamp) return "timestamp";
  if (value instanceof List || value instanceof Structure) return "nested";
  return typeof value === "bigint" ? "integer" : "decimal";
}

function typeOfText(text: string): ColumnType {
  if (text === "") return "null";
  const number = numberOfText(text);
  if (number !== null) return typeof number === "bigint" ? "integer" : "decimal";
  if (/^(true|false)$/iu.test(text)) return "bool";
  return parseTimestamp(text) === null ? "string" : "timestamp";
}

/** What values of two types have in common. */
function commonType(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b || b === "null") return a;
  if (a === "null") return b;
  const both = new Set([a, b]);
  return both.has("integer") && both.has("decimal") ? "decimal" : "string";
}

/** The type of a column of values. */
export function typeOfAll(values: readonly Value[]): ColumnType {
  return values.map(typeOf).reduce(commonType, "null");
}
