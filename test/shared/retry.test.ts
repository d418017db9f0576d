import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoffDelayMs,
  DEFAULT_BACKOFF,
  isPatienceOver,
  parseRetryAfterMs,
  retry,
  type RetryOptions,
} from "../../shared/retry.ts";

describe("backoffDelayMs", () => {
  it("doubles its ceiling from 500 ms up to the cap", () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((failures) =>
      backoffDelayMs(failures, () => 0.999999),
    );
    expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("stays within its bounds for any number of failures", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (failures, random) => {
          const delayMs = backoffDelayMs(failures, () => random);
          expect(delayMs).toBeGreaterThanOrEqual(DEFAULT_BACKOFF.minDelayMs);
          expect(delayMs).toBeLessThanOrEqual(DEFAULT_BACKOFF.maxDelayMs);
        },
      ),
    );
  });

  it("waits at least as long as Retry-After asks, up to its bound", () => {
    expect(backoffDelayMs(1, () => 0, 30_000)).toBe(30_000);
    expect(backoffDelayMs(1, () => 0, 9_000_000)).toBe(DEFAULT_BACKOFF.maxRetryAfterMs);
  });
});

describe("parseRetryAfterMs", () => {
  const now = Date.parse("2026-11-23T10:00:00Z");

  it("reads seconds and dates", () => {
    expect(parseRetryAfterMs("3", now)).toBe(3000);
    expect(parseRetryAfterMs("Mon, 23 Nov 2026 10:00:07 GMT", now)).toBe(7000);
  });

  it("takes a date in the past as now", () => {
    expect(parseRetryAfterMs("Mon, 23 Nov 2026 09:00:00 GMT", now)).toBe(0);
  });

  it.each([null, "", "soon"])("has no opinion on %j", (value) => {
    expect(parseRetryAfterMs(value, now)).toBeNull();
  });
});

describe("isPatienceOver", () => {
  it("needs both the time and the failures, so that sleep does not end it", () => {
    expect(isPatienceOver(1, 48 * 3_600_000)).toBe(false);
    expect(isPatienceOver(5000, 8 * 3_600_000)).toBe(false);
    expect(isPatienceOver(100, 25 * 3_600_000)).toBe(true);
  });
});

describe("retry", () => {
  function scene(overrides: Partial<RetryOptions> = {}) {
    const delays: number[] = [];
    let now = 0;
    const options: RetryOptions = {
      signal: new AbortController().signal,
      random: () => 0.5,
      now: () => now,
      wait: async (delayMs, signal) => {
        delays.push(delayMs);
        now += delayMs;
        signal.throwIfAborted();
      },
      judge: () => ({ mayRetry: true }),
      ...overrides,
    };
    return { delays, options };
  }

  it("repeats until the operation succeeds and tells of every failure", async () => {
    const notices: number[] = [];
    const { delays, options } = scene({ onRetry: (notice) => notices.push(notice.failures) });
    let calls = 0;
    const answer = await retry(async () => {
      calls += 1;
      if (calls < 3) throw new Error("not yet");
      return "done";
    }, options);
    expect([answer, calls, notices, delays]).toEqual(["done", 3, [1, 2], [250, 500]]);
  });

  it("throws a permanent failure at once", async () => {
    const { delays, options } = scene({ judge: () => ({ mayRetry: false }) });
    await expect(retry(() => Promise.reject(new Error("never")), options)).rejects.toThrow("never");
    expect(delays).toEqual([]);
  });

  it("goes on for a day and then gives up", async () => {
    const { delays, options } = scene();
    await expect(retry(() => Promise.reject(new Error("down")), options)).rejects.toThrow("down");
    const waitedMs = delays.reduce((sum, delayMs) => sum + delayMs, 0);
    expect(waitedMs).toBeGreaterThan(24 * 3_600_000 - 60_000);
    expect(waitedMs).toBeLessThan(25 * 3_600_000);
  });

  it("rejects with the signal's reason when it is aborted while waiting", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const { options } = scene({
      signal: controller.signal,
      onRetry: () => controller.abort(reason),
    });
    await expect(retry(() => Promise.reject(new Error("down")), options)).rejects.toBe(reason);
  });
});
