import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { Cursor } from "./cursor.ts";
import { parseItems, type ParseExpression } from "./parse-items.ts";
import {
  DATE_PARTS,
  type AggregateName,
  type CastType,
  type DatePart,
  type Expression,
  type ExtractPart,
  type FunctionName,
  type TrimSide,
} from "./syntax.ts";

const AGGREGATES: ReadonlySet<string> = new Set(["AVG", "COUNT", "MAX", "MIN", "SUM"]);

/** Functions with a plain list of arguments: name, least and most of them. */
const FUNCTIONS: ReadonlyMap<string, readonly [FunctionName, number, number]> = new Map([
  ["CHAR_LENGTH", ["CHAR_LENGTH", 1, 1]],
  ["CHARACTER_LENGTH", ["CHAR_LENGTH", 1, 1]],
  ["COALESCE", ["COALESCE", 1, Infinity]],
  ["LOWER", ["LOWER", 1, 1]],
  ["NULLIF", ["NULLIF", 2, 2]],
  ["TO_STRING", ["TO_STRING", 2, 2]],
  ["TO_TIMESTAMP", ["TO_TIMESTAMP", 1, 2]],
  ["UPPER", ["UPPER", 1, 1]],
  ["UTCNOW", ["UTCNOW", 0, 0]],
]);

const CAST_TYPES: ReadonlyMap<string, CastType> = new Map([
  ["BOOL", "BOOL"],
  ["BOOLEAN", "BOOL"],
  ["INT", "INTEGER"],
  ["INTEGER", "INTEGER"],
  ["STRING", "STRING"],
  ["VARCHAR", "STRING"],
  ["CHAR", "STRING"],
  ["FLOAT", "FLOAT"],
  ["DECIMAL", "DECIMAL"],
  ["NUMERIC", "DECIMAL"],
  ["TIMESTAMP", "TIMESTAMP"],
]);

const TRIM_SIDES: readonly TrimSide[] = ["LEADING", "TRAILING", "BOTH"];

/** Whether a word with a parenthesis behind it comes next. */
export function isCall(cursor: Cursor): boolean {
  return cursor.peek().kind === "word" && (cursor.isSymbol("(", 1) || cursor.isWord("CAST"));
}

/**
 * A call of whatever function.
 * @throws SelectError `UnsupportedFunction` for a name that is none, and codes that name what is missing
 */
export function parseCall(cursor: Cursor, parse: ParseExpression): Expression {
  const { text, position } = cursor.take();
  const name = text.toUpperCase();
  cursor.countOperator();
  cursor.expectSymbol(
    "(",
    name === "CAST"
      ? "ParseExpectedLeftParenAfterCast"
      : "ParseExpectedLeftParenBuiltinFunctionCall",
  );
  const call = parseArguments(cursor, parse, name, position);
  cursor.expectSymbol(")", "ParseExpectedRightParenBuiltinFunctionCall");
  return call;
}

function parseArguments(
  cursor: Cursor,
  parse: ParseExpression,
  name: string,
  position: Position,
): Expression {
  if (AGGREGATES.has(name)) return parseAggregate(cursor, parse, name as AggregateName, position);
  switch (name) {
    case "CAST":
      return parseCast(cursor, parse, position);
    case "SUBSTRING":
      return parseSubstring(cursor, parse, position);
    case "TRIM":
      return parseTrim(cursor, parse, position);
    case "EXTRACT":
      return parseExtract(cursor, parse, position);
    case "DATE_ADD":
    case "DATE_DIFF":
      return parseDateFunction(cursor, parse, name, position);
    default:
      return parsePlain(cursor, parse, name, position);
  }
}

function parsePlain(
  cursor: Cursor,
  parse: ParseExpression,
  name: string,
  position: Position,
): Expression {
  const known = FUNCTIONS.get(name);
  if (known === undefined) {
    throw new SelectError("UnsupportedFunction", `There is no function ${name}.`, position);
  }
  const [canonical, least, most] = known;
  const args = cursor.isSymbol(")") ? [] : parseItems(cursor, parse);
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    const detail = `${name} takes ${most === Infinity ? `at least ${least}` : wanted} arguments, not ${args.length}.`;
    throw new SelectError("EvaluatorInvalidArguments", detail, position);
  }
  return { kind: "call", name: canonical, args, position };
}

function parseAggregate(
  cursor: Cursor,
  parse: ParseExpression,
  name: AggregateName,
  position: Position,
): Expression {
  if (cursor.takeSymbol("*")) {
    if (name === "COUNT") return { kind: "aggregate", name, operand: null, position };
    const detail = `Only COUNT takes *; name what ${name} is to be made of.`;
    throw new SelectError("ParseUnsupportedCallWithStar", detail, position);
  }
  if (cursor.isWord("DISTINCT")) {
    throw new SelectError(
      "UnsupportedSyntax",
      "DISTINCT is not supported.",
      cursor.peek().position,
    );
  }
  const args = cursor.isSymbol(")") ? [] : parseItems(cursor, parse);
  const [operand] = args;
  if (operand === undefined || args.length > 1) {
    const detail = `${name} takes one argument, not ${args.length}.`;
    throw new SelectError("ParseNonUnaryAgregateFunctionCall", detail, position);
  }
  return { kind: "aggregate", name, operand, position };
}

function parseCast(cursor: Cursor, parse: ParseExpression, position: Position): Expression {
  const operand = parse(cursor);
  if (cursor.isSymbol(",")) {
    throw new SelectError("ParseCastArity", "CAST takes one value: CAST(value AS type).", position);
  }
  cursor.expectWord("AS", "ParseExpectedKeyword");
  const { kind, text } = cursor.peek();
  const type = kind === "word" ? CAST_TYPES.get(text.toUpperCase()) : undefined;
  if (type === undefined) {
    const code = kind === "word" ? "InvalidDataType" : "ParseExpectedTypeName";
    throw cursor.unexpected(code, `one of the types ${[...CAST_TYPES.keys()].join(", ")}`);
  }
  cursor.take();
  takeTypeParameters(cursor);
  return { kind: "cast", operand, type, position };
}

/** Precision and scale are checked and, as on AWS, without effect. */
function takeTypeParameters(cursor: Cursor): void {
  if (!cursor.takeSymbol("(")) return;
  do {
    if (cursor.peek().kind !== "integer") {
      throw cursor.unexpected("ParseInvalidTypeParam", "a whole number");
    }
    cursor.take();
  } while (cursor.takeSymbol(","));
  cursor.expectSymbol(")", "ParseExpectedRightParenBuiltinFunctionCall");
}

function parseSubstring(cursor: Cursor, parse: ParseExpression, position: Position): Expression {
  const args = [parse(cursor)];
  const isSpoken = cursor.takeWord("FROM");
  if (!isSpoken) cursor.expectSymbol(",", "ParseExpectedArgumentDelimiter");
  args.push(parse(cursor));
  if (isSpoken ? cursor.takeWord("FOR") : cursor.takeSymbol(",")) args.push(parse(cursor));
  return { kind: "call", name: "SUBSTRING", args, position };
}

/** `TRIM(text)`, `TRIM(BOTH FROM text)`, `TRIM(LEADING 'characters' FROM text)`. */
function parseTrim(cursor: Cursor, parse: ParseExpression, position: Position): Expression {
  const named = TRIM_SIDES.find((side) => cursor.isWord(side) && !cursor.isSymbol(")", 1));
  if (named !== undefined) cursor.take();
  const side = named ?? "BOTH";
  if (named !== undefined && cursor.takeWord("FROM")) {
    return { kind: "trim", side, characters: null, operand: parse(cursor), position };
  }
  const first = parse(cursor);
  if (cursor.takeWord("FROM")) {
    return { kind: "trim", side, characters: first, operand: parse(cursor), position };
  }
  return { kind: "trim", side, characters: null, operand: first, position };
}

function parseExtract(cursor: Cursor, parse: ParseExpression, position: Position): Expression {
  const part = takeDatePart(cursor, [...DATE_PARTS, "TIMEZONE_HOUR", "TIMEZONE_MINUTE"]);
  cursor.expectWord("FROM", "ParseExpectedKeyword");
  return { kind: "extract", part: part as ExtractPart, operand: parse(cursor), position };
}

function parseDateFunction(
  cursor: Cursor,
  parse: ParseExpression,
  name: "DATE_ADD" | "DATE_DIFF",
  position: Position,
): Expression {
  const part = takeDatePart(cursor, DATE_PARTS) as DatePart;
  cursor.expectSymbol(",", "ParseExpectedArgumentDelimiter");
  const first = parse(cursor);
  cursor.expectSymbol(",", "ParseExpectedArgumentDelimiter");
  const second = parse(cursor);
  return name === "DATE_ADD"
    ? { kind: "date-add", part, quantity: first, operand: second, position }
    : { kind: "date-diff", part, from: first, to: second, position };
}

function takeDatePart(cursor: Cursor, parts: readonly string[]): string {
  const { kind, text } = cursor.peek();
  const part = kind === "word" ? text.toUpperCase() : "";
  if (!parts.includes(part)) {
    throw cursor.unexpected("ParseExpectedDatePart", `one of ${parts.join(", ")}`);
  }
  cursor.take();
  return part;
}
