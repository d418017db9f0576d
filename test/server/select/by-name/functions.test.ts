/**
 * Every function of the documentation, by its name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-sql-functions.html
 */
import { describe, expect, test } from "vitest";
import { answerTo, valueOf } from "./ask-object.ts";

/** An expression and its value as JSON. */
type Case = readonly [expression: string, value: string];

const AT = "`2016-02-29T23:59:58.123+05:30`";

const FUNCTIONS: Readonly<Record<string, readonly Case[]>> = {
  // Conditional
  CASE: [
    ["CASE WHEN missing IS NULL THEN 1 ELSE 2 END", "1"],
    ["CASE 'b' WHEN 'a' THEN 1 WHEN 'b' THEN 2 END", "2"],
  ],
  COALESCE: [
    ["COALESCE(1, null)", "1"],
    ["COALESCE(null, null, 1)", "1"],
    ["COALESCE(null, 'string')", '"string"'],
    ["COALESCE(missing)", "null"],
  ],
  NULLIF: [
    ["NULLIF(1, 1.0)", "null"],
    ["NULLIF(1, '1')", "1"],
    ["NULLIF([1], [1])", "null"],
    ["NULLIF(null, 1)", "null"],
  ],
  // Conversion
  CAST: [
    ["CAST('007' AS INT)", "7"],
    ["CAST(7.9 AS INTEGER)", "7"],
    ["CAST('7.50' AS FLOAT)", "7.5"],
    ["CAST('7.50' AS DECIMAL)", "7.5"],
    ["CAST(7 AS NUMERIC(5, 2))", "7"],
    ["CAST(7 AS STRING)", '"7"'],
    ["CAST('true' AS BOOL)", "true"],
    ["CAST('2016-02-29T' AS TIMESTAMP)", '"2016-02-29T"'],
  ],
  // Date
  DATE_ADD: [
    ["DATE_ADD(year, 1, `2016-02-29T`)", '"2017-02-28T"'],
    ["DATE_ADD(month, -1, `2016-03-31T`)", '"2016-02-29T"'],
    ["DATE_ADD(day, 1, `2016T`)", '"2016-01-02T"'],
    ["DATE_ADD(hour, 1, `2016-12-31T23:30Z`)", '"2017-01-01T00:30Z"'],
    ["DATE_ADD(minute, 61, `2016-12-31T23:30Z`)", '"2017-01-01T00:31Z"'],
    [`DATE_ADD(second, 2, ${AT})`, '"2016-03-01T00:00:00.123+05:30"'],
    ["DATE_ADD(day, null, `2016T`)", "null"],
  ],
  DATE_DIFF: [
    ["DATE_DIFF(year, `2010-06T`, `2012-05T`)", "1"],
    ["DATE_DIFF(month, `2010-01-31T`, `2010-02-28T`)", "0"],
    ["DATE_DIFF(day, `2016-02-28T`, `2016-03-01T`)", "2"],
    ["DATE_DIFF(hour, `2016-01-01T00:00Z`, `2016-01-01T01:00+01:00`)", "0"],
    ["DATE_DIFF(minute, `2016-01-01T00:00Z`, `2016-01-01T00:59:59Z`)", "59"],
    ["DATE_DIFF(second, `2016-01-01T00:00:01Z`, `2016-01-01T00:00:00Z`)", "-1"],
  ],
  EXTRACT: [
    [`EXTRACT(YEAR FROM ${AT})`, "2016"],
    [`EXTRACT(MONTH FROM ${AT})`, "2"],
    [`EXTRACT(DAY FROM ${AT})`, "29"],
    [`EXTRACT(HOUR FROM ${AT})`, "23"],
    [`EXTRACT(MINUTE FROM ${AT})`, "59"],
    [`EXTRACT(SECOND FROM ${AT})`, "58"],
    [`EXTRACT(TIMEZONE_HOUR FROM ${AT})`, "5"],
    [`EXTRACT(TIMEZONE_MINUTE FROM ${AT})`, "30"],
  ],
  TO_STRING: [
    [`TO_STRING(${AT}, 'yy y yyyy')`, '"16 2016 2016"'],
    [`TO_STRING(${AT}, 'M MM MMM MMMM MMMMM')`, '"2 02 Feb February F"'],
    [`TO_STRING(${AT}, 'd dd')`, '"29 29"'],
    [`TO_STRING(${AT}, 'h hh H HH a')`, '"11 11 23 23 PM"'],
    [`TO_STRING(${AT}, 'm mm s ss')`, '"59 59 58 58"'],
    [`TO_STRING(${AT}, 'S SS SSS SSSSSSSSS n')`, '"1 12 123 123000000 123000000"'],
    [`TO_STRING(${AT}, 'X XX XXX XXXX XXXXX')`, '"+0530 +0530 +05:30 +0530 +05:30"'],
    [`TO_STRING(${AT}, 'xx xxx xxxx xxxxx')`, '"+0530 +05:30 +0530 +05:30"'],
    ["TO_STRING(`2016-01-01T00:00Z`, 'X XXX x xxx')", '"Z Z +00 +00:00"'],
    [`TO_STRING(${AT}, '''on'' d.M.')`, '"on 29.2."'],
  ],
  TO_TIMESTAMP: [
    ["TO_TIMESTAMP('2016-02-29T23:59Z')", '"2016-02-29T23:59Z"'],
    ["TO_TIMESTAMP('29.2.16', 'd.M.yy')", '"2016-02-29T"'],
    ["TO_TIMESTAMP('Feb 2016', 'MMM y')", '"2016-02T"'],
    ["TO_TIMESTAMP(null, 'y')", "null"],
  ],
  UTCNOW: [
    ["DATE_DIFF(year, `2024T`, UTCNOW()) >= 0", "true"],
    ["EXTRACT(TIMEZONE_HOUR FROM UTCNOW())", "0"],
    ["UTCNOW() = UTCNOW()", "true"],
  ],
  // String
  CHAR_LENGTH: [
    ["CHAR_LENGTH('äöü')", "3"],
    ["CHAR_LENGTH(null)", "null"],
  ],
  CHARACTER_LENGTH: [["CHARACTER_LENGTH('abc\u{1f600}')", "4"]],
  LOWER: [
    ["LOWER('AbCdEfG!@#$')", '"abcdefg!@#$"'],
    ["LOWER(missing)", "MISSING"],
  ],
  SUBSTRING: [
    ["SUBSTRING('123456789', 2, 3)", '"234"'],
    ["SUBSTRING('123456789' FROM 0 FOR 3)", '"12"'],
    ["SUBSTRING('\u{1f600}bc', 2)", '"bc"'],
    ["SUBSTRING('abc', 9)", '""'],
  ],
  TRIM: [
    ["TRIM('  a  ')", '"a"'],
    ["TRIM(LEADING 'xy' FROM 'xyaxy')", '"axy"'],
    ["TRIM(TRAILING 'xy' FROM 'xyaxy')", '"xya"'],
    ["TRIM(BOTH FROM '  a  ')", '"a"'],
  ],
  UPPER: [["UPPER('AbCdEfG!@#$')", '"ABCDEFG!@#$"']],
};

describe.each(Object.entries(FUNCTIONS))("%s", (name, cases) => {
  test.each(cases)("%s is %s", async (expression, value) => {
    expect(expression.toUpperCase()).toContain(name);
    expect(await valueOf(expression)).toBe(value);
    // Names of functions have no case.
    expect(await valueOf(expression.replaceAll(name, name.toLowerCase()))).toBe(value);
  });
});

const NUMBER = "CAST(NULLIF(_2, '') AS INT)";

/** Over 3, nothing, 10 and 5 in the second column. */
const AGGREGATES: Readonly<Record<string, readonly Case[]>> = {
  AVG: [
    [`AVG(${NUMBER})`, "6"],
    [`AVG(CAST(${NUMBER} AS FLOAT))`, "6.0"],
  ],
  COUNT: [
    ["COUNT(*)", "4"],
    [`COUNT(${NUMBER})`, "3"],
    ["COUNT(_1)", "4"],
  ],
  MAX: [
    [`MAX(${NUMBER})`, "10"],
    ["MAX(_1)", "d"],
  ],
  MIN: [
    [`MIN(${NUMBER})`, "3"],
    ["MIN(_1)", "a"],
  ],
  SUM: [
    [`SUM(${NUMBER})`, "18"],
    [`SUM(CAST(${NUMBER} AS DECIMAL)) / COUNT(*)`, "4.5"],
  ],
};

describe.each(Object.entries(AGGREGATES))("%s", (name, cases) => {
  test.each(cases)("%s is %s", async (expression, value) => {
    expect(expression).toContain(name);
    const sql = `SELECT ${expression} FROM S3Object`;
    expect(await answerTo({ sql, object: "a,3\nb,\nc,10\nd,5\n" })).toBe(`${value}\n`);
  });
});

const DOCUMENTED =
  "AVG CASE CAST CHARACTER_LENGTH CHAR_LENGTH COALESCE COUNT DATE_ADD DATE_DIFF EXTRACT LOWER MAX MIN NULLIF " +
  "SUBSTRING SUM TO_STRING TO_TIMESTAMP TRIM UPPER UTCNOW";

test("none of the documentation is left out", () => {
  const tested = [...Object.keys(FUNCTIONS), ...Object.keys(AGGREGATES)];
  expect(tested.toSorted().join(" ")).toBe(DOCUMENTED);
});
