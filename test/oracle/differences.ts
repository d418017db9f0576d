/** A value as it comes out of either engine; what fails is an error, whatever it says. */
export type Outcome = string | number | boolean | null | "error";

/** A place where S3 Select's dialect and DuckDB's do not mean the same by the same words. */
export interface Difference {
  /** Who means what. */
  readonly reason: string;
  /** An expression that tells them apart. */
  readonly sql: string;
  /** The same where DuckDB has other words for it. */
  readonly duckDb?: string;
  /** The record that it is about, as a line of JSON; `_1` is its one column where it is CSV. */
  readonly json?: string;
  readonly csv?: string;
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** Makes DuckDB mean what we do; null where the oracle never asks such a thing. */
  readonly macro: string | null;
}

/**
 * All differences that the oracle knows of. Whatever else differs is a bug, and an entry that is no longer true fails
 * a test.
 */
export const DIFFERENCES = {
  "integer division": {
    reason: "S3 Select cuts the quotient of integers off towards zero; DuckDB makes it a float.",
    sql: "7 / 2",
    ours: 3,
    theirs: 3.5,
    macro: "s3_quotient(a, b) AS if(b = 0 AND a IS NOT NULL, error('division by zero'), a // b)",
  },
  "integer division by zero": {
    reason: "S3 Select fails; DuckDB's quotient is a float, which is infinite.",
    sql: "1 / 0",
    ours: "error",
    theirs: "Infinity",
    macro: null,
  },
  "remainder by zero": {
    reason: "S3 Select fails; DuckDB answers NULL.",
    sql: "1 % 0",
    ours: "error",
    theirs: null,
    macro: "s3_remainder(a, b) AS if(b = 0 AND a IS NOT NULL, error('division by zero'), a % b)",
  },
  "decimal fractions": {
    reason: "A number with a point is a decimal of 38 digits to us; DuckDB's quotients are floats.",
    sql: "1.0 / 3 * 3 = 1",
    ours: false,
    theirs: true,
    macro: null,
  },
  "integers of 64 bits": {
    reason: "S3 Select's integers have 64 bits; DuckDB's literals have as few as hold them.",
    sql: "2147483647 * 2147483647 + 2147483647 * 2147483647 > 0",
    ours: true,
    theirs: "error",
    macro: null,
  },
  "sums of integers": {
    reason: "S3 Select fails where a sum leaves 64 bits; DuckDB's sums have 128.",
    sql: "SUM(s.x) > 0",
    json: '{"x":9223372036854775807}\n{"x":1}',
    ours: "error",
    theirs: true,
    macro: null,
  },
  "number to integer": {
    reason: "CAST of S3 Select cuts a fraction off; DuckDB rounds.",
    sql: "CAST(2.75 AS INT)",
    ours: 2,
    theirs: 3,
    macro: "s3_whole(a) AS CAST(trunc(a) AS BIGINT)",
  },
  "text to integer": {
    reason:
      "S3 Select takes digits and a sign alone; DuckDB takes whatever reads as a number, and rounds.",
    sql: "CAST('1.5' AS INT)",
    ours: "error",
    theirs: 2,
    macro:
      "s3_integer(a) AS if(a IS NULL OR regexp_full_match(trim(a, ' \t\n\u00a0'), '[+-]?\\d+'), CAST(trim(a, ' \t\n\u00a0') AS BIGINT), error('no integer'))",
  },
  "text to boolean": {
    reason:
      "Any text but 'true' is false to S3 Select; DuckDB knows more words, and fails at all others.",
    sql: "CAST('yes' AS BOOL)",
    ours: false,
    theirs: true,
    macro: "s3_boolean(a) AS lower(a) = 'true'",
  },
  "number to text": {
    reason: "Large floats are written out by us, with an exponent by DuckDB.",
    sql: "CAST(CAST(1e20 AS FLOAT) AS STRING)",
    ours: "100000000000000000000.0",
    theirs: "1e+20",
    macro: null,
  },
  "text beside a number in JSON": {
    reason: "Text never equals a number to us; DuckDB reads the text as one.",
    sql: "s.x = 5",
    json: '{"x":"5"}',
    ours: false,
    theirs: true,
    macro: null,
  },
  "text beside a number in CSV": {
    reason:
      "Text that reads as a number is one to us, other text is none; DuckDB fails at the latter.",
    sql: "s._1 = 5",
    csv: "five",
    ours: false,
    theirs: "error",
    macro:
      "s3_number(a) AS if(regexp_full_match(trim(a, ' \t\n\u00a0'), '[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?'), CAST(trim(a, ' \t\n\u00a0') AS DOUBLE), NULL)",
  },
  "text to float": {
    reason:
      "Only what is written as a decimal number is one to S3 Select; DuckDB knows more words.",
    sql: "CAST('nan' AS FLOAT)",
    ours: "error",
    theirs: "NaN",
    macro:
      "s3_float(a) AS if(a IS NULL OR s3_number(a) IS NOT NULL, s3_number(a), error('no number'))",
  },
  "extremes of CSV": {
    reason:
      "MIN and MAX of CSV take text for a number where it reads as one; DuckDB compares texts.",
    sql: "MAX(s._1)",
    csv: "9\n10",
    ours: 10,
    theirs: "9",
    macro: null,
  },
  MISSING: {
    reason:
      "What is not there at all is MISSING to S3 Select; DuckDB has NULL alone, and no such word.",
    sql: "MISSING IS NULL",
    ours: true,
    theirs: "error",
    macro: null,
  },
  "start of a substring": {
    reason:
      "Before the first character SUBSTRING of S3 Select counts on; DuckDB counts from the end.",
    sql: "SUBSTRING('hello', -1, 3)",
    ours: "h",
    theirs: "o",
    macro:
      "s3_substring(a, b, c) AS substring(a, if(b < 1, 1, b), if(b < 1, if(b + c < 1, 0, b + c - 1), c))",
  },
  "substring without a length": {
    reason: "The same for SUBSTRING up to the end.",
    sql: "SUBSTRING('hello', -1)",
    ours: "hello",
    theirs: "o",
    macro: "s3_substring_from(a, b) AS substring(a, if(b < 1, 1, b))",
  },
  "negative length": {
    reason: "SUBSTRING of S3 Select fails; DuckDB goes backwards.",
    sql: "SUBSTRING('hello', 3, -2)",
    ours: "error",
    theirs: "he",
    macro: null,
  },
  "spaces to trim": {
    reason: "TRIM of S3 Select takes U+0020 away; DuckDB takes what Unicode calls a space, too.",
    sql: "CHAR_LENGTH(TRIM('\u00a0x'))",
    ours: 2,
    theirs: 1,
    macro: "s3_trim(a) AS trim(a, ' ')",
  },
  "letters that become two": {
    reason: "UPPER of ours follows Unicode's full mapping, DuckDB's one letter for one.",
    sql: "UPPER('ŉ')",
    ours: "ʼN",
    theirs: "ŉ",
    macro: null,
  },
  "escape in a pattern": {
    reason:
      "The escape of LIKE stands before a wildcard or itself only; DuckDB takes it before anything.",
    sql: "'ab' LIKE 'a#b' ESCAPE '#'",
    ours: "error",
    theirs: true,
    macro: null,
  },
  "timestamps without a time": {
    reason:
      "S3 Select's timestamps of a day end in T, or are dates alone; DuckDB has no such text.",
    sql: "EXTRACT(YEAR FROM CAST('2020-02-29T' AS TIMESTAMP))",
    ours: 2020,
    theirs: "error",
    macro: null,
  },
  offsets: {
    reason:
      "S3 Select knows the moment behind a timestamp's offset; DuckDB passes the offset over.",
    sql: "CAST('2020-01-01T03:00:00+02:00' AS TIMESTAMP) = CAST('2020-01-01T01:00:00Z' AS TIMESTAMP)",
    ours: true,
    theirs: false,
    macro: null,
  },
  "full units of time": {
    reason: "DATE_DIFF of S3 Select counts full units; DuckDB's date_diff the limits passed.",
    sql: "DATE_DIFF(day, CAST('2020-01-01T23:00:00Z' AS TIMESTAMP), CAST('2020-01-02T01:00:00Z' AS TIMESTAMP))",
    duckDb: "date_diff('day', TIMESTAMP '2020-01-01 23:00:00', TIMESTAMP '2020-01-02 01:00:00')",
    ours: 0,
    theirs: 1,
    macro: "s3_units(part, a, b) AS date_sub(part, a, b)",
  },
  "ends of months": {
    reason:
      "From the 31st to the 29th is no full month to S3 Select; to DuckDB it is where the month ends then.",
    sql: "DATE_DIFF(month, CAST('1999-12-31T00:00:00Z' AS TIMESTAMP), CAST('2000-02-29T00:00:00Z' AS TIMESTAMP))",
    duckDb: "date_sub('month', TIMESTAMP '1999-12-31 00:00:00', TIMESTAMP '2000-02-29 00:00:00')",
    ours: 1,
    theirs: 2,
    macro:
      "s3_months(a, b) AS date_diff('month', a, b) - CAST(b >= a AND (epoch(b) - epoch(date_trunc('month', b))) < (epoch(a) - epoch(date_trunc('month', a))) AS INT) + CAST(b < a AND (epoch(b) - epoch(date_trunc('month', b))) > (epoch(a) - epoch(date_trunc('month', a))) AS INT)",
  },
} as const satisfies Record<string, Difference>;

export type DifferenceName = keyof typeof DIFFERENCES;
