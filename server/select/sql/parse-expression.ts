import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import type { Cursor } from "./cursor.ts";
import { isCall, parseCall } from "./parse-call.ts";
import { parseItems } from "./parse-items.ts";
import { parsePath } from "./parse-path.ts";
import type { ArithmeticOperator, ComparisonOperator, Expression, Literal } from "./syntax.ts";

const COMPARISONS: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["=", "="],
  ["<>", "<>"],
  ["!=", "<>"],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
]);

/** One expression; the weakest operators are looked for first. */
export function parseExpression(cursor: Cursor): Expression {
  const parseAnd = () => parseLogic(cursor, "AND", () => parseNot(cursor));
  return cursor.nested(() => parseLogic(cursor, "OR", parseAnd));
}

function parseLogic(
  cursor: Cursor,
  operator: "AND" | "OR",
  parseOperand: () => Expression,
): Expression {
  const { position } = cursor.peek();
  const first = parseOperand();
  const operands = [first];
  while (cursor.takeWord(operator)) {
    cursor.countOperator();
    operands.push(parseOperand());
  }
  return operands.length === 1 ? first : { kind: "logic", operator, operands, position };
}

function parseNot(cursor: Cursor): Expression {
  const { position } = cursor.peek();
  if (!cursor.takeWord("NOT")) return parseComparison(cursor);
  cursor.countOperator();
  return { kind: "not", operand: cursor.nested(() => parseNot(cursor)), position };
}

function parseComparison(cursor: Cursor): Expression {
  let left = parsePredicate(cursor);
  for (;;) {
    const { kind, text, position } = cursor.peek();
    const operator = kind === "symbol" ? COMPARISONS.get(text) : undefined;
    if (operator !== undefined) {
      cursor.take();
      cursor.countOperator();
      left = { kind: "compare", operator, left, right: parsePredicate(cursor), position };
    } else if (cursor.takeWord("IS")) left = parseIs(cursor, left, position);
    else return left;
  }
}

function parseIs(cursor: Cursor, operand: Expression, position: Position): Expression {
  cursor.countOperator();
  const isNegated = cursor.takeWord("NOT");
  const what = cursor.isWord("NULL") ? "NULL" : cursor.isWord("MISSING") ? "MISSING" : null;
  if (what === null) throw cursor.unexpected("ParseExpectedKeyword", "NULL or MISSING");
  cursor.take();
  return negatedIf(isNegated, { kind: "is", operand, what, position });
}

/** LIKE, BETWEEN and IN. */
function parsePredicate(cursor: Cursor): Expression {
  const operand = parseSum(cursor);
  const { position } = cursor.peek();
  const isNegated = cursor.isWord("NOT") && isPredicateWord(cursor, 1);
  if (isNegated) cursor.take();
  if (!isPredicateWord(cursor, 0)) return operand;
  cursor.countOperator();
  if (cursor.takeWord("LIKE")) {
    const pattern = parseSum(cursor);
    const escape = cursor.takeWord("ESCAPE") ? parseSum(cursor) : null;
    return negatedIf(isNegated, { kind: "like", operand, pattern, escape, position });
  }
  if (cursor.takeWord("IN")) {
    return negatedIf(isNegated, { kind: "in", operand, list: parseList(cursor), position });
  }
  cursor.take();
  const low = parseSum(cursor);
  cursor.expectWord("AND", "ParseExpectedKeyword");
  return negatedIf(isNegated, { kind: "between", operand, low, high: parseSum(cursor), position });
}

function isPredicateWord(cursor: Cursor, ahead: number): boolean {
  return ["LIKE", "BETWEEN", "IN"].some((word) => cursor.isWord(word, ahead));
}

function negatedIf(isNegated: boolean, operand: Expression): Expression {
  return isNegated ? { kind: "not", operand, position: operand.position } : operand;
}

/** `(a, b)`, `[a, b]`, or an expression that is a list. */
function parseList(cursor: Cursor): Expression {
  const { position } = cursor.peek();
  if (!cursor.takeSymbol("(")) return parseSum(cursor);
  cursor.countOperator();
  const items = parseItems(cursor, parseExpression);
  cursor.expectSymbol(")", "ParseExpectedRightParenBuiltinFunctionCall");
  return { kind: "list", items, position };
}

function parseSum(cursor: Cursor): Expression {
  let left = parseProduct(cursor);
  for (;;) {
    const { position } = cursor.peek();
    if (cursor.isSymbol("+") || cursor.isSymbol("-")) {
      const operator = cursor.take().text as ArithmeticOperator;
      cursor.countOperator();
      left = { kind: "arithmetic", operator, left, right: parseProduct(cursor), position };
    } else if (cursor.takeSymbol("||")) {
      cursor.countOperator();
      left = { kind: "concat", left, right: parseProduct(cursor), position };
    } else return left;
  }
}

function parseProduct(cursor: Cursor): Expression {
  let left = parseSign(cursor);
  for (;;) {
    const { position } = cursor.peek();
    if (!["*", "/", "%"].some((symbol) => cursor.isSymbol(symbol))) return left;
    const operator = cursor.take().text as ArithmeticOperator;
    cursor.countOperator();
    left = { kind: "arithmetic", operator, left, right: parseSign(cursor), position };
  }
}

function parseSign(cursor: Cursor): Expression {
  const { position } = cursor.peek();
  const isMinus = cursor.takeSymbol("-");
  if (!isMinus && !cursor.takeSymbol("+")) return parseTerm(cursor);
  cursor.countOperator();
  return {
    kind: isMinus ? "negate" : "plus",
    operand: cursor.nested(() => parseSign(cursor)),
    position,
  };
}

function parseTerm(cursor: Cursor): Expression {
  const { position } = cursor.peek();
  if (cursor.takeSymbol("(")) {
    cursor.countOperator();
    if (cursor.isWord("SELECT")) {
      throw new SelectError(
        "UnsupportedSqlStructure",
        "A query within a query is not supported.",
        position,
      );
    }
    const inner = parseExpression(cursor);
    cursor.expectSymbol(")", "ParseExpectedRightParenBuiltinFunctionCall");
    return inner;
  }
  if (cursor.takeSymbol("[")) {
    cursor.countOperator();
    const items = cursor.isSymbol("]") ? [] : parseItems(cursor, parseExpression);
    cursor.expectSymbol("]", "ParseExpectedTokenType");
    return { kind: "list", items, position };
  }
  const literal = takeLiteral(cursor);
  if (literal !== null) return { kind: "literal", literal, position };
  if (cursor.isWord("CASE")) return parseCase(cursor);
  if (isCall(cursor)) return parseCall(cursor, parseExpression);
  if (cursor.isName) return parsePath(cursor);
  throw cursor.unexpected("ParseExpectedExpression", "a value");
}

function takeLiteral(cursor: Cursor): Literal | null {
  const { kind, text, position } = cursor.peek();
  if (kind === "integer" || kind === "decimal" || kind === "string") {
    cursor.take();
    return { type: kind, text };
  }
  if (kind === "ion") {
    const value = parseTimestamp(text);
    if (value === null) {
      const detail = `\`${text}\` is no timestamp; of Ion's literals only timestamps are supported.`;
      throw new SelectError("LexerInvalidIONLiteral", detail, position);
    }
    cursor.take();
    return { type: "timestamp", value };
  }
  if (cursor.takeWord("TRUE")) return { type: "bool", value: true };
  if (cursor.takeWord("FALSE")) return { type: "bool", value: false };
  if (cursor.takeWord("NULL")) return { type: "null" };
  return cursor.takeWord("MISSING") ? { type: "missing" } : null;
}

function parseCase(cursor: Cursor): Expression {
  const { position } = cursor.take();
  cursor.countOperator();
  const operand = cursor.isWord("WHEN") ? null : parseExpression(cursor);
  const branches = [];
  while (cursor.takeWord("WHEN")) {
    cursor.countOperator();
    const when = parseExpression(cursor);
    cursor.expectWord("THEN", "ParseExpectedKeyword");
    branches.push({ when, result: parseExpression(cursor) });
  }
  if (branches.length === 0) throw cursor.unexpected("ParseExpectedWhenClause", "WHEN");
  const otherwise = cursor.takeWord("ELSE") ? parseExpression(cursor) : null;
  cursor.expectWord("END", "ParseExpectedKeyword");
  return { kind: "case", operand, branches, otherwise, position };
}
