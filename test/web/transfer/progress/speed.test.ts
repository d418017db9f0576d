import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesPerSecond,
  recordBytes,
  secondsLeft,
  SPEED_WINDOW_MS,
  startSpeed,
  type Speed,
} from "../../../../web/transfer/progress/speed.ts";

const WINDOW = SPEED_WINDOW_MS;

function run(rate: number, fromMs: number, toMs: number, stepMs: number, speed: Speed): Speed {
  let current = speed;
  for (let at = fromMs + stepMs; at <= toMs; at += stepMs) {
    current = recordBytes(current, (rate * stepMs) / 1000, at, WINDOW);
  }
  return current;
}

describe("bytesPerSecond", () => {
  it("finds a steady rate from the first seconds on, whatever the step", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 1e9 }),
        fc.constantFrom(10, 50, 100, 200),
        fc.integer({ min: 2, max: 60 }),
        (rate, stepMs, seconds) => {
          const speed = run(rate, 0, seconds * 1000, stepMs, startSpeed(0));
          const measured = bytesPerSecond(speed, seconds * 1000, WINDOW);
          expect(Math.abs(measured / rate - 1)).toBeLessThan(0.06);
        },
      ),
    );
  });

  it("does not take the first burst for the speed of the line", () => {
    const speed = recordBytes(startSpeed(0), 1_000_000, 10, WINDOW);
    expect(bytesPerSecond(speed, 10, WINDOW)).toBeLessThan(1_200_000);
  });

  it("follows a change within about its window and fades when nothing moves", () => {
    const fast = run(10e6, 0, 20_000, 100, startSpeed(0));
    const slow = run(1e6, 20_000, 32_000, 100, fast);
    expect(bytesPerSecond(slow, 32_000, WINDOW)).toBeLessThan(2e6);
    expect(bytesPerSecond(slow, 92_000, WINDOW)).toBeLessThan(1000);
  });

  it("survives a clock that is set back", () => {
    const speed = run(1e6, 100_000, 110_000, 100, startSpeed(100_000));
    const after = recordBytes(speed, 1000, 50_000, WINDOW);
    expect(bytesPerSecond(after, 50_000, WINDOW)).toBeGreaterThan(0);
    expect(bytesPerSecond(after, 50_000, WINDOW)).toBeLessThan(2e6);
  });
});

describe("secondsLeft", () => {
  it("rounds up, is 0 at the end, and unknown while nothing moves", () => {
    expect(secondsLeft(1001, 1000)).toBe(2);
    expect(secondsLeft(0, 0)).toBe(0);
    expect(secondsLeft(10, 0)).toBeNull();
    expect(secondsLeft(1e15, 1)).toBeNull();
  });
});
