import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MAX_OBJECT_SIZE_BYTES,
  MAX_PART_COUNT,
  MAX_PART_SIZE_BYTES,
  MIN_PART_SIZE_BYTES,
} from "../../../../shared/limits.ts";
import {
  nextPartSizeBytes,
  nextStreamPartSizeBytes,
  type Cutting,
} from "../../../../web/transfer/parts/part-size.ts";

const MiB = 1024 * 1024;

const fresh = (sizeBytes: number, changed: Partial<Cutting> = {}): Cutting => ({
  unassignedBytes: sizeBytes,
  aheadBytes: 0,
  nextPartNumber: 1,
  share: 6,
  bytesPerSecond: null,
  isEven: false,
  ...changed,
});

/** All parts of a file, cut one after another with nothing under way. */
function cutAll(sizeBytes: number, changed: Partial<Cutting>): number[] {
  const sizes: number[] = [];
  for (let left = sizeBytes; left > 0;) {
    const facts = fresh(left, { ...changed, nextPartNumber: sizes.length + 1 });
    const size = nextPartSizeBytes(facts);
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

describe("nextPartSizeBytes", () => {
  it("keeps S3's limits for every file, line and share", () => {
    const speed = fc.option(fc.double({ min: 1, max: 1e10, noNaN: true }), { nil: null });
    const share = fc.double({ min: 1, max: 24, noNaN: true });
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: 4096 * MiB }),
      fc.integer({ min: 1, max: MAX_OBJECT_SIZE_BYTES }),
      fc.constant(MAX_OBJECT_SIZE_BYTES),
    );
    fc.assert(
      fc.property(sizes, share, speed, fc.boolean(), (sizeBytes, connections, rate, isEven) => {
        const parts = cutAll(sizeBytes, { share: connections, bytesPerSecond: rate, isEven });
        expect(parts.length).toBeLessThanOrEqual(MAX_PART_COUNT);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(sizeBytes);
        expect(Math.max(...parts)).toBeLessThanOrEqual(MAX_PART_SIZE_BYTES);
        const leastButLast = Math.min(...parts.slice(0, -1), MIN_PART_SIZE_BYTES);
        expect(leastButLast).toBeGreaterThanOrEqual(MIN_PART_SIZE_BYTES);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps half back while nobody knows how equal connections are", () => {
    expect(nextPartSizeBytes(fresh(150 * MiB))).toBe(12.5 * MiB);
  });

  it("sends small shares in one wave", () => {
    expect(nextPartSizeBytes(fresh(60 * MiB))).toBe(10 * MiB);
    const uneven = { bytesPerSecond: 5 * MiB, isEven: false };
    expect(nextPartSizeBytes(fresh(60 * MiB, uneven))).toBe(5 * MiB);
  });

  it("lets equal connections end together", () => {
    const measured = { bytesPerSecond: 5 * MiB, isEven: true };
    expect(nextPartSizeBytes(fresh(120 * MiB, measured))).toBe(20 * MiB);
    expect(nextPartSizeBytes(fresh(60 * MiB, { ...measured, aheadBytes: 30 * MiB }))).toBe(
      15 * MiB,
    );
  });

  it("sends a file whole that has one connection", () => {
    expect(nextPartSizeBytes(fresh(50 * MiB, { share: 1 }))).toBe(50 * MiB);
  });

  it("cuts small on a slow line, so that a broken part costs little", () => {
    const slow = { bytesPerSecond: 100_000, isEven: true };
    expect(nextPartSizeBytes(fresh(40_000 * MiB, slow))).toBe(5 * MiB);
  });

  it("leaves no crumb for a request of its own", () => {
    const rest = fresh(5.5 * MiB, { bytesPerSecond: 100_000 });
    expect(nextPartSizeBytes(rest)).toBe(5.5 * MiB);
  });
});

describe("nextStreamPartSizeBytes", () => {
  it("grows so that 10,000 parts reach beyond 44 TiB, and begins small", () => {
    let sentBytes = 0;
    for (let part = 1; part <= MAX_PART_COUNT; part += 1) {
      const sizeBytes = nextStreamPartSizeBytes(sentBytes);
      if (part === 1) expect(sizeBytes).toBe(8 * MiB);
      expect(sizeBytes).toBeLessThanOrEqual(MAX_PART_SIZE_BYTES);
      sentBytes += sizeBytes;
    }
    expect(sentBytes).toBeGreaterThan(44 * 1024 ** 4);
    expect(sentBytes).toBeLessThanOrEqual(MAX_OBJECT_SIZE_BYTES);
  });

  it("never holds more in memory than a hundredth of what was sent, or the smallest part", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_OBJECT_SIZE_BYTES }), (sentBytes) => {
        const most = Math.max(8 * MiB, Math.ceil(sentBytes / 100));
        expect(nextStreamPartSizeBytes(sentBytes)).toBeLessThanOrEqual(most);
      }),
    );
  });
});
