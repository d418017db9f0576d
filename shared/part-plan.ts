import {
  MAX_OBJECT_SIZE_BYTES,
  MAX_PART_COUNT,
  MAX_PART_SIZE_BYTES,
  MIN_PART_SIZE_BYTES,
} from "./limits.ts";
import type { ByteRange } from "./byte-range.ts";

const MiB = 1024 * 1024;

/** Files of this size and more go up in parts, in bytes. */
export const MULTIPART_THRESHOLD_BYTES = 16 * MiB;

/** Files below this go up as forms where the storage takes them, in bytes: a form needs no preflight of its own. */
export const FORM_POST_THRESHOLD_BYTES = MiB;

/** Parts start at this size, in bytes: about 8 MiB did best on real lines. */
const PREFERRED_PART_SIZE_BYTES = 8 * MiB;

/** Above 1,000 parts, signing and listing cost more than larger parts do. */
const PREFERRED_PART_COUNT = 1000;

/** Bounds that a plan has to keep; S3's own unless a store or a test says otherwise. */
export interface PartLimits {
  readonly minPartSizeBytes: number;
  readonly maxPartSizeBytes: number;
  readonly maxPartCount: number;
  readonly thresholdBytes: number;
}

/** S3's limits and our threshold. */
export const DEFAULT_PART_LIMITS: PartLimits = {
  minPartSizeBytes: MIN_PART_SIZE_BYTES,
  maxPartSizeBytes: MAX_PART_SIZE_BYTES,
  maxPartCount: MAX_PART_COUNT,
  thresholdBytes: MULTIPART_THRESHOLD_BYTES,
};

/** How one file goes up: in one request, or as `partCount` parts of equal size but for the last. */
export type PartPlan =
  | { readonly kind: "single"; readonly sizeBytes: number }
  | {
      readonly kind: "multipart";
      readonly sizeBytes: number;
      readonly partSizeBytes: number;
      readonly partCount: number;
    };

/**
 * Plans the parts of a file of `sizeBytes` (0 to 10,000 × 5 GiB).
 * @throws RangeError where the size is no whole number in those bounds, or the limits contradict each other
 */
export function planParts(sizeBytes: number, limits: PartLimits = DEFAULT_PART_LIMITS): PartPlan {
  const largest = Math.min(MAX_OBJECT_SIZE_BYTES, limits.maxPartCount * limits.maxPartSizeBytes);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > largest) {
    throw new RangeError(`A file of ${sizeBytes} bytes is outside 0 to ${largest}`);
  }
  if (sizeBytes < limits.thresholdBytes) return { kind: "single", sizeBytes };
  const partSizeBytes = partSizeFor(sizeBytes, limits);
  return {
    kind: "multipart",
    sizeBytes,
    partSizeBytes,
    // An empty file above a threshold of 0 still needs its one (empty) part.
    partCount: Math.max(1, Math.ceil(sizeBytes / partSizeBytes)),
  };
}

/**
 * The bytes of one part.
 * @param partNumber from 1 to `plan.partCount`
 * @throws RangeError for a part that the plan does not have
 */
export function partRange(
  plan: { readonly sizeBytes: number; readonly partSizeBytes: number; readonly partCount: number },
  partNumber: number,
): ByteRange {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > plan.partCount) {
    throw new RangeError(`Part ${partNumber} is outside 1 to ${plan.partCount}`);
  }
  const start = (partNumber - 1) * plan.partSizeBytes;
  return { start, end: Math.min(start + plan.partSizeBytes, plan.sizeBytes) };
}

function partSizeFor(sizeBytes: number, limits: PartLimits): number {
  const needed = Math.ceil(sizeBytes / limits.maxPartCount);
  const preferred = Math.max(
    PREFERRED_PART_SIZE_BYTES,
    Math.ceil(sizeBytes / PREFERRED_PART_COUNT),
  );
  const rounded = Math.ceil(preferred / MiB) * MiB;
  const bounded = Math.min(Math.max(rounded, limits.minPartSizeBytes), limits.maxPartSizeBytes);
  return Math.max(bounded, needed);
}
