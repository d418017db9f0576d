import {
  MAX_PART_COUNT,
  MAX_PART_SIZE_BYTES,
  MIN_PART_SIZE_BYTES,
} from "../../../shared/limits.ts";

const MiB = 1024 * 1024;

/** What is known when a part is cut. */
export interface Cutting {
  /** Bytes of this file that belong to no part yet. */
  readonly unassignedBytes: number;
  /** Bytes of its parts under way that have not left. */
  readonly aheadBytes: number;
  readonly nextPartNumber: number;
  /** Connections that this file can count on, at least 1. */
  readonly share: number;
  /** What one connection moves; null before anything was measured. */
  readonly bytesPerSecond: number | null;
  /** Connections are about equally fast. */
  readonly isEven: boolean;
}

/** A part that breaks costs at most about this much of one connection's time, in seconds. */
const LONGEST_PART_SECONDS = 15;

/** The same before anything was measured: what turns out too large is taken back in time. */
const UNMEASURED_PART_BYTES = 64 * MiB;

/**
 * Shares up to this go up in one request each even before anything was measured, in bytes: what the
 * connections differ in is then less than a second request would cost.
 */
const ONE_WAVE_BYTES = 16 * MiB;

/** Progress, checksums and second thoughts go by parts; in bytes. */
const LARGEST_PART_BYTES = 128 * MiB;

/** While nobody knows how unequal connections are, half is kept back to even them out at the end. */
const CAUTION = 0.5;

/** A rest below this is not worth a request of its own, in bytes. */
const SMALLEST_REST_BYTES = MiB;

/**
 * The size of the next part, in bytes: every connection gets an equal share of what is left, so
 * that all end together, and as few requests as that allows, because each costs a preflight and an
 * answer to wait for. Never above what the storage takes, never so small that the last part number
 * comes before the last byte.
 */
export function nextPartSizeBytes(cutting: Cutting): number {
  const { unassignedBytes, aheadBytes, nextPartNumber, share } = cutting;
  const numbersLeft = Math.max(1, MAX_PART_COUNT - nextPartNumber + 1);
  const needed = Math.ceil(unassignedBytes / numbersLeft);
  const least = Math.max(MIN_PART_SIZE_BYTES, needed);
  const equalShare = (unassignedBytes + aheadBytes) / share;
  const isUnmeasured = cutting.bytesPerSecond === null;
  const isOneWave = cutting.isEven || (isUnmeasured && equalShare <= ONE_WAVE_BYTES);
  const wanted = share <= 1 ? unassignedBytes : Math.ceil(equalShare * (isOneWave ? 1 : CAUTION));
  const most = Math.max(least, mostBytes(cutting.bytesPerSecond));
  const sizeBytes = Math.min(Math.max(wanted, least), most, MAX_PART_SIZE_BYTES);
  const restBytes = unassignedBytes - sizeBytes;
  return restBytes < SMALLEST_REST_BYTES && unassignedBytes <= MAX_PART_SIZE_BYTES
    ? unassignedBytes
    : sizeBytes;
}

/** Whether a file that can count on `share` connections would become a single part. */
export function fitsOnePart(
  sizeBytes: number,
  share: number,
  bytesPerSecond: number | null,
): boolean {
  return share <= 1 && sizeBytes <= mostBytes(bytesPerSecond);
}

function mostBytes(bytesPerSecond: number | null): number {
  if (bytesPerSecond === null) return UNMEASURED_PART_BYTES;
  return Math.min(LARGEST_PART_BYTES, Math.floor(bytesPerSecond * LONGEST_PART_SECONDS));
}

/** Parts of a stream begin at this size, in bytes. */
const STREAM_PART_BYTES = 8 * MiB;

/** A part of a stream is held in memory until the storage has it: a hundredth of all that came before. */
const STREAM_GROWTH = 100;

/**
 * The size of the next part of a stream whose length nobody knows, in bytes. They grow with what was
 * sent, so that 10,000 of them reach beyond 44 TiB.
 */
export function nextStreamPartSizeBytes(sentBytes: number): number {
  const grown = Math.ceil(sentBytes / STREAM_GROWTH);
  return Math.min(Math.max(STREAM_PART_BYTES, grown), MAX_PART_SIZE_BYTES);
}
