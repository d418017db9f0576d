import type { RecordBatch } from "./record-collector.ts";

/** Records as they came, compactly: their bytes, and where each ends. */
export interface StoredBatch extends RecordBatch {
  /** Records before this batch. */
  readonly firstRow: number;
}

/** The bytes of one record. */
export interface StoredRecord {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The records of an answer. */
export interface ResultStore {
  readonly rowCount: number;
  /** All batches so far, in order. */
  readonly batches: readonly StoredBatch[];
  add(batch: RecordBatch): void;
  /** `null` where there is no such row; counted from 0. */
  record(row: number): StoredRecord | null;
}

export function createResultStore(): ResultStore {
  const batches: StoredBatch[] = [];
  let rowCount = 0;
  return {
    get rowCount() {
      return rowCount;
    },
    batches,
    add(batch) {
      batches.push({ ...batch, firstRow: rowCount });
      rowCount += batch.ends.length;
    },
    record(row) {
      if (row < 0 || row >= rowCount) return null;
      const batch = batches[batchIndexOf(batches, row)];
      return batch ? recordAt(batch, row - batch.firstRow) : null;
    },
  };
}

/** A record of a batch, by its number in there. */
function recordAt({ bytes, ends }: RecordBatch, index: number): StoredRecord {
  const before = index === 0 ? -1 : (ends[index - 1] ?? -1);
  return { bytes, start: before + 1, end: ends[index] ?? bytes.length };
}

/** The last batch that begins at a row or before it. */
function batchIndexOf(batches: readonly StoredBatch[], row: number): number {
  let low = 0;
  let high = batches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((batches[middle]?.firstRow ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
