import type { SelectErrorCode } from "../../../shared/select/select-error-code.ts";
import { SelectError, type Position } from "../../../shared/select/select-error.ts";

/** What a symbol of a pattern stands for. */
export type PatternField =
  | "year"
  | "month"
  | "day"
  | "half"
  | "hour12"
  | "hour24"
  | "minute"
  | "second"
  | "fraction"
  | "nanosecond"
  | "offset-or-z"
  | "offset";

/** A symbol with how often it is repeated, or text that stands for itself. */
export type PatternToken =
  | { readonly kind: "field"; readonly field: PatternField; readonly count: number }
  | { readonly kind: "text"; readonly text: string };

/** Each symbol's field, and how often it may be repeated. */
const SYMBOLS: Readonly<Record<string, readonly [PatternField, readonly number[]]>> = {
  y: ["year", [1, 2, 4]],
  M: ["month", [1, 2, 3, 4, 5]],
  d: ["day", [1, 2]],
  a: ["half", [1]],
  h: ["hour12", [1, 2]],
  H: ["hour24", [1, 2]],
  m: ["minute", [1, 2]],
  s: ["second", [1, 2]],
  S: ["fraction", [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  n: ["nanosecond", [1]],
  X: ["offset-or-z", [1, 2, 3, 4, 5]],
  x: ["offset", [1, 2, 3, 4, 5]],
};

const LETTER = /^[A-Za-z]$/u;

/**
 * Takes a pattern of TO_STRING or TO_TIMESTAMP apart.
 * @throws SelectError `Evaluator…TimestampFormatPattern…`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-date.html
 */
export function parsePattern(pattern: string, position: Position): readonly PatternToken[] {
  const tokens: PatternToken[] = [];
  let index = 0;
  while (index < pattern.length) {
    const symbol = pattern[index] ?? "";
    if (symbol === "'") {
      const end = pattern.indexOf("'", index + 1);
      if (end === -1) {
        const detail = "A quoted text in the pattern has no closing quote.";
        throw fault("EvaluatorUnterminatedTimestampFormatPatternToken", detail, position);
      }
      tokens.push({ kind: "text", text: end === index + 1 ? "'" : pattern.slice(index + 1, end) });
      index = end + 1;
    } else if (LETTER.test(symbol)) {
      let count = 1;
      while (pattern[index + count] === symbol) count += 1;
      tokens.push(fieldOf(symbol, count, position));
      index += count;
    } else {
      tokens.push({ kind: "text", text: symbol });
      index += 1;
    }
  }
  return tokens;
}

/**
 * The same for a pattern that texts are read by, which has each field once.
 * @throws SelectError `Evaluator…TimestampFormatPattern…`
 */
export function parseReadingPattern(pattern: string, position: Position): readonly PatternToken[] {
  const tokens = parsePattern(pattern, position);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "text") continue;
    if (token.field === "month" && token.count === 5) {
      const detail = "MMMMM, a month's first letter, names no month.";
      throw fault("EvaluatorInvalidTimestampFormatPatternSymbolForParsing", detail, position);
    }
    const name = nameOf(token.field);
    if (seen.has(name)) {
      const detail = `The pattern has the ${name} twice.`;
      throw fault("EvaluatorTimestampFormatPatternDuplicateFields", detail, position);
    }
    seen.add(name);
  }
  const has = (field: PatternField) =>
    tokens.some((token) => token.kind === "field" && token.field === field);
  if (has("hour12") !== has("half")) {
    const detail = "An hour from 1 to 12 (h) needs a, and an hour from 0 to 23 (H) does without.";
    throw fault("EvaluatorTimestampFormatPatternHourClockAmPmMismatch", detail, position);
  }
  requireCoarserFields(seen, position);
  return tokens;
}

/** What a finer field is within; the year alone stands by itself. */
const COARSER = ["year", "month", "day", "hour", "minute", "second", "fraction"] as const;

function requireCoarserFields(seen: ReadonlySet<string>, position: Position): void {
  const finest = COARSER.findLastIndex((name) => seen.has(name));
  const missing = COARSER.slice(0, finest).find((name) => !seen.has(name));
  if (missing === undefined && finest !== -1) return;
  const detail = `The pattern has no ${missing ?? "year"}, without which its text names no moment.`;
  throw fault("EvaluatorInvalidTimestampFormatPattern", detail, position);
}

/** Fields of one name say the same thing. */
function nameOf(field: PatternField): string {
  if (field.startsWith("hour")) return "hour";
  if (field.startsWith("offset")) return "offset";
  return field === "nanosecond" ? "fraction" : field;
}

function fieldOf(symbol: string, count: number, position: Position): PatternToken {
  const known = SYMBOLS[symbol];
  if (known === undefined) {
    const detail = `"${symbol}" is no symbol of a pattern; put text between quotes.`;
    throw fault("EvaluatorInvalidTimestampFormatPatternSymbol", detail, position);
  }
  const [field, counts] = known;
  if (!counts.includes(count)) {
    const detail = `"${symbol.repeat(count)}" is no token of a pattern.`;
    throw fault("EvaluatorInvalidTimestampFormatPatternToken", detail, position);
  }
  return { kind: "field", field, count };
}

function fault(code: SelectErrorCode, detail: string, position: Position): SelectError {
  return new SelectError(code, detail, position);
}
