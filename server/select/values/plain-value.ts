import { parseTimestamp, Timestamp } from "./timestamp.ts";
import { Decimal, List, MISSING, Structure, type Value } from "./value.ts";

/** A value as data that threads can hand to each other, which objects of a class are not. */
export type PlainValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | { readonly type: "missing" }
  | { readonly type: "decimal" | "timestamp"; readonly text: string }
  | { readonly type: "list"; readonly items: readonly PlainValue[] }
  | { readonly type: "structure"; readonly fields: readonly (readonly [string, PlainValue])[] };

export function toPlain(value: Value): PlainValue {
  if (value === MISSING) return { type: "missing" };
  if (value instanceof Timestamp) return { type: "timestamp", text: value.toString() };
  if (value instanceof List) return { type: "list", items: value.items.map(toPlain) };
  if (value instanceof Structure) {
    const fields = Array.from(value.fields, ([name, each]) => [name, toPlain(each)] as const);
    return { type: "structure", fields };
  }
  return Decimal.isDecimal(value) ? { type: "decimal", text: value.toString() } : value;
}

export function fromPlain(plain: PlainValue): Value {
  if (plain === null || typeof plain !== "object") return plain;
  switch (plain.type) {
    case "missing":
      return MISSING;
    case "decimal":
      return new Decimal(plain.text);
    case "timestamp":
      return parseTimestamp(plain.text);
    case "list":
      return new List(plain.items.map(fromPlain));
    case "structure":
      return new Structure(new Map(plain.fields.map(([name, each]) => [name, fromPlain(each)])));
  }
}
