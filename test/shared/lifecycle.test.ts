import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { abortDueMs, dueAfterDays } from "../../shared/lifecycle.ts";

const at = (text: string) => Date.parse(text);

describe("dueAfterDays", () => {
  it.each([
    ["2026-01-15T10:30:00Z", 3, "2026-01-19T00:00:00Z"],
    ["2026-01-15T00:00:00Z", 1, "2026-01-16T00:00:00Z"],
    ["2026-01-15T00:00:00.001Z", 1, "2026-01-17T00:00:00Z"],
    ["2028-02-28T23:59:59Z", 1, "2028-03-01T00:00:00Z"],
  ])("counts %s and %i days to %s", (from, days, due) => {
    expect(new Date(dueAfterDays(at(from), days))).toEqual(new Date(due));
  });

  it("is a midnight that leaves the full days, and less than one more", () => {
    fc.assert(
      fc.property(fc.nat(4e12), fc.integer({ min: 1, max: 3650 }), (from, days) => {
        const due = dueAfterDays(from, days);
        const restMs = due - from - days * 86_400_000;
        expect(due % 86_400_000).toBe(0);
        expect(restMs).toBeGreaterThanOrEqual(0);
        expect(restMs).toBeLessThan(86_400_000);
      }),
    );
  });
});

describe("abortDueMs", () => {
  const upload = { key: "films/a.mp4", initiatedAtMs: at("2026-01-15T10:30:00Z") };

  it("is never without a rule for the key", () => {
    expect(abortDueMs([], upload)).toBeNull();
    expect(abortDueMs([{ prefix: "music/", days: 1 }], upload)).toBeNull();
  });

  it("is that of the rule which comes first", () => {
    const rules = [
      { prefix: "", days: 7 },
      { prefix: "films/", days: 2 },
      { prefix: "films/b", days: 1 },
    ];
    expect(abortDueMs(rules, upload)).toBe(at("2026-01-18T00:00:00Z"));
  });
});
