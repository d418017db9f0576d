import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linkTo, readLink } from "../../../../../web/app/query/question/question-link.ts";
import {
  DEFAULT_INPUT,
  selectBody,
  whyNoScanRange,
  WHOLE,
} from "../../../../../web/app/query/question/question.ts";

const QUESTION = { key: "a b&c.csv", sql: "SELECT 'ä+1'\nFROM S3Object", input: null, scan: WHOLE };
const searchOf = (link: string) => link.slice(link.indexOf("?"));

describe("a link to a question", () => {
  test("leaves how the object is read to whoever opens it, unless it was chosen", () => {
    expect(linkTo({ ...QUESTION, sql: "" })).toBe("/query?key=a+b%26c.csv");
    expect(readLink(searchOf(linkTo(QUESTION)))).toEqual(QUESTION);
  });

  test("says everything that was chosen", () => {
    const ascii = fc.string({ minLength: 1, maxLength: 1, unit: "binary-ascii" });
    const csv = fc.record({
      header: fc.constantFrom("use", "ignore", "none"),
      fieldDelimiter: ascii,
      recordDelimiter: fc.string({ minLength: 1, maxLength: 2, unit: "binary-ascii" }),
      quote: ascii,
      quoteEscape: ascii,
      comment: ascii,
      allowQuotedRecordDelimiter: fc.boolean(),
    });
    const byte = fc.option(fc.nat());
    const question = fc.record({
      key: fc.string({ maxLength: 100 }),
      sql: fc.string(),
      input: fc.record({
        format: fc.constant("csv" as const),
        compression: fc.constantFrom("auto", "none", "gzip", "bzip2"),
        csv,
        json: fc.constant("lines" as const),
      }),
      scan: fc.record({ start: byte, end: byte }),
    });
    fc.assert(
      fc.property(question, (asked) => {
        expect(readLink(searchOf(linkTo(asked)))).toEqual(asked);
      }),
    );
  });

  test.each([
    "",
    "?format=xml&compression=zip&header=maybe&delimiter=%C3%A4&quote=toolong&start=-1&end=1e9",
    `?key=${"k".repeat(5000)}&sql=${"s".repeat(100_000)}`,
    "?format=csv&delimiter=&record=abc&comment=%F0%9F%98%80",
  ])("passes over what makes no sense: %.60s", (search) => {
    const { key, sql, input, scan } = readLink(search);
    expect(scan).toEqual(WHOLE);
    expect(input === null || JSON.stringify(input) === JSON.stringify(DEFAULT_INPUT)).toBe(true);
    expect([key.length <= 1024, sql.length <= 32_768]).toEqual([true, true]);
  });
});

describe("the body of a question", () => {
  test("says how CSV is written, and nothing of comments where there are none", () => {
    expect(
      selectBody({ key: "k", sql: "q", input: DEFAULT_INPUT, scan: { start: 5, end: null } }),
    ).toEqual({
      key: "k",
      sql: "q",
      input: {
        format: "csv",
        compression: "auto",
        csv: {
          header: "use",
          fieldDelimiter: ",",
          recordDelimiter: "\n",
          quote: '"',
          quoteEscape: '"',
          allowQuotedRecordDelimiter: false,
        },
      },
      output: { format: "json" },
      scanRange: { start: 5 },
    });
  });

  test("of Parquet and JSON says no more than they have", () => {
    const inputOf = (format: "json" | "parquet") =>
      selectBody({ key: "k", sql: "q", input: { ...DEFAULT_INPUT, format }, scan: WHOLE });
    expect(inputOf("json")).toMatchObject({ input: { format: "json", json: { type: "lines" } } });
    expect(inputOf("parquet")).toEqual({
      key: "k",
      sql: "q",
      input: { format: "parquet", compression: "none" },
      output: { format: "json" },
    });
  });
});

test("a scan range is closed with a reason to what has no records to begin at", () => {
  const { csv } = DEFAULT_INPUT;
  expect(whyNoScanRange(DEFAULT_INPUT)).toBeNull();
  expect(whyNoScanRange({ ...DEFAULT_INPUT, format: "parquet" })).toBeNull();
  expect(whyNoScanRange({ ...DEFAULT_INPUT, compression: "gzip" })).toMatch(/compressed/);
  expect(whyNoScanRange({ ...DEFAULT_INPUT, format: "json", json: "document" })).toMatch(
    /document/,
  );
  const quoted = { ...csv, allowQuotedRecordDelimiter: true };
  expect(whyNoScanRange({ ...DEFAULT_INPUT, csv: quoted })).toMatch(/line ends/);
});
