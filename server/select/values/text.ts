import { Timestamp } from "./timestamp.ts";
import { isPresent, List, Structure, type Value } from "./value.ts";

/** A value as text: as CSV shows it, and as CAST makes it; nothing for NULL and MISSING. */
export function textOf(value: Value): string {
  if (!isPresent(value)) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return floatText(value);
  if (value instanceof List || value instanceof Structure) return jsonOf(value);
  return value.toString();
}

/** As much of a value as a message shows. */
const SHOWN_LENGTH = 40;

/** A value in a message, between quotes: records may hold a megabyte, of which the beginning is shown. */
export function quoted(value: Value): string {
  const text = textOf(value);
  return `"${text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text}"`;
}

/** What JSON writes as it is: most texts are such, and quoting them takes no call. */
const PLAIN = /^[ !#-[\]-~]*$/u;

/** A value as JSON; decimals and integers keep all their digits. MISSING is left out by whoever holds it. */
export function jsonOf(value: Value): string {
  if (!isPresent(value)) return "null";
  if (typeof value === "string") return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
  if (value instanceof Timestamp) return JSON.stringify(value.toString());
  if (value instanceof List) return `[${value.items.map(jsonOf).join(",")}]`;
  if (value instanceof Structure) {
    const fields = Array.from(
      value.fields,
      ([name, each]) => `${JSON.stringify(name)}:${jsonOf(each)}`,
    );
    return `{${fields.join(",")}}`;
  }
  // JSON has no such numbers.
  if (typeof value === "number" && !Number.isFinite(value)) return JSON.stringify(floatText(value));
  return textOf(value);
}

/** Floats are told from integers by their point, as Ion and Java do it. */
function floatText(value: number): string {
  const text = String(value);
  return Number.isInteger(value) && /^-?\d+$/u.test(text) ? `${text}.0` : text;
}
