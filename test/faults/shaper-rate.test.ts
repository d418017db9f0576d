import { expect, test } from "vitest";
import { createRate } from "./shaper-rate.ts";

test("bytes leave one after another at the rate", () => {
  const rate = createRate(() => 1000);
  const first = rate.leaveAt(100, 5000);
  expect(rate.leaveAt(100, 5000) - first).toBeCloseTo(100);
  expect(rate.leaveAt(300, 5000) - first).toBeCloseTo(400);
});

test("a sender that comes late makes up for a moment, not for the whole silence", () => {
  const rate = createRate(() => 1000);
  rate.leaveAt(100, 0);
  expect(rate.leaveAt(100, 60_000)).toBeGreaterThanOrEqual(60_000 + 50);
});

test("nothing leaves before it is handed over", () => {
  const rate = createRate(() => 1e9);
  expect(rate.leaveAt(1, 70)).toBe(70);
});

test("without a bound everything leaves at once, and what passed then is not owed later", () => {
  const line = { rate: Infinity };
  const rate = createRate(() => line.rate);
  expect(rate.leaveAt(1e9, 10)).toBe(10);
  line.rate = 1000;
  expect(rate.leaveAt(100, 10)).toBeLessThanOrEqual(110);
});
