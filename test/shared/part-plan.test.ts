import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MAX_OBJECT_SIZE_BYTES,
  MAX_PART_COUNT,
  MAX_PART_SIZE_BYTES,
  MIN_PART_SIZE_BYTES,
} from "../../shared/limits.ts";
import {
  DEFAULT_PART_LIMITS,
  MULTIPART_THRESHOLD_BYTES,
  partRange,
  planParts,
} from "../../shared/part-plan.ts";

const MiB = 1024 * 1024;
/** Sizes of every magnitude, not only huge ones. */
const anySize = fc.oneof(
  fc.integer({ min: 0, max: 64 * MiB }),
  fc.maxSafeNat().map((nat) => nat % (MAX_OBJECT_SIZE_BYTES + 1)),
  fc.integer({ min: 0, max: 45 }).map((power) => Math.min(2 ** power, MAX_OBJECT_SIZE_BYTES)),
);

describe("planParts", () => {
  it.each([
    [0, "single"],
    [1, "single"],
    [MULTIPART_THRESHOLD_BYTES - 1, "single"],
    [MULTIPART_THRESHOLD_BYTES, "multipart"],
    [MULTIPART_THRESHOLD_BYTES + 1, "multipart"],
  ])("sends %d bytes as %s", (sizeBytes, kind) => {
    expect(planParts(sizeBytes).kind).toBe(kind);
  });

  it("makes exactly two parts of a file of twice the part size", () => {
    expect(planParts(16 * MiB)).toEqual({
      kind: "multipart",
      sizeBytes: 16 * MiB,
      partSizeBytes: 8 * MiB,
      partCount: 2,
    });
  });

  it("carries S3's largest object in 10,000 parts of 5 GiB", () => {
    expect(planParts(MAX_OBJECT_SIZE_BYTES)).toMatchObject({
      partSizeBytes: MAX_PART_SIZE_BYTES,
      partCount: MAX_PART_COUNT,
    });
  });

  it.each([-1, 0.5, Number.NaN, Infinity, MAX_OBJECT_SIZE_BYTES + 1])(
    "refuses %d bytes",
    (size) => {
      expect(() => planParts(size)).toThrow(RangeError);
    },
  );

  it("plans an empty file above a threshold of 0 as one part", () => {
    expect(planParts(0, { ...DEFAULT_PART_LIMITS, thresholdBytes: 0 })).toMatchObject({
      partCount: 1,
    });
  });

  it("keeps S3's limits and tiles the file exactly, whatever its size", () => {
    fc.assert(
      fc.property(anySize, (sizeBytes) => {
        const plan = planParts(sizeBytes);
        if (plan.kind === "single") return sizeBytes < MULTIPART_THRESHOLD_BYTES;
        const last = partRange(plan, plan.partCount);
        return (
          plan.partCount <= MAX_PART_COUNT &&
          plan.partSizeBytes >= MIN_PART_SIZE_BYTES &&
          plan.partSizeBytes <= MAX_PART_SIZE_BYTES &&
          last.end === sizeBytes &&
          last.start < last.end &&
          last.end - last.start <= plan.partSizeBytes
        );
      }),
    );
  });

  it("starts each part where the one before it ends", () => {
    fc.assert(
      fc.property(anySize, fc.double({ min: 0, max: 1, noNaN: true }), (sizeBytes, at) => {
        const plan = planParts(Math.max(sizeBytes, MULTIPART_THRESHOLD_BYTES));
        if (plan.kind === "single") return false;
        const partNumber = 2 + Math.floor(at * (plan.partCount - 2));
        const { start } = partRange(plan, partNumber);
        return start === partRange(plan, partNumber - 1).end && partRange(plan, 1).start === 0;
      }),
    );
  });
});

describe("partRange", () => {
  const plan = { sizeBytes: 25, partSizeBytes: 10, partCount: 3 };

  it("gives the last part what is left", () => {
    expect(partRange(plan, 3)).toEqual({ start: 20, end: 25 });
  });

  it.each([0, 4, -1, 1.5])("knows no part %d", (partNumber) => {
    expect(() => partRange(plan, partNumber)).toThrow(RangeError);
  });
});
