import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { Expression } from "../sql/syntax.ts";
import { cast } from "../values/cast.ts";
import { compileLike } from "../values/like.ts";
import { asNumber, calculate, negate, numberOfText, plainNumber } from "../values/numbers.ts";
import { quoted } from "../values/text.ts";
import { isPresent, List, MISSING, type NumberValue, type Value } from "../values/value.ts";
import { compileCall, compileDateFunction, compileTrim } from "./compile-call.ts";
import type { Evaluate, Setting } from "./evaluator.ts";
import { compare, holds, isIn, truthOf } from "./logic.ts";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/**
 * Makes an expression ready for records of one kind.
 * @throws SelectError for names, patterns and aggregates that cannot be evaluated, before any record is read
 */
export function compile<Row>(expression: Expression, setting: Setting<Row>): Evaluate<Row> {
  const inner = (each: Expression) => compile(each, setting);
  switch (expression.kind) {
    case "literal": {
      const value = literalValue(expression);
      return () => value;
    }
    case "path":
      return setting.bind(expression);
    case "list":
      return compileList(expression.items.map(inner));
    case "logic":
      return compileLogic(expression, expression.operands.map(inner));
    case "not": {
      const operand = inner(expression.operand);
      return (row) => not(operand(row));
    }
    case "compare":
      return compileComparison(expression, setting);
    case "is":
      return compileIs(expression, inner(expression.operand));
    case "like":
      return compileLikeExpression(expression, setting);
    case "between":
      return compileBetween(expression, setting);
    case "in":
      return compileIn(expression, setting);
    case "case":
      return compileCase(expression, setting);
    case "negate":
    case "plus":
      return compileSign(expression, setting);
    case "arithmetic":
      return compileArithmetic(expression, setting);
    case "concat":
      return compileConcat(expression, setting);
    case "cast": {
      const operand = inner(expression.operand);
      const { type, position } = expression;
      return (row) => cast(operand(row), type, position);
    }
    case "call":
      return compileCall(expression, expression.args.map(inner), setting);
    case "trim":
      return compileTrim(
        expression,
        inner(expression.operand),
        expression.characters && inner(expression.characters),
      );
    case "extract":
    case "date-add":
    case "date-diff":
      return compileDateFunction(expression, operandsOf(expression).map(inner), setting);
    case "aggregate":
      return setting.bindAggregate(expression);
  }
}

function operandsOf(expression: Of<"extract" | "date-add" | "date-diff">): readonly Expression[] {
  if (expression.kind === "extract") return [expression.operand];
  return expression.kind === "date-add"
    ? [expression.quantity, expression.operand]
    : [expression.from, expression.to];
}

function literalValue({ literal, position }: Of<"literal">): Value {
  switch (literal.type) {
    case "missing":
      return MISSING;
    case "null":
      return null;
    case "bool":
    case "timestamp":
      return literal.value;
    case "string":
      return literal.text;
    case "integer":
    case "decimal":
      return literalNumber(literal.text, position);
  }
}

/** @throws SelectError `NumberFormatError` for one that no number of the dialect reaches */
function literalNumber(text: string, position: Position): Value {
  const number = numberOfText(text);
  if (number !== null) return number;
  const detail = "A number has at most 400 characters, and an exponent of four digits.";
  throw new SelectError("NumberFormatError", detail, position);
}

function compileList<Row>(items: readonly Evaluate<Row>[]): Evaluate<Row> {
  return (row) => new List(items.map((item) => item(row)));
}

function not(value: Value): Value {
  const truth = truthOf(value);
  if (truth !== null) return !truth;
  return value === MISSING ? MISSING : null;
}

function compileLogic<Row>(
  { operator }: Of<"logic">,
  operands: readonly Evaluate<Row>[],
): Evaluate<Row> {
  // One FALSE decides an AND, one TRUE an OR, whatever the others are.
  const decisive = operator === "OR";
  return (row) => {
    let isOpen = false;
    for (const operand of operands) {
      const truth = truthOf(operand(row));
      if (truth === decisive) return decisive;
      if (truth === null) isOpen = true;
    }
    return isOpen ? null : !decisive;
  };
}

function compileComparison<Row>(expression: Of<"compare">, setting: Setting<Row>): Evaluate<Row> {
  const left = compile(expression.left, setting);
  const right = compile(expression.right, setting);
  const { operator } = expression;
  const { isUntyped } = setting;
  const fixed = isUntyped ? plainLiteral(expression.right) : null;
  if (fixed === null) return (row) => compare(operator, left(row), right(row), isUntyped);
  return (row) => {
    const value = left(row);
    // Most columns that are compared with a number hold numbers as one writes them.
    const number = typeof value === "string" ? plainNumber(value) : null;
    return number === null
      ? compare(operator, value, right(row), isUntyped)
      : holds(operator, number - fixed);
  };
}

/** A number of at most 15 digits that a literal is; null for what else it may be. */
function plainLiteral(expression: Expression): number | null {
  if (expression.kind !== "literal") return null;
  const { literal } = expression;
  return literal.type === "integer" || literal.type === "decimal"
    ? plainNumber(literal.text)
    : null;
}

/** NULL is what is MISSING, too; MISSING is nothing else. */
function compileIs<Row>({ what }: Of<"is">, operand: Evaluate<Row>): Evaluate<Row> {
  return what === "NULL" ? (row) => !isPresent(operand(row)) : (row) => operand(row) === MISSING;
}

function compileLikeExpression<Row>(expression: Of<"like">, setting: Setting<Row>): Evaluate<Row> {
  const { position, pattern, escape } = expression;
  const operand = compile(expression.operand, setting);
  const patternOf = compile(pattern, setting);
  const escapeOf = escape === null ? null : compile(escape, setting);
  const matcherOf = (row: Row) => {
    const patternText = patternOf(row);
    const escapeText = escapeOf === null ? null : escapeOf(row);
    if (typeof patternText !== "string" || (escapeOf !== null && typeof escapeText !== "string")) {
      if (!isPresent(patternText) || (escapeOf !== null && !isPresent(escapeText))) return null;
      throw new SelectError("LikeInvalidInputs", "LIKE compares text with a text.", position);
    }
    return compileLike(patternText, typeof escapeText === "string" ? escapeText : null, position);
  };
  const isFixed = pattern.kind === "literal" && (escape === null || escape.kind === "literal");
  let fixed: ReturnType<typeof matcherOf> | undefined;
  return (row) => {
    const text = operand(row);
    if (!isPresent(text)) return text;
    if (typeof text !== "string") {
      throw new SelectError("LikeInvalidInputs", "LIKE compares text with a text.", position);
    }
    const matches = isFixed ? (fixed ??= matcherOf(row)) : matcherOf(row);
    return matches === null ? null : matches(text);
  };
}

function compileBetween<Row>(expression: Of<"between">, setting: Setting<Row>): Evaluate<Row> {
  const operand = compile(expression.operand, setting);
  const low = compile(expression.low, setting);
  const high = compile(expression.high, setting);
  const { isUntyped } = setting;
  return (row) => {
    const value = operand(row);
    const isAbove = compare(">=", value, low(row), isUntyped);
    if (isAbove === false) return false;
    const isBelow = compare("<=", value, high(row), isUntyped);
    if (isBelow === false) return false;
    if (isAbove === true && isBelow === true) return true;
    return value === MISSING ? MISSING : null;
  };
}

function compileIn<Row>(expression: Of<"in">, setting: Setting<Row>): Evaluate<Row> {
  const operand = compile(expression.operand, setting);
  const list = compile(expression.list, setting);
  const { isUntyped } = setting;
  return (row) => {
    const found = list(row);
    if (!isPresent(found)) return found;
    // A value that is no list is a list of one.
    return isIn(operand(row), found instanceof List ? found.items : [found], isUntyped);
  };
}

function compileCase<Row>(expression: Of<"case">, setting: Setting<Row>): Evaluate<Row> {
  const operand = expression.operand && compile(expression.operand, setting);
  const otherwise = expression.otherwise && compile(expression.otherwise, setting);
  const branches = expression.branches.map(({ when, result }) => ({
    when: compile(when, setting),
    result: compile(result, setting),
  }));
  const { isUntyped } = setting;
  return (row) => {
    const value = operand?.(row);
    for (const { when, result } of branches) {
      const said = when(row);
      const isIt = value === undefined ? said : compare("=", value, said, isUntyped);
      if (isIt === true) return result(row);
    }
    return otherwise === null ? null : otherwise(row);
  };
}

function compileSign<Row>(expression: Of<"negate" | "plus">, setting: Setting<Row>): Evaluate<Row> {
  const operand = compile(expression.operand, setting);
  const { kind, position } = expression;
  return (row) => {
    const value = operand(row);
    if (!isPresent(value)) return value;
    const number = numberFor(value, setting.isUntyped, expression);
    return kind === "negate" ? negate(number, position) : number;
  };
}

function compileArithmetic<Row>(
  expression: Of<"arithmetic">,
  setting: Setting<Row>,
): Evaluate<Row> {
  const left = compile(expression.left, setting);
  const right = compile(expression.right, setting);
  const { operator, position } = expression;
  const { isUntyped } = setting;
  return (row) => {
    const a = left(row);
    const b = right(row);
    if (a === MISSING || b === MISSING) return MISSING;
    if (a === null || b === null) return null;
    const first = numberFor(a, isUntyped, expression);
    return calculate(operator, first, numberFor(b, isUntyped, expression), position);
  };
}

function numberFor(value: Value, isUntyped: boolean, { position }: Expression): NumberValue {
  const number = asNumber(value, isUntyped);
  if (number !== null) return number;
  const detail = `${quoted(value)} is no number; use CAST, or leave such records out with WHERE.`;
  throw new SelectError("IncorrectSqlFunctionArgumentType", detail, position);
}

function compileConcat<Row>(expression: Of<"concat">, setting: Setting<Row>): Evaluate<Row> {
  const left = compile(expression.left, setting);
  const right = compile(expression.right, setting);
  const { position } = expression;
  return (row) => {
    const a = left(row);
    const b = right(row);
    if (a === MISSING || b === MISSING) return MISSING;
    if (a === null || b === null) return null;
    if (typeof a === "string" && typeof b === "string") return a + b;
    const detail = "|| joins texts; CAST others AS STRING.";
    throw new SelectError("IncorrectSqlFunctionArgumentType", detail, position);
  };
}
