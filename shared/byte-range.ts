/** A half-open range of bytes: `start` inclusive, `end` exclusive, both from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
