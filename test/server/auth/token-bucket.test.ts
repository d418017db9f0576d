import { describe, expect, it } from "vitest";
import { createMemoryRateLimiter } from "../../../server/auth/index.ts";

function scene() {
  let nowMs = 1000;
  const limiter = createMemoryRateLimiter({ perSecond: 10, burst: 3 }, () => nowMs);
  const takes = async (count: number, caller = "ada") => {
    const waits: number[] = [];
    for (let index = 0; index < count; index += 1) waits.push(await limiter.take(caller));
    return waits;
  };
  return { takes, pass: (ms: number) => void (nowMs += ms) };
}

describe("a caller's pace", () => {
  it("allows a burst, then says when the next one is due", async () => {
    const { takes } = scene();
    expect(await takes(5)).toEqual([0, 0, 0, 100, 100]);
    expect(await takes(1, "eve")).toEqual([0]);
  });

  it("fills up again, but not beyond the burst", async () => {
    const { takes, pass } = scene();
    await takes(4);
    pass(150);
    expect(await takes(2)).toEqual([0, 50]);
    pass(60_000);
    expect(await takes(4)).toEqual([0, 0, 0, 100]);
  });

  it("is not undone by a clock that is set back", async () => {
    const { takes, pass } = scene();
    await takes(3);
    pass(-500);
    expect(await takes(1)).toEqual([100]);
  });
});
