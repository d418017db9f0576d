import { describe, expect, test } from "vitest";
import { describeRoute, formatTimes } from "../../../../web/app/line/route-text.ts";

const GB = 1024 ** 3;
const route = { kind: "accelerated", speedup: 1.83, usdPerGb: 0.04, acceleratedBytes: 0 } as const;

describe("describeRoute", () => {
  test("says that both ways are being measured", () => {
    const measuring = { ...route, kind: "measuring", speedup: null } as const;
    expect(describeRoute(measuring)).toBe("Measuring both ways…");
  });

  test("says what acceleration gains and what it costs", () => {
    expect(describeRoute({ ...route, acceleratedBytes: 7.8 * GB })).toBe(
      "Accelerated: 1.8 × as fast as the direct way, at most $0.04 a GB, $0.31 so far.",
    );
  });

  test("counts no cost before a byte went", () => {
    expect(describeRoute(route)).toBe(
      "Accelerated: 1.8 × as fast as the direct way, at most $0.04 a GB.",
    );
  });

  test("names no price that nobody knows", () => {
    expect(describeRoute({ ...route, usdPerGb: null, acceleratedBytes: GB })).toBe(
      "Accelerated: 1.8 × as fast as the direct way.",
    );
  });

  test("says why the direct way was kept", () => {
    expect(describeRoute({ ...route, kind: "direct", speedup: 1.05 })).toBe(
      "Direct: acceleration was only 1.05 × as fast, not worth $0.04 a GB.",
    );
    expect(describeRoute({ ...route, kind: "direct", speedup: 0.62 })).toBe(
      "Direct: acceleration was 0.6 × as fast.",
    );
    expect(describeRoute({ ...route, kind: "direct", speedup: null })).toBe(
      "Direct: acceleration is not needed.",
    );
  });
});

test.each([
  [1, "1.00 ×"],
  [1.049, "1.05 ×"],
  [0.9, "0.90 ×"],
  [1.15, "1.15 ×"],
  [1.26, "1.3 ×"],
  [12.34, "12.3 ×"],
])("%d reads %s", (factor, text) => {
  expect(formatTimes(factor)).toBe(text);
});
