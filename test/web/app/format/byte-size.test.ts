import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatExactBytes,
  formatLimit,
  formatSpeed,
  percentOf,
} from "../../../../web/app/format/byte-size.ts";

describe("formatBytes", () => {
  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [99_940, "99.9 kB"],
    [99_960, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [2_147_483_648, "2.1 GB"],
    [53_687_091_200_000, "53.7 TB"],
    [-5, "0 bytes"],
    [Number.NaN, "0 bytes"],
  ])("%d reads %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test("never shows more than three digits before the unit", () => {
    fc.assert(
      fc.property(fc.nat({ max: 48_828_125 }), fc.integer({ min: 0, max: 29 }), (base, shift) => {
        expect(formatBytes(base * 2 ** shift)).toMatch(/^\d{1,3}(\.\d)? (byte|bytes|[kMGTP]B)$/);
      }),
    );
  });
});

test("formatSpeed is empty while nothing moves", () => {
  expect(formatSpeed(0)).toBe("");
  expect(formatSpeed(84_200_000)).toBe("84.2 MB/s");
});

test.each([
  [10_000 * 5 * 1024 ** 3, "48.8 TiB"],
  [5 * 1024 ** 3, "5 GiB"],
  [1024, "1 KiB"],
  [1023, "1,023 bytes"],
])("a limit of %d bytes reads %s", (bytes, text) => {
  expect(formatLimit(bytes)).toBe(text);
});

test("exact sizes and counts set thousands apart", () => {
  expect(formatExactBytes(2_147_483_648)).toBe("2,147,483,648 bytes");
  expect(formatExactBytes(1)).toBe("1 byte");
  expect(formatCount(5000)).toBe("5,000");
});

describe("percentOf", () => {
  test("never says 100: bytes that have left may not have arrived", () => {
    expect(percentOf(989_999, 1_000_000)).toBe(98);
    expect(percentOf(999_999, 1_000_000)).toBe(99);
    expect(percentOf(1_000_000, 1_000_000)).toBe(99);
  });

  test("an empty whole counts as 0", () => {
    expect(percentOf(0, 0)).toBe(0);
  });

  test("stays within 0 to 99", () => {
    expect(percentOf(12, 10)).toBe(99);
    expect(percentOf(-1, 10)).toBe(0);
  });
});
