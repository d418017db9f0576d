/** Rows of a row group, in order: those that are listed, or all from the first on. */
export interface RowSet {
  readonly count: number;
  readonly first: number;
  /** Null where the rows follow one another. */
  readonly rows: Int32Array | null;
}

/** Rows of a set from one of its places to another, the end exclusive. */
export interface RowSpan {
  readonly set: RowSet;
  readonly from: number;
  readonly to: number;
}

export function rowAt({ rows, first }: RowSet, index: number): number {
  return rows === null ? first + index : (rows[index] ?? 0);
}

/** The place of the first row that is not before the given one. */
export function placeOf({ rows, first, count }: RowSet, row: number): number {
  if (rows === null) return Math.min(count, Math.max(0, row - first));
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether any row lies between two, the end exclusive. */
export function hasRowWithin(set: RowSet, start: number, end: number): boolean {
  const place = placeOf(set, start);
  return place < set.count && rowAt(set, place) < end;
}
