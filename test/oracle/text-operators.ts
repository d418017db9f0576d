import type { Operator } from "./expression.ts";
import { call, infix, operator } from "./operator.ts";

/** Functions and patterns of text. */
export function texts(): Operator[] {
  return [
    operator("||", ["text", "text"], "text", infix("||")),
    operator("LOWER", ["text"], "text", call("LOWER")),
    operator("UPPER", ["text"], "text", call("UPPER"), undefined, ["letters that become two"]),
    operator("CHAR_LENGTH", ["text"], "int", call("CHAR_LENGTH"), call("length")),
    operator("CHARACTER_LENGTH", ["text"], "int", call("CHARACTER_LENGTH"), call("length")),
    operator("LIKE", ["text", "pattern"], "bool", infix("LIKE")),
    operator("NOT LIKE", ["text", "pattern"], "bool", infix("NOT LIKE")),
    operator("LIKE a column", ["text", "text"], "bool", infix("LIKE")),
    operator(
      "LIKE with ESCAPE",
      ["text", "pattern"],
      "bool",
      (a, b) => `(${a} LIKE ${b} ESCAPE '!')`,
      undefined,
      ["escape in a pattern"],
    ),
    operator(
      "SUBSTRING FROM FOR",
      ["text", "small", "length"],
      "text",
      (a, b, c) => `SUBSTRING(${a} FROM ${b} FOR ${c})`,
      call("s3_substring"),
      ["start of a substring"],
    ),
    operator(
      "SUBSTRING of three",
      ["text", "int"],
      "text",
      (a, b) => `SUBSTRING(${a}, ${b}, 2)`,
      (a, b) => `s3_substring(${a}, ${b}, 2)`,
      ["start of a substring"],
    ),
    operator(
      "SUBSTRING FROM",
      ["text", "small"],
      "text",
      (a, b) => `SUBSTRING(${a} FROM ${b})`,
      call("s3_substring_from"),
      ["substring without a length"],
    ),
    operator("TRIM", ["text"], "text", call("TRIM"), call("s3_trim"), ["spaces to trim"]),
    ...(["LEADING", "TRAILING", "BOTH"] as const).map((side) =>
      operator(
        `TRIM ${side}`,
        ["text", "text"],
        "text",
        (a, b) => `TRIM(${side} ${b} FROM ${a})`,
        call({ LEADING: "ltrim", TRAILING: "rtrim", BOTH: "trim" }[side]),
      ),
    ),
  ];
}
