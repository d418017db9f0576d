import type { ComparisonOperator, Expression, Path } from "../sql/syntax.ts";
import { numberOfText } from "../values/numbers.ts";
import { Decimal } from "../values/value.ts";

/** What a field is asked: to compare with a value, to have a text where LIKE has it, or to be there. */
export type TestOperator =
  ComparisonOperator | "begins" | "ends" | "contains" | "is-null" | "is-missing";

/** A question about a field. */
export interface KernelTest {
  /** Its place among the fields. */
  readonly field: number;
  readonly operator: TestOperator;
  readonly operand: number | Uint8Array;
  /** Numbers with digits behind the point are for the evaluator. */
  readonly isIntegersOnly: boolean;
  /** An empty text is no number: it has no order, and differs from every one. */
  readonly isEmptyNoNumber: boolean;
}

/** How the fields are found that are asked. */
export interface TestSetting {
  /** Null for what is no field. */
  place(path: Path): number | null;
  /** Text that reads as a number is one, and what is not there is NULL. */
  readonly isUntyped: boolean;
}

/** Floats tell numbers of so many digits from each other. */
const MAX_DIGITS = 15;

/** Longer texts have no room in the kernel's memory, in bytes. */
const MAX_TEXT_BYTES = 128;

/** The test that an expression is; null where it is none. */
export function testOf(expression: Expression, setting: TestSetting): KernelTest | null {
  switch (expression.kind) {
    case "compare":
      return comparisonTest(expression, setting);
    case "like":
      return likeTest(expression, setting);
    case "is":
      return presenceTest(expression, setting);
    default:
      return null;
  }
}

/** The same for a comparison that nobody has written so. */
export function comparisonTest(
  {
    operator,
    left,
    right,
  }: {
    readonly operator: ComparisonOperator;
    readonly left: Expression;
    readonly right: Expression;
  },
  setting: TestSetting,
): KernelTest | null {
  const operand = fixedValue(right);
  if (operand === null) {
    if (fixedValue(left) === null) return null;
    return comparisonTest({ operator: TURNED[operator], left: right, right: left }, setting);
  }
  const { path, type } = fieldIn(left);
  const field = path === null ? null : setting.place(path);
  if (field === null || type === "OTHER") return null;
  const isText = typeof operand !== "number";
  if (isText !== (type === "STRING") && type !== null) return null;
  const isIntegersOnly = type === "INTEGER";
  const isEmptyNoNumber = setting.isUntyped && type === null;
  return { field, operator, operand, isIntegersOnly, isEmptyNoNumber };
}

/** The same comparison from the other side. */
const TURNED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

type FieldType = "FLOAT" | "DECIMAL" | "INTEGER" | "STRING" | "OTHER";

/** A path, or a cast of one. */
function fieldIn(expression: Expression): { path: Path | null; type: FieldType | null } {
  if (expression.kind === "path") return { path: expression, type: null };
  if (expression.kind !== "cast" || expression.operand.kind !== "path") {
    return { path: null, type: null };
  }
  const { type, operand } = expression;
  return { path: operand, type: type === "BOOL" || type === "TIMESTAMP" ? "OTHER" : type };
}

/** A number that a float holds, or a text; null for what else there may be. */
function fixedValue(expression: Expression): number | Uint8Array | null {
  if (expression.kind === "negate") {
    const value = fixedValue(expression.operand);
    return typeof value === "number" ? -value : null;
  }
  if (expression.kind !== "literal") return null;
  const { literal } = expression;
  if (literal.type === "string") return textBytes(literal.text);
  if (literal.type !== "integer" && literal.type !== "decimal") return null;
  const number = numberOfText(literal.text);
  if (number === null) return null;
  const decimal = new Decimal(number.toString());
  const isExact = decimal.precision(true) <= MAX_DIGITS && decimal.decimalPlaces() <= MAX_DIGITS;
  return isExact ? decimal.toNumber() : null;
}

/** Null where there is too much of it. */
function textBytes(text: string): Uint8Array | null {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= MAX_TEXT_BYTES ? bytes : null;
}

/** Patterns with % at an end or at both, and nothing else in them that means something. */
const SIMPLE_PATTERN = /^(%?)([^%_]*)(%?)$/u;

const LIKE_OPERATORS: Readonly<Record<string, TestOperator>> = {
  "": "=",
  "%": "ends",
  "%%": "contains",
};

function likeTest(
  { operand, pattern, escape }: Extract<Expression, { kind: "like" }>,
  setting: TestSetting,
): KernelTest | null {
  const field = operand.kind === "path" ? setting.place(operand) : null;
  if (field === null || escape !== null || pattern.kind !== "literal") return null;
  if (pattern.literal.type !== "string") return null;
  const [, before = "", text = "", behind = ""] = SIMPLE_PATTERN.exec(pattern.literal.text) ?? [
    "",
    "_",
  ];
  if (before === "_") return null;
  const bytes = textBytes(text);
  if (bytes === null) return null;
  const operator =
    before === "" && behind !== "" ? "begins" : (LIKE_OPERATORS[before + behind] ?? "=");
  return { field, operator, operand: bytes, isIntegersOnly: false, isEmptyNoNumber: false };
}

function presenceTest(
  { operand, what }: Extract<Expression, { kind: "is" }>,
  setting: TestSetting,
): KernelTest | null {
  const field = operand.kind === "path" ? setting.place(operand) : null;
  if (field === null || (what === "MISSING" && setting.isUntyped)) return null;
  const operator = what === "NULL" ? "is-null" : "is-missing";
  return { field, operator, operand: 0, isIntegersOnly: false, isEmptyNoNumber: false };
}
