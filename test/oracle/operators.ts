import type { Operator, Type } from "./expression.ts";
import { arithmetic, casts, MIXED, NUMBERS } from "./number-operators.ts";
import { call, each, infix, operator } from "./operator.ts";
import { texts } from "./text-operators.ts";
import { times } from "./time-operators.ts";

const ORDERED = ["int", "dec", "float", "text", "bool", "time"] as const;
/** Between two values. */
export const COMPARISONS: readonly string[] = ["=", "<>", "!=", "<", "<=", ">", ">="];

/** Those that fail for no value that the oracle makes, so that they may stand anywhere. */
export const OPERATORS: readonly Operator[] = [
  ...each(ORDERED, comparisons),
  ...MIXED.flatMap(([left, right]) =>
    COMPARISONS.map((symbol) => operator(symbol, [left, right], "bool", infix(symbol))),
  ),
  ...logic(),
  ...arithmetic(),
  ...conditionals(),
  ...texts(),
  ...casts(),
  ...times(),
];

function comparisons(type: Type): Operator[] {
  return [
    ...COMPARISONS.map((symbol) => operator(symbol, [type, type], "bool", infix(symbol))),
    operator("BETWEEN", [type, type, type], "bool", (a, b, c) => `(${a} BETWEEN ${b} AND ${c})`),
    operator(
      "NOT BETWEEN",
      [type, type, type],
      "bool",
      (a, b, c) => `(${a} NOT BETWEEN ${b} AND ${c})`,
    ),
    operator("IN", [type, type, type], "bool", (a, b, c) => `(${a} IN (${b}, ${c}))`),
    operator("NOT IN", [type, type, type], "bool", (a, b, c) => `(${a} NOT IN (${b}, ${c}))`),
    operator("IS NULL", [type], "bool", (a) => `(${a} IS NULL)`),
    operator("IS NOT NULL", [type], "bool", (a) => `(${a} IS NOT NULL)`),
  ];
}

function logic(): Operator[] {
  return [
    operator("AND", ["bool", "bool"], "bool", infix("AND")),
    operator("OR", ["bool", "bool"], "bool", infix("OR")),
    operator("AND", ["bool", "bool", "bool"], "bool", (a, b, c) => `(${a} AND ${b} AND ${c})`),
    operator(
      "AND before OR",
      ["bool", "bool", "bool"],
      "bool",
      (a, b, c) => `(${a} OR ${b} AND ${c})`,
    ),
    operator("NOT", ["bool"], "bool", (a) => `(NOT ${a})`),
  ];
}

function conditionals(): Operator[] {
  return each(ORDERED, (type) => [
    operator(
      "CASE",
      ["bool", type, type],
      type,
      (a, b, c) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`,
    ),
    operator("CASE without ELSE", ["bool", type], type, (a, b) => `CASE WHEN ${a} THEN ${b} END`),
    operator(
      "simple CASE",
      ["int", "int", type, "small", type],
      type,
      (a, b, c, d, e) => `CASE ${a} WHEN ${b} THEN ${c} WHEN ${d} THEN ${e} END`,
    ),
    operator("COALESCE", [type, type, type], type, call("COALESCE")),
    operator("NULLIF", [type, type], type, call("NULLIF")),
  ]);
}

/** Those that fail for some values: they stand alone, because engines need not agree on what else is looked at. */
export const STRICT_OPERATORS: readonly Operator[] = [
  operator("/", ["int", "int"], "int", infix("/"), call("s3_quotient"), [
    "integer division",
    "integer division by zero",
  ]),
  operator("%", ["int", "int"], "int", infix("%"), call("s3_remainder"), ["remainder by zero"]),
  operator("/", ["float", "float"], "float", infix("/")),
  operator("%", ["float", "float"], "float", infix("%")),
  operator("*", ["big", "int"], "int", infix("*"), undefined, ["integers of 64 bits"]),
  operator("+", ["big", "big"], "int", infix("+"), undefined, ["integers of 64 bits"]),
  operator("-", ["big", "big"], "int", infix("-"), undefined, ["integers of 64 bits"]),
];

/** Aggregates: they stand in the SELECT list alone, and not within each other. */
export const AGGREGATES: readonly Operator[] = [
  operator("COUNT(*)", [], "int", () => "COUNT(*)"),
  ...each(ORDERED, (type) => [operator("COUNT", [type], "int", call("COUNT"))]),
  ...each(NUMBERS, (type) => [
    operator("SUM", [type], type === "float" ? "ratio" : type, call("SUM")),
    operator("AVG", [type], "ratio", call("AVG"), undefined, ["decimal fractions"]),
    operator("MIN", [type], type, call("MIN")),
    operator("MAX", [type], type, call("MAX")),
  ]),
  operator("MIN", ["bool"], "bool", call("MIN")),
  operator("MAX", ["bool"], "bool", call("MAX")),
];
