import { describe, expect, test } from "vitest";
import { failure, valueOf } from "./ask.ts";

function values(cases: readonly (readonly [string, string])[]): void {
  test.each(cases)("%s is %s", (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });
}

function failures(cases: readonly (readonly [string, string])[]): void {
  test.each(cases)("%s fails with %s", (expression, code) => {
    expect(failure(() => valueOf(expression)).split(" ")[0]).toBe(code);
  });
}

describe("literals", () => {
  values([
    ["1", "1"],
    ["1.50", "1.5"],
    ["1e3", "1000"],
    [".5", "0.5"],
    ["9223372036854775807", "9223372036854775807"],
    ["'it''s'", '"it\'s"'],
    ["true", "true"],
    ["FALSE", "false"],
    ["null", "null"],
    ["missing", "MISSING"],
    ["`2007-02-23T12:14:33.079-08:00`", '"2007-02-23T12:14:33.079-08:00"'],
    ["`2007T`", '"2007T"'],
    ["[1, 'a', [null]]", '[1,"a",[null]]'],
    ["-- a note\n 1 /* and\n another */", "1"],
  ]);
  failures([
    ["'open", "LexerInvalidLiteral"],
    ['"open', "LexerInvalidLiteral"],
    ["`open", "LexerInvalidIONLiteral"],
    ["`12x`", "LexerInvalidIONLiteral"],
    ["`2007-02-30T`", "LexerInvalidIONLiteral"],
    ["1a", "LexerInvalidLiteral"],
    ["1".repeat(401), "NumberFormatError"],
    ["1e99999", "NumberFormatError"],
    ["1 ! 2", "LexerInvalidOperator"],
    ["1 \\ 2", "LexerInvalidChar"],
  ]);
});

describe("arithmetic", () => {
  values([
    ["1 + 2 * 3", "7"],
    ["(1 + 2) * 3", "9"],
    ["7 / 2", "3"],
    ["-7 / 2", "-3"],
    ["7 % 3", "1"],
    ["-7 % 3", "-1"],
    ["7.0 / 2", "3.5"],
    ["0.1 + 0.2", "0.3"],
    ["CAST(0.1 AS FLOAT) + CAST(0.2 AS FLOAT)", "0.30000000000000004"],
    ["CAST(7 AS FLOAT) / 2", "3.5"],
    ["- - 3", "3"],
    ["+3", "3"],
    ["1 + null", "null"],
    ["null + missing", "MISSING"],
    ["1 / 3.0", "0.33333333333333333333333333333333333333"],
  ]);
  failures([
    ["9223372036854775807 + 1", "IntegerOverflow"],
    ["9223372036854775807 * 2", "IntegerOverflow"],
    ["1 / 0", "ExternalEvalException"],
    ["1 % 0", "ExternalEvalException"],
    ["1.0 / 0", "ExternalEvalException"],
    ["'1' + 1", "IncorrectSqlFunctionArgumentType"],
    ["-'a'", "IncorrectSqlFunctionArgumentType"],
  ]);
});

describe("comparison", () => {
  values([
    ["1 = 1.0", "true"],
    ["1 <> 2", "true"],
    ["1 != 1", "false"],
    ["'5' >= '41'", "true"],
    ["'a' < 'B'", "false"],
    // Code points, not UTF-16 units.
    ["'\u{1f600}' > '\uffee'", "true"],
    ["1 = '1'", "false"],
    ["1 <> '1'", "true"],
    ["1 < '2'", "null"],
    ["9007199254740993 = CAST(9007199254740992 AS FLOAT)", "false"],
    ["9007199254740993 > CAST(9007199254740992 AS FLOAT)", "true"],
    ["`2007-02-23T12:00Z` = `2007-02-23T13:00+01:00`", "true"],
    ["`2007-02-23T12:00Z` < `2007-02-23T12:00:00.001Z`", "true"],
    ["false < true", "true"],
    ["[1, [2]] = [1.0, [2]]", "true"],
    ["[null] = [null]", "true"],
    ["1 = null", "null"],
    ["1 = missing", "MISSING"],
    ["null = null", "null"],
  ]);
});

describe("logic", () => {
  values([
    ["true AND false", "false"],
    ["true AND null", "null"],
    ["false AND null", "false"],
    ["true OR null", "true"],
    ["false OR missing", "null"],
    ["NOT true", "false"],
    ["NOT null", "null"],
    ["NOT missing", "MISSING"],
    ["true OR false AND false", "true"],
    ["NOT 1 = 2", "true"],
    ["1 AND true", "null"],
  ]);
});

describe("IS", () => {
  values([
    ["null IS NULL", "true"],
    ["missing IS NULL", "true"],
    ["missing IS MISSING", "true"],
    ["null IS MISSING", "false"],
    ["1 IS NOT NULL", "true"],
    ["missing IS NOT MISSING", "false"],
  ]);
  failures([["1 IS 2", "ParseExpectedKeyword"]]);
});

describe("LIKE", () => {
  values([
    ["'smith' LIKE 'smith'", "true"],
    ["'smith' LIKE 'Smith'", "false"],
    ["'blacksmith' LIKE '%smith'", "true"],
    ["'blacksmith' LIKE 'black%'", "true"],
    ["'blacksmith' LIKE '%cks%'", "true"],
    ["'blacksmith' LIKE 'b%k%h'", "true"],
    ["'bkh' LIKE 'b%k%h'", "true"],
    ["'bh' LIKE 'b%k%h'", "false"],
    ["'aXb' LIKE 'a_b'", "true"],
    ["'a\u{1f600}b' LIKE 'a_b'", "true"],
    ["'ab' LIKE 'a_b'", "false"],
    ["'abc' LIKE '_%_'", "true"],
    ["'a' LIKE '_%_'", "false"],
    ["'' LIKE ''", "true"],
    ["'' LIKE '%'", "true"],
    ["'' LIKE '%%'", "true"],
    ["'aa' LIKE 'a%a'", "true"],
    ["'a' LIKE 'a%a'", "false"],
    ["'100%' LIKE '100!%' ESCAPE '!'", "true"],
    ["'1000' LIKE '100!%' ESCAPE '!'", "false"],
    ["'a!b' LIKE 'a!!b' ESCAPE '!'", "true"],
    ["'a' NOT LIKE 'b'", "true"],
    ["null LIKE 'a'", "null"],
    ["'a' LIKE null", "null"],
  ]);
  test("long texts and patterns take the time to read them", () => {
    const long = "a".repeat(90_000);
    expect(valueOf(`'${long}' LIKE '%${"a".repeat(40_000)}b%'`)).toBe("false");
    expect(valueOf(`'${long}' LIKE '%b${"a".repeat(40_000)}%'`)).toBe("false");
    expect(valueOf(`'${long}' LIKE '%${"a".repeat(40_000)}%${"a".repeat(40_000)}%'`)).toBe("true");
    expect(valueOf(`'${long}' LIKE '${"%a".repeat(40_000)}%'`)).toBe("true");
    expect(valueOf(`'${long}' LIKE '%${"a_".repeat(250)}b%'`)).toBe("false");
  });

  test("what is searched for by parts is found where it overlaps itself", () => {
    const piece = "ab".repeat(40);
    expect(valueOf(`'x${piece}a${piece}cy' LIKE '%${piece}c%'`)).toBe("true");
    expect(valueOf(`'${piece}${piece}' LIKE '%${piece}%${piece}%'`)).toBe("true");
    expect(valueOf(`'${piece}ab' LIKE '%${piece}%${piece}%'`)).toBe("false");
  });

  failures([
    [`'a' LIKE '${"_".repeat(513)}'`, "LikeInvalidInputs"],
    ["1 LIKE 'a'", "LikeInvalidInputs"],
    ["'a' LIKE 1", "LikeInvalidInputs"],
    ["'a' LIKE 'a!b' ESCAPE '!'", "EvaluatorLikePatternInvalidEscapeSequence"],
    ["'a' LIKE 'a!' ESCAPE '!'", "EvaluatorLikePatternInvalidEscapeSequence"],
    ["'a' LIKE 'a' ESCAPE 'xy'", "EvaluatorLikePatternInvalidEscapeSequence"],
  ]);
});

describe("BETWEEN and IN", () => {
  values([
    ["2 BETWEEN 1 AND 3", "true"],
    ["1 BETWEEN 1 AND 3", "true"],
    ["0 BETWEEN 1 AND 3", "false"],
    ["2 NOT BETWEEN 1 AND 3", "false"],
    ["null BETWEEN 1 AND 3", "null"],
    ["2 BETWEEN 3 AND null", "false"],
    ["2 IN (1, 2.0)", "true"],
    ["3 IN (1, 2)", "false"],
    ["3 NOT IN (1, 2)", "true"],
    ["3 IN [1, 3]", "true"],
    ["3 IN (1, null)", "null"],
    ["null IN (1)", "null"],
    ["1 IN (1, null)", "true"],
    ["2 BETWEEN 1 AND 3 AND 1 = 1", "true"],
  ]);
  failures([["2 BETWEEN 1 OR 3", "ParseExpectedKeyword"]]);
});

describe("CASE, COALESCE and NULLIF", () => {
  values([
    ["CASE WHEN 1 = 2 THEN 'a' WHEN 1 = 1 THEN 'b' END", '"b"'],
    ["CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", '"b"'],
    ["CASE 3 WHEN 1 THEN 'a' ELSE 'c' END", '"c"'],
    ["CASE 3 WHEN 1 THEN 'a' END", "null"],
    ["CASE null WHEN null THEN 'a' ELSE 'b' END", '"b"'],
    ["COALESCE(null, missing, 3)", "3"],
    ["COALESCE(null)", "null"],
    ["NULLIF(1, 1)", "null"],
    ["NULLIF(1, 2)", "1"],
  ]);
  failures([
    ["CASE 1 END", "ParseExpectedWhenClause"],
    ["CASE WHEN true THEN 1", "ParseExpectedKeyword"],
    ["COALESCE()", "EvaluatorInvalidArguments"],
    ["NULLIF(1)", "EvaluatorInvalidArguments"],
  ]);
});

describe("CAST", () => {
  values([
    ["CAST('12' AS INT)", "12"],
    ["CAST(' -12 ' AS INTEGER)", "-12"],
    ["CAST(12.9 AS INT)", "12"],
    ["CAST(-12.9 AS INT)", "-12"],
    ["CAST(true AS INT)", "1"],
    ["CAST('1.5' AS FLOAT)", "1.5"],
    ["CAST(2 AS FLOAT)", "2.0"],
    ["CAST('1.50' AS DECIMAL)", "1.5"],
    ["CAST('1.55' AS DECIMAL(5, 1))", "1.55"],
    ["CAST('1.5' AS NUMERIC)", "1.5"],
    ["CAST(1.5 AS STRING)", '"1.5"'],
    ["CAST(CAST(2 AS FLOAT) AS STRING)", '"2.0"'],
    ["CAST(true AS STRING)", '"true"'],
    ["CAST('TRUE' AS BOOL)", "true"],
    ["CAST('yes' AS BOOLEAN)", "false"],
    ["CAST(0 AS BOOL)", "false"],
    ["CAST('2007-04-05T14:30Z' AS TIMESTAMP)", '"2007-04-05T14:30Z"'],
    ["CAST(`2007-04-05T14:30Z` AS STRING)", '"2007-04-05T14:30Z"'],
    ["CAST(null AS INT)", "null"],
    ["CAST(missing AS INT)", "MISSING"],
  ]);
  failures([
    ["CAST('' AS INT)", "CastFailed"],
    ["CAST('1.5' AS INT)", "CastFailed"],
    ["CAST('abc' AS FLOAT)", "CastFailed"],
    ["CAST('abc' AS DECIMAL)", "CastFailed"],
    ["CAST('abc' AS TIMESTAMP)", "CastFailed"],
    ["CAST('9223372036854775808' AS INT)", "IntegerOverflow"],
    ["CAST(1e30 AS INT)", "IntegerOverflow"],
    ["CAST(1 AS TIMESTAMP)", "InvalidCast"],
    ["CAST([1] AS STRING)", "InvalidCast"],
    ["CAST(1 AS BLOB)", "InvalidDataType"],
    ["CAST(1, 2)", "ParseCastArity"],
    ["CAST(1 AS 2)", "ParseExpectedTypeName"],
    ["CAST 1", "ParseExpectedLeftParenAfterCast"],
    ["CAST(1 AS DECIMAL(a))", "ParseInvalidTypeParam"],
  ]);
});

describe("text", () => {
  values([
    ["CHAR_LENGTH('')", "0"],
    ["CHARACTER_LENGTH('a\u{1f600}')", "2"],
    ["LOWER('AbÄ')", '"abä"'],
    ["UPPER('abä')", '"ABÄ"'],
    ["SUBSTRING('123456789', 0)", '"123456789"'],
    ["SUBSTRING('123456789', 1)", '"123456789"'],
    ["SUBSTRING('123456789', 2)", '"23456789"'],
    ["SUBSTRING('123456789', -4)", '"123456789"'],
    ["SUBSTRING('123456789', 0, 999)", '"123456789"'],
    ["SUBSTRING('123456789', 1, 5)", '"12345"'],
    ["SUBSTRING('1', 1, 0)", '""'],
    ["SUBSTRING('123456789', -1, 3)", '"1"'],
    ["SUBSTRING('123456789' FROM 2 FOR 3)", '"234"'],
    ["SUBSTRING('123456789' FROM 8)", '"89"'],
    ["TRIM('       foobar         ')", '"foobar"'],
    ["TRIM('      \tfoobar\t         ')", '"\\tfoobar\\t"'],
    ["TRIM(LEADING FROM '       foobar         ')", '"foobar         "'],
    ["TRIM(TRAILING FROM '       foobar         ')", '"       foobar"'],
    ["TRIM(BOTH FROM '       foobar         ')", '"foobar"'],
    ["TRIM(BOTH '12' FROM '1112211foobar22211122')", '"foobar"'],
    ["TRIM('x' FROM 'xax')", '"a"'],
    ["'a' || 'b'", '"ab"'],
    ["LOWER(null)", "null"],
  ]);
  failures([
    ["LOWER(1)", "IncorrectSqlFunctionArgumentType"],
    ["LOWER()", "EvaluatorInvalidArguments"],
    ["LOWER('a', 'b')", "EvaluatorInvalidArguments"],
    ["SUBSTRING('a', 1, -1)", "IllegalSqlFunctionArgument"],
    ["SUBSTRING('a')", "ParseExpectedArgumentDelimiter"],
    ["NO_SUCH('a')", "UnsupportedFunction"],
    ["LOWER('a'", "ParseExpectedRightParenBuiltinFunctionCall"],
    ["1 || 'a'", "IncorrectSqlFunctionArgumentType"],
  ]);
});

describe("timestamps", () => {
  values([
    ["DATE_ADD(year, 5, `2010-01-01T`)", '"2015-01-01T"'],
    ["DATE_ADD(month, 1, `2010T`)", '"2010-02T"'],
    ["DATE_ADD(month, 13, `2010T`)", '"2011-02T"'],
    ["DATE_ADD(day, -1, `2017-01-10T`)", '"2017-01-09T"'],
    ["DATE_ADD(hour, 1, `2017T`)", '"2017-01-01T01:00-00:00"'],
    ["DATE_ADD(hour, 1, `2017-01-02T03:04Z`)", '"2017-01-02T04:04Z"'],
    ["DATE_ADD(minute, 1, `2017-01-02T03:04:05.006Z`)", '"2017-01-02T03:05:05.006Z"'],
    ["DATE_ADD(second, 1, `2017-01-02T03:04:05.006Z`)", '"2017-01-02T03:04:06.006Z"'],
    ["DATE_ADD(month, 1, `2010-01-31T`)", '"2010-02-28T"'],
    ["DATE_DIFF(year, `2010-01-01T`, `2011-01-01T`)", "1"],
    ["DATE_DIFF(year, `2010T`, `2010-05T`)", "0"],
    ["DATE_DIFF(month, `2010T`, `2010-05T`)", "4"],
    ["DATE_DIFF(month, `2010T`, `2011T`)", "12"],
    ["DATE_DIFF(month, `2011T`, `2010T`)", "-12"],
    ["DATE_DIFF(day, `2010-01-01T23:00Z`, `2010-01-02T01:00Z`)", "0"],
    ["DATE_DIFF(hour, `2010-01-01T23:00Z`, `2010-01-02T01:00Z`)", "2"],
    ["EXTRACT(YEAR FROM `2010-01-01T`)", "2010"],
    ["EXTRACT(MONTH FROM `2010T`)", "1"],
    ["EXTRACT(HOUR FROM `2017-01-02T03:04:05+07:08`)", "3"],
    ["EXTRACT(MINUTE FROM `2017-01-02T03:04:05+07:08`)", "4"],
    ["EXTRACT(TIMEZONE_HOUR FROM `2017-01-02T03:04:05+07:08`)", "7"],
    ["EXTRACT(TIMEZONE_MINUTE FROM `2017-01-02T03:04:05+07:08`)", "8"],
    ["TO_STRING(`1969-07-20T20:18Z`, 'MMMM d, y')", '"July 20, 1969"'],
    ["TO_STRING(`1969-07-20T20:18Z`, 'MMM d, yyyy')", '"Jul 20, 1969"'],
    ["TO_STRING(`1969-07-20T20:18Z`, 'M-d-yy')", '"7-20-69"'],
    ["TO_STRING(`1969-07-20T20:18Z`, 'MM-d-y')", '"07-20-1969"'],
    ["TO_STRING(`1969-07-20T20:18Z`, 'MMMM d, y h:m a')", '"July 20, 1969 8:18 PM"'],
    ["TO_STRING(`1969-07-20T20:18Z`, 'y-MM-dd''T''H:m:ssX')", '"1969-07-20T20:18:00Z"'],
    ["TO_STRING(`1969-07-20T20:18+08:00`, 'y-MM-dd''T''H:m:ssX')", '"1969-07-20T20:18:00+08"'],
    ["TO_STRING(`1969-07-20T20:18+08:00`, 'HH:mmXXXX')", '"20:18+0800"'],
    ["TO_STRING(`1969-07-20T20:18+08:00`, 'HH:mmXXXXX')", '"20:18+08:00"'],
    ["TO_STRING(`1969-07-20T20:18Z`, 'HH:mmxxx')", '"20:18+00:00"'],
    ["TO_STRING(`2007-01-02T03:04:05.006789Z`, 'SSS n')", '"006 6789000"'],
    ["TO_TIMESTAMP('2007T')", '"2007T"'],
    ["TO_TIMESTAMP('2007-02-23T12:14:33.079-08:00')", '"2007-02-23T12:14:33.079-08:00"'],
    ["TO_TIMESTAMP('2016', 'y')", '"2016T"'],
    ["TO_TIMESTAMP('July 20, 1969 8:18 PM', 'MMMM d, y h:m a')", '"1969-07-20T20:18-00:00"'],
    [
      "TO_TIMESTAMP('2016-01-02 03:04:05.25+01:00', 'yyyy-MM-dd HH:mm:ss.SSXXX')",
      '"2016-01-02T03:04:05.25+01:00"',
    ],
    ["UTCNOW()", '"2026-11-25T03:55:00.123Z"'],
    ["DATE_DIFF(day, UTCNOW(), UTCNOW())", "0"],
  ]);
  failures([
    ["DATE_ADD(week, 1, `2010T`)", "ParseExpectedDatePart"],
    ["EXTRACT(WEEK FROM `2010T`)", "ParseExpectedDatePart"],
    ["DATE_ADD(year, 9999, `2010T`)", "ExternalEvalException"],
    ["DATE_ADD(year, 'x', `2010T`)", "IncorrectSqlFunctionArgumentType"],
    ["EXTRACT(YEAR FROM '2010')", "IncorrectSqlFunctionArgumentType"],
    ["TO_STRING(`2010T`, 'Q')", "EvaluatorInvalidTimestampFormatPatternSymbol"],
    ["TO_STRING(`2010T`, 'yyy')", "EvaluatorInvalidTimestampFormatPatternToken"],
    ["TO_STRING(`2010T`, '''T')", "EvaluatorUnterminatedTimestampFormatPatternToken"],
    ["TO_TIMESTAMP('J', 'MMMMM')", "EvaluatorInvalidTimestampFormatPatternSymbolForParsing"],
    ["TO_TIMESTAMP('1 1', 'y y')", "EvaluatorTimestampFormatPatternDuplicateFields"],
    ["TO_TIMESTAMP('2010 1', 'y h')", "EvaluatorTimestampFormatPatternHourClockAmPmMismatch"],
    ["TO_TIMESTAMP('2010 1 AM', 'y H a')", "EvaluatorTimestampFormatPatternHourClockAmPmMismatch"],
    ["TO_TIMESTAMP('x', 'y')", "ValueParseFailure"],
    ["TO_TIMESTAMP('2010-02-30', 'yyyy-MM-dd')", "ValueParseFailure"],
    ["TO_TIMESTAMP('x')", "ValueParseFailure"],
  ]);
});
