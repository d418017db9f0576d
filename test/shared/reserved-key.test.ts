import { describe, expect, it } from "vitest";
import { hasDotSegment, isReservedKey } from "../../shared/reserved-key.ts";

describe("a reserved key", () => {
  it.each([
    ".sluice",
    "a/../.sluice",
    ".sluice/",
    ".sluice/uploads/6162",
    "./.sluice/a",
    "a/../.sluice/a",
    "//.sluice/a",
    "a/..\\.sluice\\a",
    ".sluice/.",
    ".sluice//a",
    "../../.sluice/a",
  ])("is %j, or becomes one on the way", (key) => {
    expect(isReservedKey(key)).toBe(true);
  });

  it.each([".sluice-probe-1", ".Sluice/a", "a/.sluice/b", ".sluicea/b", "%2Esluice/a", ""])(
    "is not %j",
    (key) => {
      expect(isReservedKey(key)).toBe(false);
    },
  );
});

describe("a dot segment", () => {
  it.each(["..", ".", "a/../b", "a/..", "./a", "a/./b", "a\\..\\b"])("is in %j", (key) => {
    expect(hasDotSegment(key)).toBe(true);
  });

  it.each(["a..b", "..a/b", "a/.b", ".../a", "", "a/%2e%2e/b"])("is not in %j", (key) => {
    expect(hasDotSegment(key)).toBe(false);
  });
});
