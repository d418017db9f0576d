import { describe, expect, test } from "vitest";
import { decodeRow, encodeRecord } from "../../../../web/transfer/resume/record-row.ts";
import { heldParts, recordOf } from "./records.ts";

const PART_BYTES = 100;

const recordOfParts = (count: number) =>
  recordOf({ sizeBytes: 10_000 * PART_BYTES, parts: heldParts(count, PART_BYTES) });

describe("a record's row and pages", () => {
  test.each([0, 1, 255, 256, 257, 10_000])("come back as they were, with %i parts", (count) => {
    const record = recordOfParts(count);
    const { row, pages } = structuredClone(encodeRecord(record));
    expect(decodeRow(row, pages)).toEqual(record);
  });

  test("change in one page where one part changed", () => {
    const record = recordOfParts(10_000);
    const parts = record.parts.map((part) =>
      part.partNumber === 5000 ? { ...part, etag: null } : part,
    );
    const before = encodeRecord(record).pages;
    const after = encodeRecord({ ...record, parts }).pages;
    expect(after.filter((page, index) => page !== before[index])).toHaveLength(1);
  });

  test("are the same whatever order a part's properties have", () => {
    const { parts, ...rest } = recordOfParts(3);
    const turned = parts.map(({ checksum, etag, end, start, partNumber }) => ({
      checksum,
      etag,
      end,
      start,
      partNumber,
    }));
    const after = encodeRecord({ ...rest, parts: turned });
    expect(after.pages).toEqual(encodeRecord({ ...rest, parts }).pages);
  });

  const { row, pages } = encodeRecord(recordOfParts(300));
  test.each([
    ["of another version", { ...row, version: 2 }, pages],
    ["that are no row", null, pages],
    ["of which a page is missing", row, pages.slice(1)],
    ["of which a page is too many", row, [...pages, "[]"]],
    ["of which a page is no text", row, [pages[0], 7]],
    ["of which a page is no JSON", row, [pages[0], "[{"]],
    ["of which a page is no list", row, [pages[0], "7"]],
    ["of which pages are swapped", row, pages.toReversed()],
  ])("%s are nothing", (_, changedRow, changedPages) => {
    expect(decodeRow(changedRow, changedPages)).toBeNull();
  });
});
