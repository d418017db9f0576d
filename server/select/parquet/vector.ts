import type { Counts, Encoded } from "./hybrid.ts";

/** The values of a page as they lie in memory, NULLs left out. */
export type Vector =
  | { readonly kind: "bool"; readonly values: Uint8Array }
  | { readonly kind: "int32"; readonly values: Int32Array }
  /** Low and high half of each by turns. */
  | { readonly kind: "int64"; readonly halves: Int32Array }
  | { readonly kind: "float32"; readonly values: Float32Array }
  | { readonly kind: "float64"; readonly values: Float64Array }
  | ByteVector
  | DictionaryVector;

/** Values that are entries of a dictionary. */
export interface DictionaryVector {
  readonly kind: "dictionary";
  readonly entries: PlainVector;
  readonly count: number;
  /** The places of the entries, as they are written in so many bits. */
  readonly encoded: Encoded;
  readonly width: number;
  /** The same, decoded once; they may lie beyond the entries: whoever looks one up has to look. */
  places(): Counts;
}

/** Runs of bytes within others. */
export interface ByteVector {
  readonly kind: "bytes";
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly runs: Runs;
}

/** Where runs of bytes are; ends are exclusive. */
export interface Runs {
  /** @throws SelectError `ParquetParsingError` for one that lies outside, as `end` does */
  start(index: number): number;
  end(index: number): number;
}

/** Values that stand for themselves. */
export type PlainVector = Exclude<Vector, { kind: "dictionary" }>;

/** How many values there are. */
export function lengthOf(vector: Vector): number {
  switch (vector.kind) {
    case "int64":
      return vector.halves.length / 2;
    case "bytes":
    case "dictionary":
      return vector.count;
    default:
      return vector.values.length;
  }
}
