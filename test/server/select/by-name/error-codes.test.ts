/**
 * Every error code of S3 Select: raised here by its name, or listed with the reason why nobody meets it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { detect } from "../../../../server/select/index.ts";
import { parseSelectObjectContent } from "../../../../server/store/http/xml/select-object-content.ts";
import {
  SELECT_ERROR_STATUS,
  type SelectErrorCode,
} from "../../../../shared/select/select-error-code.ts";
import { answerTo, codeOf, csvIn, jsonIn, jsonOut, valueOf, type Question } from "./ask-object.ts";

import { inOneLargeGroup, packedByLzo, withoutEnd } from "./spoilt-parquet.ts";

/** Something that fails. */
type Fault = () => unknown;

const INT96 = new URL("../parquet/fixtures/int96.parquet", import.meta.url);
const LONG = "a".repeat(1024 * 1024 + 1);
const PEOPLE = "name,NAME,age\nAnn,B,31\n";

function ask(question: Partial<Question>): Fault {
  return () => answerTo({ sql: "SELECT * FROM S3Object", object: "a,b\n", ...question });
}

function sql(text: string): Fault {
  return ask({ sql: text });
}

function value(expression: string): Fault {
  return () => valueOf(expression);
}

function named(text: string): Fault {
  return ask({ sql: text, object: PEOPLE, input: csvIn({ header: "USE" }) });
}

function lines(text: string | Uint8Array, more: Partial<Question> = {}): Fault {
  return ask({ object: text, input: jsonIn("LINES"), output: jsonOut(), ...more });
}

function parquet(object: Uint8Array): Fault {
  return ask({ object, input: { format: "PARQUET", compression: "NONE" }, output: jsonOut() });
}

function document(inside: {
  readonly expression?: string;
  readonly type?: string;
  readonly input?: string;
  readonly output?: string;
}): Fault {
  const { expression = "SELECT * FROM S3Object", type = "SQL" } = inside;
  const { input = "<CSV/>", output = "<CSV/>" } = inside;
  return () =>
    parseSelectObjectContent(
      `<SelectRequest><Expression>${expression}</Expression><ExpressionType>${type}</ExpressionType>` +
        `<InputSerialization>${input}</InputSerialization>` +
        `<OutputSerialization>${output}</OutputSerialization></SelectRequest>`,
    );
}

function lookAt(bytes: Uint8Array): Fault {
  return () => {
    const source = {
      sizeBytes: bytes.length,
      async *read() {
        yield bytes;
      },
    };
    return detect(source, new AbortController().signal);
  };
}

const RAISED: Partial<Record<SelectErrorCode, readonly Fault[]>> = {
  AmbiguousFieldName: [named("SELECT name FROM S3Object")],
  CSVEscapingRecordDelimiter: [ask({ object: '"a\nb"\n' })],
  CSVUnescapedQuote: [ask({ object: '"a"b\n' }), ask({ object: '"a' })],
  CastFailed: [value("CAST('x' AS INT)"), value("CAST('' AS FLOAT)")],
  ColumnTooLong: [
    ask({ sql: "SELECT _1 || _1 FROM S3Object", object: "a".repeat(600_000) }),
    lines(`"${"a".repeat(600_000)}"`, { sql: "SELECT _1 || _1 FROM S3Object" }),
  ],
  EmptyRequestBody: [() => parseSelectObjectContent(" \n")],
  EvaluatorInvalidArguments: [value("LOWER()"), value("NULLIF(1, 2, 3)")],
  EvaluatorInvalidTimestampFormatPattern: [
    value("TO_TIMESTAMP('5', 'd')"),
    value("TO_TIMESTAMP('2010 5', 'y d')"),
    value("TO_TIMESTAMP('', '')"),
  ],
  EvaluatorInvalidTimestampFormatPatternSymbol: [value("TO_STRING(`2010T`, 'E')")],
  EvaluatorInvalidTimestampFormatPatternSymbolForParsing: [value("TO_TIMESTAMP('J', 'MMMMM')")],
  EvaluatorInvalidTimestampFormatPatternToken: [value("TO_STRING(`2010T`, 'yyyyy')")],
  EvaluatorLikePatternInvalidEscapeSequence: [value("'a' LIKE 'b!c' ESCAPE '!'")],
  EvaluatorNegativeLimit: [sql("SELECT * FROM S3Object LIMIT -5")],
  EvaluatorTimestampFormatPatternDuplicateFields: [value("TO_TIMESTAMP('1 1', 'y yy')")],
  EvaluatorTimestampFormatPatternHourClockAmPmMismatch: [value("TO_TIMESTAMP('1 1', 'y h')")],
  EvaluatorUnterminatedTimestampFormatPatternToken: [value("TO_STRING(`2010T`, 'y ''at')")],
  ExpressionTooLong: [sql(`SELECT '${"a".repeat(256 * 1024)}' FROM S3Object`)],
  ExternalEvalException: [value("1 / 0"), value("DATE_ADD(year, 9999, `2010T`)")],
  IllegalSqlFunctionArgument: [value("SUBSTRING('abc', 1, -1)")],
  IncorrectSqlFunctionArgumentType: [value("UPPER(1)"), value("'a' + 1")],
  IntegerOverflow: [value("9223372036854775807 + 1"), value("CAST(1e30 AS INT)")],
  InvalidCast: [value("CAST(1 AS TIMESTAMP)")],
  InvalidColumnIndex: [sql("SELECT _0 FROM S3Object"), sql("SELECT name FROM S3Object")],
  InvalidCompressionFormat: [
    ask({ input: csvIn({}, "GZIP") }),
    ask({ input: csvIn({}, "BZIP2") }),
    document({ input: "<CSV/><CompressionType>ZIP</CompressionType>" }),
  ],
  InvalidDataSource: [sql("SELECT * FROM people"), document({ input: "" })],
  InvalidDataType: [value("CAST(1 AS BLOB)")],
  InvalidExpressionType: [document({ type: "XPATH" })],
  InvalidFileHeaderInfo: [document({ input: "<CSV><FileHeaderInfo>YES</FileHeaderInfo></CSV>" })],
  InvalidJsonType: [document({ input: "<JSON><Type>ARRAY</Type></JSON>" })],
  InvalidKeyPath: [sql("SELECT _1.a FROM S3Object"), sql("SELECT * FROM S3Object.a")],
  InvalidQuoteFields: [document({ output: "<CSV><QuoteFields>NEVER</QuoteFields></CSV>" })],
  InvalidRequestParameter: [
    document({ input: "<CSV><FieldDelimiter>;;</FieldDelimiter></CSV>" }),
    document({
      input: "<CSV><AllowQuotedRecordDelimiter>MAYBE</AllowQuotedRecordDelimiter></CSV>",
    }),
  ],
  InvalidScanRange: [ask({ scanRange: {} }), ask({ scanRange: { start: 2, end: 1 } })],
  InvalidTableAlias: [sql("SELECT * FROM S3Object AS 1")],
  InvalidTextEncoding: [
    ask({ object: Uint8Array.of(0x61, 0xff, 0x0a) }),
    lines(Buffer.from('{"a":"\u00e9"}', "latin1"), { sql: "SELECT a FROM S3Object" }),
  ],
  JSONParsingError: [lines('{"a":}'), lines('{"a":1')],
  LexerInvalidChar: [value("1 \\ 2")],
  LexerInvalidIONLiteral: [value("`{a:1}`"), value("`2010T")],
  LexerInvalidLiteral: [value("'open"), value("12abc")],
  LexerInvalidOperator: [value("1 ^ 2")],
  LikeInvalidInputs: [value("1 LIKE '1'")],
  MaxOperatorsExceeded: [value(`${"1+".repeat(3000)}1`), value("(".repeat(300))],
  MissingHeaders: [named("SELECT nobody FROM S3Object")],
  MissingRequiredParameter: [document({ expression: "" }), document({ output: "" })],
  MultipleDataSourcesUnsupported: [sql("SELECT * FROM S3Object a, S3Object b")],
  NumberFormatError: [value("1e99999")],
  ObjectSerializationConflict: [
    document({ input: "<CSV/><JSON><Type>LINES</Type></JSON>" }),
    document({ output: "<CSV/><JSON/>" }),
  ],
  OverMaxColumn: [ask({ object: `${"a,".repeat(10_000)}b\n` })],
  OverMaxParquetBlockSize: [parquet(inOneLargeGroup())],
  OverMaxRecordSize: [ask({ object: LONG }), lines(`{"a":"${LONG}"}`)],
  ParquetParsingError: [parquet(withoutEnd()), parquet(Buffer.from("a,b,c,d,e,f\n"))],
  ParquetUnsupportedCompressionCodec: [parquet(packedByLzo())],
  ParseAsteriskIsNotAloneInSelectList: [sql("SELECT *, _1 FROM S3Object")],
  ParseCastArity: [value("CAST(1, 2)")],
  ParseEmptySelect: [sql("SELECT FROM S3Object")],
  ParseExpectedArgumentDelimiter: [value("SUBSTRING('a')"), value("DATE_ADD(year)")],
  ParseExpectedDatePart: [value("EXTRACT(CENTURY FROM `2010T`)")],
  ParseExpectedExpression: [sql("SELECT * FROM S3Object WHERE"), value("1 +")],
  ParseExpectedIdentForAlias: [sql("SELECT _1 AS 1 FROM S3Object")],
  ParseExpectedIdentForGroupName: [sql("SELECT * FROM S3Object GROUP BY _1")],
  ParseExpectedKeyword: [value("1 IS 2"), value("CASE WHEN true THEN 1")],
  ParseExpectedLeftParenAfterCast: [value("CAST 1")],
  ParseExpectedNumber: [sql("SELECT * FROM S3Object LIMIT many")],
  ParseExpectedRightParenBuiltinFunctionCall: [value("LOWER('a'")],
  ParseExpectedTokenType: [value("[1, 2")],
  ParseExpectedTypeName: [value("CAST(1 AS 2)")],
  ParseExpectedWhenClause: [value("CASE 1 END")],
  ParseInvalidPathComponent: [
    sql("SELECT s.(a) FROM S3Object s"),
    sql("SELECT s[-1] FROM S3Object s"),
  ],
  ParseInvalidTypeParam: [value("CAST(1 AS DECIMAL(x))")],
  ParseMalformedJoin: [sql("SELECT * FROM S3Object JOIN b")],
  ParseNonUnaryAgregateFunctionCall: [sql("SELECT SUM(_1, _2) FROM S3Object")],
  ParseSelectMissingFrom: [sql("SELECT *")],
  ParseUnexpectedToken: [sql("SELECT * FROM S3Object WHERE true true")],
  ParseUnsupportedCallWithStar: [sql("SELECT SUM(*) FROM S3Object")],
  ParseUnsupportedSelect: [sql("UPDATE S3Object")],
  TruncatedInput: [
    ask({ object: gzipSync("a,b\n").subarray(0, 20), input: csvIn({}, "GZIP") }),
    ask({
      object: readFileSync(new URL("../bzip2/packed/greeting.bz2", import.meta.url)).subarray(
        0,
        30,
      ),
      input: csvIn({}, "BZIP2"),
    }),
  ],
  UnrecognizedFormatException: [lookAt(Uint8Array.of(0, 1, 2, 3))],
  UnsupportedFunction: [value("SQRT(4)")],
  UnsupportedParquetType: [parquet(readFileSync(INT96))],
  UnsupportedScanRangeInput: [
    ask({ input: csvIn({}, "GZIP"), scanRange: { start: 1 } }),
    ask({ input: jsonIn("DOCUMENT"), scanRange: { start: 1 } }),
  ],
  UnsupportedSqlOperation: [ask({ object: '{"a":[1]}', input: jsonIn("LINES") })],
  UnsupportedSqlStructure: [
    sql("SELECT * FROM S3Object ORDER BY _1"),
    sql("SELECT _1, COUNT(*) FROM S3Object"),
    value("(SELECT 1 FROM S3Object)"),
  ],
  UnsupportedSyntax: [sql("SELECT DISTINCT _1 FROM S3Object")],
  ValueParseFailure: [value("TO_TIMESTAMP('x', 'y')")],
};

const SAID_MORE_EXACTLY = "our parser says what it expected, and where";
const ACCEPTED = "our dialect takes what S3 Select refuses here";
const BEFORE = "answered by the server before a query is looked at";

/** Codes that are not raised above, and why. */
const ELSEWHERE: Partial<Record<SelectErrorCode, string>> = {
  Busy: "too many queries: QuerySlots, and a query that takes too long; test/server/routes",
  CSVParsingError:
    "CSVUnescapedQuote, CSVEscapingRecordDelimiter and InvalidTextEncoding say what is wrong",
  EvaluatorBindingDoesNotExist:
    "a name that leads nowhere is MISSING, in CSV it is MissingHeaders or InvalidColumnIndex",
  InternalError: BEFORE,
  MalformedXML: "the store's error of every document: test/store/http/xml",
  MethodNotAllowed: BEFORE,
  ParseCannotMixSqbAndWildcardInSelectList: ACCEPTED,
  ParseExpected2TokenTypes: SAID_MORE_EXACTLY,
  ParseExpectedIdentForAt: "AT is no keyword here: ParseUnexpectedToken",
  ParseExpectedLeftParenBuiltinFunctionCall: "a name without a parenthesis behind it is a column",
  ParseExpectedLeftParenValueConstructor: "there are no value constructors: ParseUnexpectedToken",
  ParseExpectedMember:
    "there are no structure literals: LexerInvalidChar or ParseExpectedExpression",
  ParseInvalidContextForWildcardInSelectList: ACCEPTED,
  ParseMissingIdentAfterAt: "@ begins no value here: ParseExpectedExpression",
  ParseUnExpectedKeyword: SAID_MORE_EXACTLY,
  ParseUnexpectedOperator: SAID_MORE_EXACTLY,
  ParseUnexpectedTerm: SAID_MORE_EXACTLY,
  ParseUnknownOperator: "LexerInvalidOperator says it first",
  ParseUnsupportedAlias: ACCEPTED,
  ParseUnsupportedCase: ACCEPTED,
  ParseUnsupportedCaseClause: ACCEPTED,
  ParseUnsupportedLiteralsGroupBy: "GROUP BY is refused as a whole: ParseExpectedIdentForGroupName",
  ParseUnsupportedSyntax: SAID_MORE_EXACTLY,
  ParseUnsupportedToken: SAID_MORE_EXACTLY,
  UnauthorizedAccess: BEFORE,
  UnsupportedRangeHeader: "a header of the request: test/store/http/select.integration.test.ts",
  UnsupportedStorageClass:
    "archived objects answer InvalidObjectState, as GetObject does: test/store/http/restore",
  UnsupportedTypeForQuerying: "a Parquet type that cannot be asked is UnsupportedParquetType",
};

describe.each(Object.entries(RAISED))("%s", (code, faults) => {
  test.each(faults.map((fault, index) => [index + 1, fault] as const))(
    "way %d",
    async (_, fault) => {
      expect(await codeOf(fault)).toBe(code);
    },
  );
});

test("every code is raised, or listed with a reason, and none is both", () => {
  const known = Object.keys(SELECT_ERROR_STATUS).toSorted();
  const told = [...Object.keys(RAISED), ...Object.keys(ELSEWHERE)].toSorted();
  expect(told).toEqual(known);
});

test("the codes are those of the documentation, and the one that clients have seen", () => {
  expect(Object.keys(SELECT_ERROR_STATUS)).toHaveLength(112);
});
