import { assert, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { contentRange, parseCopyRange, parseRange } from "../../../server/store/http/range.ts";
import { S3Error } from "../../../server/store/s3-error.ts";

describe("of 100 bytes", () => {
  test.each([
    ["bytes=0-0", { start: 0, end: 1 }],
    ["bytes=0-99", { start: 0, end: 100 }],
    ["bytes=0-1000", { start: 0, end: 100 }],
    ["bytes=99-", { start: 99, end: 100 }],
    ["bytes=10-19", { start: 10, end: 20 }],
    ["bytes=-1", { start: 99, end: 100 }],
    ["bytes=-100", { start: 0, end: 100 }],
    ["bytes=-1000", { start: 0, end: 100 }],
  ])("%s is served", (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  test.each(["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=1000-1001"])(
    "%s is not satisfiable",
    (header) => {
      expect(() => parseRange(header, 100)).toThrow(
        expect.objectContaining({ code: "InvalidRange", status: 416 }),
      );
    },
  );

  test.each([
    "bytes=",
    "bytes=-",
    "bytes=5-4",
    "bytes=0-1,5-6",
    "items=0-1",
    "bytes 0-1",
    "bytes=a-",
  ])("%s is ignored", (header) => {
    expect(parseRange(header, 100)).toBeUndefined();
  });
});

test("nothing of an empty object is satisfiable", () => {
  for (const header of ["bytes=0-", "bytes=0-0", "bytes=-1"]) {
    expect(() => parseRange(header, 0)).toThrow(S3Error);
  }
});

test("every range lies within the object and is not empty", () => {
  const headers = tuple(constantFrom("", "3", "50", "200"), constantFrom("", "0", "70", "999"));
  assert(
    property(headers, nat(300), ([first, last], sizeBytes) => {
      let range;
      try {
        range = parseRange(`bytes=${first}-${last}`, sizeBytes);
      } catch (error) {
        expect(error).toBeInstanceOf(S3Error);
        return;
      }
      if (!range) return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeLessThanOrEqual(sizeBytes);
      expect(range.start).toBeLessThan(range.end);
    }),
  );
});

test("Content-Range names the last byte, not the one after it", () => {
  expect(contentRange({ start: 10, end: 20 }, 100)).toBe("bytes 10-19/100");
});

test("the range of a copy names both ends, in order", () => {
  expect(parseCopyRange("bytes=5-9")).toEqual({ start: 5, end: 10 });
  for (const header of ["bytes=5-", "bytes=-5", "bytes=9-5", "5-9"]) {
    expect(() => parseCopyRange(header)).toThrow(
      expect.objectContaining({ code: "InvalidArgument" }),
    );
  }
});
