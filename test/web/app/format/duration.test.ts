import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, formatTimeLeft } from "../../../../web/app/format/duration.ts";

describe("formatDuration", () => {
  test.each([
    [0, "0 s"],
    [0.2, "1 s"],
    [59, "59 s"],
    [60, "1 min"],
    [74, "1 min 10 s"],
    [178, "3 min"],
    [596, "10 min"],
    [2_400, "40 min"],
    [3_599, "60 min"],
    [3_600, "1 h"],
    [4_800, "1 h 20 min"],
    [86_400, "1 d"],
    [183_600, "2 d 3 h"],
  ])("%d seconds read %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test("never says 60 of a unit beside another", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), (seconds) => {
        expect(formatDuration(seconds)).not.toMatch(/ 60 s| 60 min$| 24 h/);
      }),
      { examples: [[595], [7_199], [172_799]] },
    );
  });
});

describe("formatTimeLeft", () => {
  test("is empty while it cannot be said", () => {
    expect(formatTimeLeft(null)).toBe("");
    expect(formatTimeLeft(Number.POSITIVE_INFINITY)).toBe("");
  });

  test("stops counting near the end", () => {
    expect(formatTimeLeft(4.2)).toBe("a few seconds left");
    expect(formatTimeLeft(42)).toBe("42 s left");
  });
});
