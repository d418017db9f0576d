import { describe, expect, test } from "vitest";
import {
  decodeRecord,
  hasEnded,
  RECORD_LIFE_MS,
} from "../../../../web/transfer/resume/upload-record.ts";
import { heldParts, recordOf } from "./records.ts";

const [first, second, third] = heldParts(3);

describe("decodeRecord", () => {
  test("gives back what was written, clone by clone", () => {
    const record = recordOf();
    expect(decodeRecord(structuredClone(record))).toEqual(record);
  });

  test.each([
    ["a gap between parts", [first, third]],
    ["a part that the storage does not hold yet", [{ ...first, etag: null, checksum: null }]],
    ["no parts at all", []],
    ["a part up to the last byte", [{ ...first, end: 100 * 1024 * 1024 }]],
  ])("knows a record with %s", (_, parts) => {
    expect(decodeRecord({ ...recordOf(), parts })).toMatchObject({ parts });
  });

  test.each([
    ["nothing", null],
    ["a text", "record"],
    ["an upload ID that is no text", { ...recordOf(), sessionId: 7 }],
    ["an upload ID of absurd length", { ...recordOf(), sessionId: "x".repeat(20_000) }],
    ["a size that no object has", { ...recordOf(), sizeBytes: -1 }],
    ["an algorithm of another time", { ...recordOf(), checksumAlgorithm: "MD5" }],
    ["options of another time", { ...recordOf(), options: { ifExists: "ask" } }],
    ["parts out of order", { ...recordOf(), parts: [second, first] }],
    ["one part twice", { ...recordOf(), parts: [first, first] }],
    ["parts that overlap", { ...recordOf(), parts: [first, { ...second, start: 1 }] }],
    ["a part that ends before it starts", { ...recordOf(), parts: [{ ...second, end: 0 }] }],
    ["a part beyond the file", { ...recordOf({ sizeBytes: 20 * 1024 * 1024 }) }],
    ["a part number that S3 has not", { ...recordOf(), parts: [{ ...first, partNumber: 10_001 }] }],
  ])("refuses %s", (_, value) => {
    expect(decodeRecord(value)).toBeNull();
  });
});

test("a record ends with its upload ID, after seven days", () => {
  const record = recordOf();
  expect(hasEnded(record, record.startedAt + RECORD_LIFE_MS)).toBe(false);
  expect(hasEnded(record, record.startedAt + RECORD_LIFE_MS + 1)).toBe(true);
});
