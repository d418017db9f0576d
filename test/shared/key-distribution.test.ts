import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createKeyDistribution, MAX_SAMPLED_KEYS } from "../../shared/key-distribution.ts";
import { keySpreads } from "../../shared/key-spread.ts";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

/** Numbers that look random, the same each time. */
function dice(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const md5Hex = (text: string) => createHash("md5").update(text).digest("hex");
const source = { prefix: "", md5Hex, random: dice() };

/** A camera that writes four pictures an hour, named by the moment. */
const camera = Array.from({ length: 1000 }, (_, index) => {
  const modifiedMs = START_MS + index * 900_000;
  return { key: `cam/${new Date(modifiedMs).toISOString()}.jpg`, modifiedMs };
});

const spreadBy = (keys = camera, prefix = "") =>
  Object.fromEntries(
    keySpreads(keys, { ...source, prefix }).map((spread) => [spread.strategy, spread]),
  );

describe("a distribution of keys", () => {
  it("draws every key with the same chance", () => {
    const keys = createKeyDistribution(dice(7));
    const count = 20_000;
    for (let index = 0; index < count; index += 1) {
      keys.add({ key: String(index), modifiedMs: START_MS }, 1);
    }
    const drawn = keys.sample().map(({ key }) => Number(key));
    expect(new Set(drawn).size).toBe(MAX_SAMPLED_KEYS);
    const inFirstHalf = drawn.filter((index) => index < count / 2).length;
    expect(inFirstHalf).toBeGreaterThan(440);
    expect(inFirstHalf).toBeLessThan(560);
  });

  it("counts by the hour while that fits, and by wider bars after", () => {
    const keys = createKeyDistribution(dice());
    keys.add({ key: "a", modifiedMs: START_MS + 5 }, 1);
    keys.add({ key: "b", modifiedMs: START_MS + 3_600_000 }, 1);
    expect(keys.histogram()).toEqual({
      widthMs: 3_600_000,
      bars: [
        { startMs: START_MS, count: 1 },
        { startMs: START_MS + 3_600_000, count: 1 },
      ],
    });
    for (let day = 0; day < 4000; day += 1) {
      keys.add({ key: `c${day}`, modifiedMs: START_MS - day * DAY_MS }, 1);
    }
    const { bars } = keys.histogram();
    expect(bars.length).toBeLessThanOrEqual(96);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(4002);
  });

  it("has no bars where there are no keys", () => {
    expect(createKeyDistribution(dice()).histogram().bars).toEqual([]);
  });
});

describe("what strategies make of keys", () => {
  it("spreads by hashes and by chance over sixteen digits, for reads and for writes", () => {
    const spreads = spreadBy();
    for (const strategy of ["hash", "random"]) {
      const spread = spreads[strategy];
      expect(spread?.ranges.map(({ prefix }) => prefix)).toEqual([..."0123456789abcdef"]);
      expect(spread?.hottestShare).toBeLessThan(0.1);
      expect(spread?.hottestShareOfNewest).toBeLessThan(0.2);
      expect(spread?.distinctPrefixes).toBeGreaterThan(950);
    }
  });

  it("tells that keys named by the moment are read evenly and written to one place", () => {
    const { plain } = spreadBy();
    expect(plain?.hottestShare).toBeLessThan(0.35);
    expect(plain?.hottestShareOfNewest).toBeGreaterThan(0.9);
  });

  it("tells that a reversed date takes a day's writes to one place", () => {
    const spread = spreadBy()["reversed-date"];
    expect(spread?.hottestShare).toBeLessThan(0.35);
    expect(spread?.hottestShareOfNewest).toBe(1);
  });

  it("makes nothing of what is chance among few keys", () => {
    const { hash } = spreadBy(camera.slice(0, 80));
    expect(hash?.ranges.every(({ prefix }) => /^[0-9a-f]$/.test(prefix))).toBe(true);
    expect(hash?.hottestShareOfNewest).toBeLessThan(0.25);
  });

  it("calls nothing newest where all was written at once", () => {
    const { plain } = spreadBy(camera.map(({ key }) => ({ key, modifiedMs: START_MS })));
    expect(plain?.hottestShareOfNewest).toBe(plain?.hottestShare);
  });

  it("puts what is a strategy's behind the prefix", () => {
    const { hash } = spreadBy(camera, "cam/");
    expect(hash?.ranges[0]?.prefix).toBe("cam/0");
  });

  it("has nothing to say of no keys, and one range for one key", () => {
    for (const spread of keySpreads([], source)) {
      expect(spread).toMatchObject({ ranges: [], distinctPrefixes: 0, hottestShare: 0 });
    }
    const one = [{ key: "a", modifiedMs: START_MS }];
    for (const spread of keySpreads(one, source)) {
      expect(spread.ranges).toHaveLength(1);
      expect(spread).toMatchObject({ hottestShare: 1, hottestShareOfNewest: 1 });
    }
  });

  it("leaves out keys that no strategy would make", () => {
    const keys = [".", "a", "ab"].map((key) => ({ key, modifiedMs: START_MS }));
    expect(keySpreads(keys, source)[0]?.ranges).toEqual([
      { prefix: "a", share: 0.5 },
      { prefix: "ab", share: 0.5 },
    ]);
  });

  it("has shares that come to one", () => {
    for (const { ranges } of Object.values(spreadBy())) {
      expect(ranges.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    }
  });
});
