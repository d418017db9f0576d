import fc from "fast-check";
import { expect, test } from "vitest";
import {
  escapeText,
  inputOfSchema,
  inputSummary,
  unescapeText,
} from "../../../../../web/app/query/object/input-of-schema.ts";

const SCHEMA = { columns: [], rows: [], sizeBytes: 1, etag: '"e"' };

test("what was detected is said in a few words", () => {
  const csv = { header: "use", fieldDelimiter: "\t", recordDelimiter: "\r\n", quote: "'" } as const;
  const read = inputOfSchema({ ...SCHEMA, format: "csv", compression: "gzip", csv });
  expect(read.csv).toMatchObject({ ...csv, quoteEscape: '"', comment: "" });
  expect(inputSummary(read)).toBe("CSV · names in the first line · tab · gzip");
  const odd = { ...read, csv: { ...read.csv, fieldDelimiter: "^" } };
  expect(inputSummary(odd)).toContain("“^”");
  const json = {
    ...SCHEMA,
    format: "json",
    compression: "none",
    json: { type: "document" },
  } as const;
  expect(inputSummary(inputOfSchema(json))).toBe("JSON document");
});

test("what cannot be seen is typed with a backslash, and comes back as it was", () => {
  expect(escapeText("\r\n")).toBe(String.raw`\r\n`);
  expect(unescapeText(String.raw`\t`)).toBe("\t");
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
      expect(unescapeText(escapeText(text))).toBe(text);
    }),
  );
});
