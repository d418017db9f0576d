import type { Operator } from "./expression.ts";
import { operator } from "./operator.ts";

/** Patterns of TO_STRING, and what strftime has for them. */
const PATTERNS = [
  ["yyyy-MM-dd HH:mm:ss", "%Y-%m-%d %H:%M:%S"],
  ["d MMM yy", "%-d %b %y"],
  ["MMMM d, y", "%B %-d, %Y"],
  ["hh:mm a", "%I:%M %p"],
  ["H.m.s", "%-H.%-M.%-S"],
] as const;

/** EXTRACT, DATE_ADD, DATE_DIFF and TO_STRING. */
export function times(): Operator[] {
  const parts = ["year", "month", "day", "hour", "minute", "second"];
  const formats = PATTERNS.map(([pattern, format]) =>
    operator(
      `TO_STRING ${pattern}`,
      ["time"],
      "text",
      (a) => `TO_STRING(${a}, '${pattern}')`,
      (a) => `strftime(${a}, '${format}')`,
    ),
  );
  const ofParts = parts.flatMap((part) => [
    operator(`EXTRACT ${part}`, ["time"], "int", (a) => `EXTRACT(${part} FROM ${a})`),
    operator(
      `DATE_ADD ${part}`,
      ["small", "time"],
      "time",
      (a, b) => `DATE_ADD(${part}, ${a}, ${b})`,
      (a, b) => `(${b} + to_${part}s(CAST(${a} AS INTEGER)))`,
    ),
    operator(
      `DATE_DIFF ${part}`,
      ["time", "time"],
      "int",
      (a, b) => `DATE_DIFF(${part}, ${a}, ${b})`,
      (a, b) => differenceIn(part, a, b),
      ["full units of time", "ends of months"],
    ),
  ]);
  return [...formats, ...ofParts];
}

function differenceIn(part: string, a: string, b: string): string {
  if (part === "month") return `s3_months(${a}, ${b})`;
  return part === "year" ? `(s3_months(${a}, ${b}) // 12)` : `s3_units('${part}', ${a}, ${b})`;
}
