/**
 * Every operator of the documentation, by its name, and which binds before which.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-operators.html
 */
import { describe, expect, test } from "vitest";
import { answerTo, csvOut, jsonIn, valueOf } from "./ask-object.ts";

type Case = readonly [expression: string, value: string];

const OPERATORS: Readonly<Record<string, readonly Case[]>> = {
  AND: [
    ["true AND true", "true"],
    ["true AND false", "false"],
    ["null AND false", "false"],
    ["null AND true", "null"],
  ],
  OR: [
    ["false OR true", "true"],
    ["false OR false", "false"],
    ["null OR true", "true"],
    ["null OR false", "null"],
  ],
  NOT: [
    ["NOT false", "true"],
    ["NOT NOT false", "false"],
    ["NOT null", "null"],
  ],
  "<": [
    ["1 < 2", "true"],
    ["'a' < 'b'", "true"],
    ["`2016T` < `2017T`", "true"],
    ["2 < 2", "false"],
  ],
  ">": [
    ["2 > 1.5", "true"],
    ["'b' > 'a'", "true"],
    ["1 > null", "null"],
  ],
  "<=": [
    ["2 <= 2.0", "true"],
    ["3 <= 2", "false"],
  ],
  ">=": [
    ["2 >= 2.0", "true"],
    ["1 >= 2", "false"],
  ],
  "=": [
    ["'a' = 'a'", "true"],
    ["'a' = 'A'", "false"],
    ["1 = 'a'", "false"],
    ["null = null", "null"],
  ],
  "<>": [
    ["1 <> 2", "true"],
    ["1 <> null", "null"],
  ],
  "!=": [
    ["1 != 2", "true"],
    ["'a' != 'a'", "false"],
  ],
  BETWEEN: [
    ["2 BETWEEN 1 AND 2", "true"],
    ["'b' BETWEEN 'a' AND 'c'", "true"],
    ["3 NOT BETWEEN 1 AND 2", "true"],
  ],
  IN: [
    ["'a' IN ('a', 'b', 'c')", "true"],
    ["'d' IN ('a', 'b', 'c')", "false"],
    ["'d' NOT IN ('a')", "true"],
  ],
  LIKE: [
    ["'abc' LIKE 'a_c'", "true"],
    ["'abc' LIKE '%c'", "true"],
    ["'abc' LIKE 'b%'", "false"],
    ["'50%' LIKE '%$%' ESCAPE '$'", "true"],
    ["'abc' NOT LIKE 'a%'", "false"],
  ],
  "IS NULL": [
    ["null IS NULL", "true"],
    ["missing IS NULL", "true"],
    ["'' IS NULL", "false"],
  ],
  "IS NOT NULL": [
    ["'' IS NOT NULL", "true"],
    ["null IS NOT NULL", "false"],
  ],
  "IS MISSING": [
    ["missing IS MISSING", "true"],
    ["null IS MISSING", "false"],
  ],
  "IS NOT MISSING": [["null IS NOT MISSING", "true"]],
  "+": [
    ["1 + 2", "3"],
    ["1.5 + 2", "3.5"],
    ["+1", "1"],
    ["1 + null", "null"],
  ],
  "-": [
    ["1 - 2", "-1"],
    ["-(1)", "-1"],
    ["1 - -1", "2"],
  ],
  "*": [
    ["2 * 3", "6"],
    ["2 * 1.5", "3"],
  ],
  "/": [
    ["7 / 2", "3"],
    ["7 / 2.0", "3.5"],
  ],
  "%": [
    ["7 % 4", "3"],
    ["7.5 % 2", "1.5"],
  ],
  "||": [
    ["'a' || 'b' || 'c'", '"abc"'],
    ["'a' || null", "null"],
  ],
};

describe.each(Object.entries(OPERATORS))("%s", (name, cases) => {
  test.each(cases)("%s is %s", async (expression, value) => {
    expect(expression).toContain(name);
    expect(await valueOf(expression)).toBe(value);
  });
});

/** In the documentation's order, the first binds first; each line holds only if it binds before the next kind. */
const PRECEDENCE: readonly Case[] = [
  ["- 2 * 3", "-6"],
  ["2 + 3 * 4", "14"],
  ["2 * 3 + 4", "10"],
  ["10 - 4 - 3", "3"],
  ["3 IN (1 + 2)", "true"],
  ["2 + 3 BETWEEN 5 AND 6", "true"],
  ["'ab' LIKE 'a' || '%'", "true"],
  ["1 + 1 = 2", "true"],
  ["'a' LIKE 'a' = true", "true"],
  ["NOT 1 = 2", "true"],
  ["NOT false AND false", "false"],
  ["true OR true AND false", "true"],
  ["2 BETWEEN 1 AND 3 AND false", "false"],
];

test.each(PRECEDENCE)("%s is %s, because of what binds first", async (expression, value) => {
  expect(await valueOf(expression)).toBe(value);
});

/** Ways to a value. */
const PATHS: readonly Case[] = [
  ["s.a", "1"],
  ['s."a"', "1"],
  ["a", "1"],
  ["s.b.c", "2"],
  ["s.b['c']", "2"],
  ["s.d[1]", "20"],
  ["s.d[9] IS MISSING", "true"],
  ["s.none IS MISSING", "true"],
  ['s."A B"', "3"],
];

test.each(PATHS)("the path %s leads to %s", async (path, value) => {
  const object = '{"a":1,"b":{"c":2},"d":[10,20],"A B":3}';
  const sql = `SELECT ${path} FROM S3Object s`;
  const question = { sql, object, input: jsonIn("DOCUMENT"), output: csvOut() };
  expect(await answerTo(question)).toBe(`${value}\n`);
});
