import { describe, expect, it } from "vitest";
import { savedByHedgeMs, type Delivery } from "../../../../web/transfer/parts/laggard.ts";

const MB = 1_000_000;

/** A part of 8 MB that left at 0 on a line where a connection moves 4 MB a second. */
const saved = (changed: Partial<Delivery>, now: number) =>
  savedByHedgeMs(
    {
      partNumber: 1,
      url: "https://s3.example/1",
      sizeBytes: 8 * MB,
      startedAt: 0,
      sentBytes: 0,
      movedAt: now,
      ...changed,
    },
    4 * MB,
    now,
  );

describe("savedByHedgeMs", () => {
  it("lets a part go on that keeps up with the others", () => {
    expect(saved({ sentBytes: 4 * MB }, 1000)).toBe(0);
  });

  it("sends a part again that would take far longer than a second request", () => {
    // 1 MB in 5 s: 35 s to go; from the start on another connection 2.3 s.
    expect(saved({ sentBytes: 1 * MB }, 5000)).toBeCloseTo(35_000 - 2300);
  });

  it("does not send again what is nearly there", () => {
    expect(saved({ sentBytes: 7.9 * MB }, 8000)).toBe(0);
  });

  it("gives a part that only began the time to show its speed", () => {
    expect(saved({ sentBytes: 1000 }, 500)).toBe(0);
  });

  it("sends a part again that stands still long after it should have ended", () => {
    expect(saved({ sentBytes: 3 * MB, movedAt: 800 }, 3500)).toBe(0);
    expect(saved({ sentBytes: 3 * MB, movedAt: 800 }, 5000)).toBeGreaterThan(0);
  });

  it("waits for an answer as long as the bytes may lie in the socket's buffer", () => {
    expect(saved({ sentBytes: 8 * MB, movedAt: 100 }, 3000)).toBe(0);
    expect(saved({ sentBytes: 8 * MB, movedAt: 100 }, 6000)).toBeGreaterThan(0);
  });
});
