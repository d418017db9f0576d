import { describe, expect, test } from "vitest";
import type { ListPartsResponse } from "../../../../shared/api.ts";
import { recordOfLink } from "../../../../web/transfer/resume/linked-upload.ts";
import { decodeRecord } from "../../../../web/transfer/resume/upload-record.ts";

const LINK = { sessionId: "s", name: "film.mp4", lastModified: 5 };

const part = (partNumber: number, sizeBytes: number, value = `sum${partNumber}`) => ({
  partNumber,
  sizeBytes,
  etag: `"${partNumber}"`,
  checksum: { algorithm: "CRC64NVME" as const, value },
});

const listed = (more: Partial<ListPartsResponse>): ListPartsResponse => ({
  parts: [],
  partSizeBytes: 10,
  state: "open",
  key: "folder/film.mp4",
  sizeBytes: 35,
  partSizes: "equal",
  ...more,
});

const placesOf = (answer: ListPartsResponse) =>
  recordOfLink(LINK, answer, 7).parts.map(({ start, end, etag }) => [start, end, etag]);

describe("the record of a link", () => {
  test("is one that this browser could have kept itself", () => {
    const record = recordOfLink(LINK, listed({ parts: [part(1, 10)] }), 7);
    expect(decodeRecord(record)).toEqual(record);
    expect(record).toMatchObject({ checksumAlgorithm: "CRC64NVME", key: "folder/film.mp4" });
    expect(record.parts[0]?.checksum).toBe("sum1");
  });

  test("knows where equal parts lie, whatever is missing between them", () => {
    expect(placesOf(listed({ parts: [part(2, 10), part(4, 5)] }))).toEqual([
      [0, 10, null],
      [10, 20, '"2"'],
      [20, 30, null],
      [30, 35, '"4"'],
    ]);
  });

  test("takes a part of another size for none", () => {
    expect(placesOf(listed({ parts: [part(1, 9), part(2, 10)] }))).toEqual([
      [0, 10, null],
      [10, 20, '"2"'],
    ]);
  });

  test("of free parts goes up to the first gap", () => {
    const parts = [part(1, 12), part(2, 8), part(4, 5)];
    expect(placesOf(listed({ partSizes: "free", parts }))).toEqual([
      [0, 12, '"1"'],
      [12, 20, '"2"'],
    ]);
  });

  test("never reaches beyond the file", () => {
    const parts = [part(1, 30), part(2, 30)];
    expect(placesOf(listed({ partSizes: "free", parts }))).toEqual([[0, 30, '"1"']]);
  });

  test("proves by checksums only where all parts have one of the same kind", () => {
    const { checksum: _, ...bare } = part(2, 10);
    const record = recordOfLink(LINK, listed({ parts: [part(1, 10), bare] }), 7);
    expect(record.checksumAlgorithm).toBeNull();
    expect(record.parts.map(({ checksum }) => checksum)).toEqual([null, null]);
  });

  test("is none of what has ended, or is of no known size", () => {
    for (const state of ["gone", "completed"] as const) {
      expect(() => recordOfLink(LINK, listed({ state }), 7)).toThrow(
        expect.objectContaining({ code: "upload-gone" }),
      );
    }
    expect(() => recordOfLink(LINK, listed({ sizeBytes: null }), 7)).toThrow(
      expect.objectContaining({ code: "bad-answer" }),
    );
  });
});
