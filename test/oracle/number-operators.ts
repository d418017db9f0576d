import type { Operator, Type } from "./expression.ts";
import { call, each, infix, operator, type Words } from "./operator.ts";

/** The types of numbers. */
export const NUMBERS = ["int", "dec", "float"] as const;

/** Numbers of two types that meet. */
export const MIXED: readonly (readonly [Type, Type])[] = [
  ["int", "dec"],
  ["dec", "int"],
  ["int", "float"],
  ["float", "dec"],
];

/** Sums, products, quotients and remainders. */
export function arithmetic(): Operator[] {
  return [
    ...each(NUMBERS, (type) => [
      operator("+", [type, type], type, infix("+")),
      operator("-", [type, type], type, infix("-")),
      operator("*", [type, "small"], type, infix("*")),
      operator("negative", [type], type, (a) => `(- ${a})`),
      operator("positive", [type], type, (a) => `(+ ${a})`),
    ]),
    ...MIXED.map(([left, right]) =>
      operator(
        "+",
        [left, right],
        left === "float" || right === "float" ? "float" : "dec",
        infix("+"),
      ),
    ),
    operator("* before +", ["int", "int", "small"], "int", (a, b, c) => `(${a} + ${b} * ${c})`),
    operator(
      "/",
      ["int", "int"],
      "int",
      (a, b) => `(${a} / NULLIF(${b}, 0))`,
      (a, b) => `s3_quotient(${a}, NULLIF(${b}, 0))`,
      ["integer division"],
    ),
    operator("%", ["int", "int"], "int", (a, b) => `(${a} % NULLIF(${b}, 0))`),
    operator("/", ["float", "float"], "float", (a, b) => `(${a} / NULLIF(${b}, 0))`),
    operator("%", ["dec", "dec"], "dec", (a, b) => `(${a} % NULLIF(${b}, 0))`),
    operator("/", ["dec", "dec"], "ratio", (a, b) => `(${a} / NULLIF(${b}, 0))`, undefined, [
      "decimal fractions",
    ]),
  ];
}

/** CAST between numbers, text and booleans. */
export function casts(): Operator[] {
  const cast =
    (type: string): Words =>
    (a) =>
      `CAST(${a} AS ${type})`;
  return [
    operator("CAST integer to text", ["int"], "text", cast("STRING"), cast("VARCHAR")),
    operator("CAST boolean to text", ["bool"], "text", cast("VARCHAR")),
    operator("CAST decimal to integer", ["dec"], "int", cast("INT"), call("s3_whole"), [
      "number to integer",
    ]),
    operator("CAST float to integer", ["float"], "int", cast("INTEGER"), call("s3_whole"), [
      "number to integer",
    ]),
    operator("CAST integer to float", ["int"], "float", cast("FLOAT"), cast("DOUBLE")),
    operator("CAST decimal to float", ["dec"], "float", cast("FLOAT"), cast("DOUBLE")),
    operator("CAST float to decimal", ["int"], "dec", cast("DECIMAL"), cast("DOUBLE")),
    operator("CAST integer to boolean", ["int"], "bool", cast("BOOL"), cast("BOOLEAN")),
    operator("CAST boolean to integer", ["bool"], "int", cast("INT"), cast("BIGINT")),
    operator("CAST text to boolean", ["text"], "bool", cast("BOOL"), call("s3_boolean"), [
      "text to boolean",
    ]),
    operator(
      "CAST there and back",
      ["int"],
      "int",
      (a) => `CAST(CAST(${a} AS STRING) AS INT)`,
      (a) => `CAST(CAST(${a} AS VARCHAR) AS BIGINT)`,
    ),
  ];
}
