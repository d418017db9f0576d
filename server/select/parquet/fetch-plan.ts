import type { ByteRange } from "../../../shared/byte-range.ts";

/** A round trip costs more than so many bytes that nobody asked for. */
const MAX_GAP_BYTES = 16 * 1024;

/** Ranges that are fetched in one. */
export interface Fetch {
  readonly range: ByteRange;
  readonly parts: readonly ByteRange[];
}

/** Joins ranges that lie next to each other; in the order of the object. */
export function planFetches(ranges: readonly ByteRange[]): readonly Fetch[] {
  const fetches: { range: ByteRange; parts: ByteRange[] }[] = [];
  for (const part of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = fetches.at(-1);
    if (last && part.start - last.range.end <= MAX_GAP_BYTES) {
      last.range = { start: last.range.start, end: Math.max(last.range.end, part.end) };
      last.parts.push(part);
    } else fetches.push({ range: part, parts: [part] });
  }
  return fetches;
}

/** Bytes of one row group that are held at a time, all columns together. */
export const HELD_BYTES = 16 * 1024 * 1024;

const LEAST_WINDOW_BYTES = 16 * 1024;
const MOST_WINDOW_BYTES = 4 * 1024 * 1024;

/** As much of each of some columns is fetched at once, in bytes. */
export function windowBytesFor(columnCount: number): number {
  const share = Math.floor(HELD_BYTES / Math.max(1, columnCount));
  return Math.max(LEAST_WINDOW_BYTES, Math.min(MOST_WINDOW_BYTES, share));
}
