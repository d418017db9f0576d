import type { ResultStore } from "../run/result-store.ts";
import type { Row, RowReader } from "../run/row-reader.ts";

/** A row with its number, from 0. */
export interface ShownRow {
  readonly index: number;
  readonly cells: Row;
}

/** The rows from `first` to `end`, exclusive. */
export type RowSource = (first: number, end: number) => readonly ShownRow[];

/** Reads rows and keeps those of the last look, so that what stays in sight is read once. */
export function createRowSource(rows: ResultStore, read: RowReader): RowSource {
  let kept = new Map<number, ShownRow>();
  return (first, end) => {
    const shown = new Map<number, ShownRow>();
    for (let index = first; index < end; index += 1) {
      const row = kept.get(index) ?? readRow(rows, read, index);
      if (row) shown.set(index, row);
    }
    kept = shown;
    return [...shown.values()];
  };
}

function readRow(rows: ResultStore, read: RowReader, index: number): ShownRow | null {
  const record = rows.record(index);
  return record && { index, cells: read(record.bytes, record.start, record.end) };
}
