import { describe, expect, it } from "vitest";
import { livenessOf } from "../../../server/s3/liveness.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const NOW = Date.parse("2026-11-28T12:00:00Z");

describe("livenessOf", () => {
  it.each([
    ["open", 0, "uploading"],
    ["open", 179 * SECOND, "uploading"],
    ["open", 180 * SECOND, "paused"],
    ["open", 24 * HOUR - 1, "paused"],
    ["open", 24 * HOUR, "abandoned"],
    ["paused", 0, "paused"],
    ["paused", 24 * HOUR - 1, "paused"],
    ["paused", 24 * HOUR, "abandoned"],
    // Its time is the storage's, whose clock may be ahead.
    ["open", -90 * SECOND, "uploading"],
  ] as const)("is, of %s and silent for %i ms, %s", (state, silentMs, expected) => {
    expect(livenessOf({ state, heardAt: new Date(NOW - silentMs) }, NOW)).toBe(expected);
  });

  it("is unknown of what is not ours", () => {
    expect(livenessOf(undefined, NOW)).toBe("unknown");
  });
});
