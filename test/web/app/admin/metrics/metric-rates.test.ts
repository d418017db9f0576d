import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetricsResponse } from "../../../../../shared/admin-api.ts";
import { countsOf } from "../../../../../web/app/admin/metrics/metric-counts.ts";
import { readingOf } from "../../../../../web/app/admin/metrics/metric-rates.ts";
import { quantile } from "../../../../../web/app/admin/metrics/quantile.ts";

const START_MS = Date.UTC(2026, 10, 28);

type Sample = [name: string, value: number, labels?: Record<string, string>];

function countsAt(seconds: number, samples: readonly Sample[], startedAtSeconds = 0) {
  const at = (after: number) => new Date(START_MS + after * 1000).toISOString();
  const answer: MetricsResponse = {
    startedAt: at(startedAtSeconds),
    at: at(seconds),
    samples: samples.map(([name, value, labels = {}]) => ({ name, value, labels })),
  };
  return countsOf(answer);
}

const REQUESTS = "sluice_http_requests_total";
const LATENCY = "sluice_http_request_duration_seconds_bucket";
const CALLS = "sluice_storage_request_duration_seconds_bucket";

describe("rates of counters", () => {
  it("are increases by seconds, over all labels", () => {
    const before = countsAt(100, [[REQUESTS, 10, { route: "/a" }]]);
    const after = countsAt(104, [
      [REQUESTS, 14, { route: "/a" }],
      [REQUESTS, 4, { route: "/b" }],
      ["sluice_signed_bytes_total", 400, { direction: "up" }],
      ["sluice_signed_bytes_total", 40, { direction: "down" }],
      ["sluice_uploads_ended_total", 8, { how: "completed" }],
      ["sluice_uploads_ended_total", 4, { how: "aborted" }],
      ["process_cpu_seconds_total", 99],
    ]);
    expect(readingOf(before, after)).toMatchObject({
      isRestart: false,
      perSecond: { requests: 2, signedBytes: 110, completed: 2, aborted: 1, retries: 0 },
    });
  });

  it("leave out what the page itself asks", () => {
    const own = { route: "/api/admin/metrics" };
    const after = countsAt(102, [
      [REQUESTS, 50, own],
      [LATENCY, 50, { ...own, le: "+Inf" }],
    ]);
    expect(readingOf(countsAt(100, []), after)).toMatchObject({
      perSecond: { requests: 0 },
      answers: { p50: null, p95: null },
    });
  });

  it("begin at nothing where the server was started anew, from that moment on", () => {
    const before = countsAt(100, [[REQUESTS, 1000]]);
    const after = countsAt(110, [[REQUESTS, 20]], 105);
    expect(readingOf(before, after)).toMatchObject({ isRestart: true, perSecond: { requests: 4 } });
  });

  it("know a restart by its moment where the counts are already above the old ones", () => {
    const before = countsAt(100, [[REQUESTS, 1]]);
    const after = countsAt(110, [[REQUESTS, 30]], 105);
    expect(readingOf(before, after)).toMatchObject({ isRestart: true, perSecond: { requests: 6 } });
  });

  it("know a counter that goes back for another process, whatever the clocks say", () => {
    const reading = readingOf(countsAt(100, [[REQUESTS, 9]]), countsAt(110, [[REQUESTS, 5]]));
    expect(reading).toMatchObject({ isRestart: true, perSecond: { requests: 0.5 } });
  });

  it("are none where no time has gone by, or a clock was put back", () => {
    const counts = countsAt(100, []);
    expect(readingOf(counts, counts)).toBeNull();
    expect(readingOf(counts, countsAt(90, []))).toBeNull();
  });

  it("are never negative and never infinite", () => {
    const look = fc.record({ seconds: fc.nat(50), value: fc.nat(100), startedAt: fc.nat(50) });
    fc.assert(
      fc.property(look, look, (one, other) => {
        const [before, after] = [one, other].map(({ seconds, value, startedAt }) =>
          countsAt(seconds, [[REQUESTS, value]], startedAt),
        );
        const reading = before && after && readingOf(before, after);
        if (!reading) return;
        expect(reading.perSecond.requests).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(reading.perSecond.requests)).toBe(true);
      }),
    );
  });

  it("have the share of the cache where queries were asked", () => {
    const cache = (hits: number, misses: number): Sample[] => [
      ["sluice_select_cache_total", hits, { result: "hit" }],
      ["sluice_select_cache_total", misses, { result: "miss" }],
    ];
    const before = countsAt(100, cache(10, 10));
    expect(readingOf(before, countsAt(102, cache(13, 11)))?.cacheHitShare).toBe(0.75);
    expect(readingOf(before, countsAt(102, cache(10, 10)))?.cacheHitShare).toBeNull();
  });

  it("have latencies of what was answered in between alone", () => {
    const buckets = (fast: number, all: number): Sample[] => [
      [CALLS, fast, { operation: "PutObject", le: "0.1" }],
      [CALLS, all, { operation: "PutObject", le: "1" }],
      [CALLS, all, { operation: "PutObject", le: "+Inf" }],
    ];
    const reading = readingOf(
      countsAt(100, buckets(1000, 1000)),
      countsAt(102, buckets(1000, 1010)),
    );
    expect(reading?.calls.p50).toBeCloseTo(0.55);
    expect(reading?.answers).toEqual({ p50: null, p95: null });
  });
});

describe("quantiles of buckets", () => {
  const buckets = new Map([
    [0.1, 50],
    [0.5, 90],
    [1, 100],
    [Infinity, 100],
  ]);

  it.each([
    [0.25, 0.05],
    [0.5, 0.1],
    [0.9, 0.5],
    [0.95, 0.75],
    [1, 1],
  ])("the %d quantile is %d", (share, value) => {
    expect(quantile(buckets, share)).toBeCloseTo(value);
  });

  it("are the last bound for what is above it", () => {
    const above = new Map([
      [1, 0],
      [Infinity, 5],
    ]);
    expect(quantile(above, 0.5)).toBe(1);
  });

  it("are none of nothing", () => {
    expect(quantile(new Map(), 0.5)).toBeNull();
    expect(quantile(new Map([[1, 0]]), 0.5)).toBeNull();
  });

  it("grow with the share and stay within the bounds", () => {
    const counts = fc.array(fc.nat(9), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(counts, ([one = 0, two = 0, three = 0]) => {
        const some = new Map([
          [1, one],
          [2, one + two],
          [4, one + two + three],
        ]);
        const [low, high] = [quantile(some, 0.5), quantile(some, 0.95)];
        if (low === null || high === null) return expect(one + two + three).toBe(0);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThan(0);
        expect(high).toBeLessThanOrEqual(4);
      }),
    );
  });
});
