import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { Expression } from "../sql/syntax.ts";
import { asNumber } from "../values/numbers.ts";
import { addDate, dateDiff, extractPart } from "../values/date-math.ts";
import {
  parsePattern,
  parseReadingPattern,
  type PatternToken,
} from "../values/timestamp-pattern.ts";
import { formatTimestamp, readTimestamp } from "../values/timestamp-text.ts";
import { parseTimestamp, Timestamp } from "../values/timestamp.ts";
import { substringOf, trim } from "../values/strings.ts";
import { isPresent, MISSING, type Value } from "../values/value.ts";
import type { Evaluate, Setting } from "./evaluator.ts";
import { compare } from "./logic.ts";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/** Makes a call of a function with a plain list of arguments ready. */
export function compileCall<Row>(
  call: Of<"call">,
  args: readonly Evaluate<Row>[],
  setting: Setting<Row>,
): Evaluate<Row> {
  const { name, position } = call;
  switch (name) {
    case "COALESCE":
      return (row) => coalesce(args, row);
    case "NULLIF":
      return nullIf(args, setting.isUntyped);
    case "UTCNOW":
      return () => setting.now;
    case "CHAR_LENGTH":
      return onPresent(args, ([text]) => BigInt(codePoints(textFor(text, name, position))));
    case "LOWER":
      return onPresent(args, ([text]) => textFor(text, name, position).toLowerCase());
    case "UPPER":
      return onPresent(args, ([text]) => textFor(text, name, position).toUpperCase());
    case "SUBSTRING":
      return onPresent(args, ([text, start, length]) =>
        substringOf(
          textFor(text, name, position),
          integerFor(start, setting, name, position),
          length === undefined ? null : integerFor(length, setting, name, position),
          position,
        ),
      );
    case "TO_STRING":
      return compileToString(call, args);
    case "TO_TIMESTAMP":
      return compileToTimestamp(call, args);
  }
}

export function compileTrim<Row>(
  { side, position }: Of<"trim">,
  operand: Evaluate<Row>,
  characters: Evaluate<Row> | null,
): Evaluate<Row> {
  return onPresent(characters === null ? [operand] : [operand, characters], ([text, given]) => {
    const stripped = given === undefined ? " " : textFor(given, "TRIM", position);
    return trim(side, textFor(text, "TRIM", position), stripped);
  });
}

/** EXTRACT, DATE_ADD and DATE_DIFF. */
export function compileDateFunction<Row>(
  expression: Of<"extract" | "date-add" | "date-diff">,
  args: readonly Evaluate<Row>[],
  setting: Setting<Row>,
): Evaluate<Row> {
  const { position } = expression;
  switch (expression.kind) {
    case "extract":
      return onPresent(args, ([at]) =>
        extractPart(expression.part, timestampFor(at, "EXTRACT", position)),
      );
    case "date-add":
      return onPresent(args, ([quantity, at]) => {
        const count = integerFor(quantity, setting, "DATE_ADD", position);
        return addDate(expression.part, count, timestampFor(at, "DATE_ADD", position), position);
      });
    case "date-diff":
      return onPresent(args, ([from, to]) =>
        dateDiff(
          expression.part,
          timestampFor(from, "DATE_DIFF", position),
          timestampFor(to, "DATE_DIFF", position),
        ),
      );
  }
}

/** A function of values that are there; NULL and MISSING make it what they are. */
function onPresent<Row>(
  args: readonly Evaluate<Row>[],
  act: (values: readonly Value[]) => Value,
): Evaluate<Row> {
  return (row) => {
    const values = args.map((arg) => arg(row));
    if (values.includes(MISSING)) return MISSING;
    return values.includes(null) ? null : act(values);
  };
}

function coalesce<Row>(args: readonly Evaluate<Row>[], row: Row): Value {
  for (const arg of args) {
    const value = arg(row);
    if (isPresent(value)) return value;
  }
  return null;
}

function nullIf<Row>([first, second]: readonly Evaluate<Row>[], isUntyped: boolean): Evaluate<Row> {
  return (row) => {
    const value = first?.(row) ?? null;
    const isSame = compare("=", value, second?.(row) ?? null, isUntyped) === true;
    return isSame ? null : value;
  };
}

function compileToString<Row>(
  { args: [, pattern], position }: Of<"call">,
  args: readonly Evaluate<Row>[],
): Evaluate<Row> {
  const parse = patternsOnce(pattern, (text) => parsePattern(text, position));
  return onPresent(args, ([at, text]) =>
    formatTimestamp(
      timestampFor(at, "TO_STRING", position),
      parse(textFor(text, "TO_STRING", position)),
    ),
  );
}

function compileToTimestamp<Row>(
  { args: [, pattern], position }: Of<"call">,
  args: readonly Evaluate<Row>[],
): Evaluate<Row> {
  const parse = patternsOnce(pattern, (text) => parseReadingPattern(text, position));
  return onPresent(args, ([text, by]) => {
    const given = textFor(text, "TO_TIMESTAMP", position);
    if (by !== undefined) {
      return readTimestamp(given, parse(textFor(by, "TO_TIMESTAMP", position)), position);
    }
    const timestamp = parseTimestamp(given);
    if (timestamp !== null) return timestamp;
    const detail = "TO_TIMESTAMP without a pattern takes texts like 2007-04-05T14:30Z.";
    throw new SelectError("ValueParseFailure", detail, position);
  });
}

/** A pattern that is written in the query is taken apart once, and its faults are found before any record is read. */
function patternsOnce(
  pattern: Expression | undefined,
  parse: (text: string) => readonly PatternToken[],
): (text: string) => readonly PatternToken[] {
  if (pattern?.kind !== "literal" || pattern.literal.type !== "string") return parse;
  const tokens = parse(pattern.literal.text);
  return () => tokens;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function textFor(value: Value | undefined, name: string, position: Position): string {
  if (typeof value === "string") return value;
  throw wrongType(name, "text; CAST others AS STRING", position);
}

function timestampFor(value: Value | undefined, name: string, position: Position): Timestamp {
  if (value instanceof Timestamp) return value;
  throw wrongType(name, "a timestamp; make one with CAST or TO_TIMESTAMP", position);
}

function integerFor<Row>(
  value: Value | undefined,
  { isUntyped }: Setting<Row>,
  name: string,
  position: Position,
): bigint {
  const given = value === undefined ? null : asNumber(value, isUntyped);
  if (typeof given === "bigint") return given;
  throw wrongType(name, "a whole number here", position);
}

function wrongType(name: string, wanted: string, position: Position): SelectError {
  const detail = `${name} takes ${wanted}.`;
  return new SelectError("IncorrectSqlFunctionArgumentType", detail, position);
}
