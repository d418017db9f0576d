/**
 * Every option of how objects are written, and answers.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_InputSerialization.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputSerialization.html
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { CsvInput } from "../../../../shared/select/csv-input.ts";
import type { CsvOutput, JsonOutput } from "../../../../shared/select/output.ts";
import type { Compression, SelectInput } from "../../../../shared/select/select-request.ts";
import { answerTo, codeOf, csvIn, csvOut, jsonIn, jsonOut } from "./ask-object.ts";

const ALL = "SELECT * FROM S3Object";

interface CsvCase {
  readonly csv: Partial<CsvInput>;
  readonly object: string;
  readonly sql?: string;
  readonly answer: string;
}

/** The type holds that no option is left out. */
const CSV_INPUT: Readonly<Record<keyof CsvInput, readonly CsvCase[]>> = {
  header: [
    { csv: { header: "NONE" }, object: "n\n1\n", answer: "n\n1\n" },
    { csv: { header: "IGNORE" }, object: "n\n1\n", answer: "1\n" },
    { csv: { header: "USE" }, object: "n\n1\n", sql: "SELECT n FROM S3Object", answer: "1\n" },
    {
      csv: { header: "USE" },
      object: "A b,n\n1,2\n",
      sql: 'SELECT s."A b", s.N, s._2 FROM S3Object s',
      answer: "1,2,2\n",
    },
  ],
  fieldDelimiter: [
    { csv: { fieldDelimiter: ";" }, object: "a;b,c\n", answer: 'a,"b,c"\n' },
    { csv: { fieldDelimiter: "\t" }, object: "a\tb\n", answer: "a,b\n" },
    { csv: { fieldDelimiter: "|" }, object: '"a|b"|c\n', answer: "a|b,c\n" },
  ],
  recordDelimiter: [
    { csv: { recordDelimiter: ";" }, object: "a,b;c,d", answer: "a,b\nc,d\n" },
    { csv: { recordDelimiter: "\r\n" }, object: "a\r\nb\r\n", answer: "a\nb\n" },
    { csv: { recordDelimiter: "\r" }, object: "a\rb\r", answer: "a\nb\n" },
    { csv: { recordDelimiter: "||" }, object: "a|b||c||", answer: "a|b\nc\n" },
  ],
  quote: [
    { csv: { quote: "'" }, object: `'a,b',"c"\n`, answer: '"a,b","""c"""\n' },
    { csv: { quote: "'", quoteEscape: "'" }, object: "'a''b'\n", answer: "a'b\n" },
  ],
  quoteEscape: [
    { csv: { quoteEscape: '"' }, object: '"a""b"\n', answer: '"a""b"\n' },
    { csv: { quoteEscape: "\\" }, object: '"a\\"b,\\\\"\n', answer: '"a""b,\\"\n' },
  ],
  comment: [
    { csv: { comment: "#" }, object: "#a\nb\n#c", answer: "b\n" },
    { csv: { comment: "!" }, object: "!a\n#b\n", answer: "#b\n" },
    { csv: { comment: "" }, object: "#a\n", answer: "#a\n" },
  ],
  allowsQuotedRecordDelimiter: [
    {
      csv: { allowsQuotedRecordDelimiter: true },
      object: '"a\nb",c\nd,e\n',
      answer: '"a\nb",c\nd,e\n',
    },
    {
      csv: { allowsQuotedRecordDelimiter: true, recordDelimiter: ";" },
      object: '"a;b";c',
      answer: "a;b\nc\n",
    },
  ],
};

describe.each(Object.entries(CSV_INPUT))("CSV in: %s", (name, cases) => {
  test.each(cases)("$csv", async ({ csv, object, sql = ALL, answer }) => {
    expect(Object.keys(csv)).toContain(name);
    expect(await answerTo({ sql, object, input: csvIn(csv) })).toBe(answer);
  });
});

test("CSV in: allowsQuotedRecordDelimiter where it is not allowed", async () => {
  const asking = () => answerTo({ sql: ALL, object: '"a\nb",c\n' });
  expect(await codeOf(asking)).toBe("CSVEscapingRecordDelimiter");
});

type JsonType = Extract<SelectInput, { format: "JSON" }>["type"];

const JSON_INPUT: Readonly<Record<JsonType, readonly (readonly [string, string, string])[]>> = {
  DOCUMENT: [
    [ALL, '{\n "a": 1\n}\n', '{"a":1}\n'],
    ["SELECT s.a FROM S3Object[*] s", '{"a":1} {"a":2}', '{"a":1}\n{"a":2}\n'],
    ["SELECT r.b FROM S3Object[*].r[*] r", '{"r":[{"b":1},{"b":2}]}', '{"b":1}\n{"b":2}\n'],
  ],
  LINES: [
    [ALL, '{"a":1}\n{"b":[2]}\n', '{"a":1}\n{"b":[2]}\n'],
    ["SELECT s.b.c FROM S3Object s", '{"a":1}\r\n{"b":{"c":2}}', '{}\n{"c":2}\n'],
  ],
};

describe.each(Object.entries(JSON_INPUT))("JSON in: %s", (type, cases) => {
  test.each(cases)("%s", async (sql, object, answer) => {
    const input = jsonIn(type === "LINES" ? "LINES" : "DOCUMENT");
    expect(await answerTo({ sql, object, input, output: jsonOut() })).toBe(answer);
  });
});

const PACKED: Readonly<Record<Compression, Uint8Array>> = {
  NONE: Buffer.from("one,1\ntwo,2\n"),
  GZIP: gzipSync("one,1\ntwo,2\n"),
  BZIP2: readFileSync(new URL("../bzip2/packed/streams.bz2", import.meta.url)),
};

test.each(Object.entries(PACKED))("compression: %s", async (name, object) => {
  const compression = (["NONE", "GZIP", "BZIP2"] as const).find((each) => each === name);
  const question = { sql: "SELECT _1 FROM S3Object", object, input: csvIn({}, compression) };
  expect(await answerTo(question)).toBe("one\ntwo\n");
});

const CSV_OUTPUT: Readonly<
  Record<keyof CsvOutput, readonly (readonly [Partial<CsvOutput>, string])[]>
> = {
  quoteFields: [
    [{ quoteFields: "ASNEEDED" }, 'a,"b,c","d""e"\n'],
    [{ quoteFields: "ALWAYS" }, '"a","b,c","d""e"\n'],
  ],
  fieldDelimiter: [
    [{ fieldDelimiter: ";" }, 'a;b,c;"d""e"\n'],
    [{ fieldDelimiter: "\t" }, 'a\tb,c\t"d""e"\n'],
  ],
  recordDelimiter: [
    [{ recordDelimiter: "\r\n" }, 'a,"b,c","d""e"\r\n'],
    [{ recordDelimiter: "a" }, '"a","b,c","d""e"a'],
  ],
  quote: [[{ quote: "'" }, "a,'b,c',d\"e\n"]],
  quoteEscape: [[{ quoteEscape: "\\" }, 'a,"b,c","d\\"e"\n']],
};

describe.each(Object.entries(CSV_OUTPUT))("CSV out: %s", (name, cases) => {
  test.each(cases)("%j", async (csv, answer) => {
    expect(Object.keys(csv)).toEqual([name]);
    const question = { sql: ALL, object: 'a,"b,c","d""e"\n', output: csvOut(csv) };
    expect(await answerTo(question)).toBe(answer);
  });
});

const JSON_OUTPUT: Readonly<Record<keyof JsonOutput, readonly (readonly [string, string])[]>> = {
  recordDelimiter: [
    ["\n", '{"_1":"a"}\n{"_1":"b"}\n'],
    [",", '{"_1":"a"},{"_1":"b"},'],
    ["", '{"_1":"a"}{"_1":"b"}'],
  ],
};

test.each(JSON_OUTPUT.recordDelimiter)("JSON out: recordDelimiter %j", async (given, answer) => {
  expect(await answerTo({ sql: ALL, object: "a\nb\n", output: jsonOut(given) })).toBe(answer);
});

describe("scan range", () => {
  const object = "aa\nbb\ncc\n";
  test.each([
    ["start and end", { start: 1, end: 3 }, "bb\n"],
    ["start", { start: 3 }, "bb\ncc\n"],
    ["end, which are the last bytes", { end: 4 }, "cc\n"],
  ])("%s", async (_, scanRange, answer) => {
    expect(await answerTo({ sql: ALL, object, scanRange })).toBe(answer);
  });
});
