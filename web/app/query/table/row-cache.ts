import type { ResultStore } from "../run/result-store.ts";
import type { Row, RowReader } from "../run/row-reader.ts";

/** A row with its number, from 0. */
export interface ShownRow {
  readonly index: number;
  /** Which of the rows on the screen it is: one that comes into sight takes over what one that left was drawn with. */
  readonly slot: number;
  readonly cells: Row;
}

/** The rows from `first` to `end`, exclusive. */
export type RowSource = (first: number, end: number) => readonly ShownRow[];

/**
 * Reads rows and keeps those of the last look, so that what stays in sight is read once. After a leap the slots
 * stand in their old order, so that nothing on the screen has to change its place.
 */
export function createRowSource(rows: ResultStore, read: RowReader): RowSource {
  let kept: readonly ShownRow[] = [];
  let slotCount = 0;
  return (first, end) => {
    const isInSight = ({ index }: ShownRow) => index >= first && index < end;
    const keptByIndex = new Map(kept.filter(isInSight).map((row) => [row.index, row]));
    const free = kept.filter((row) => !isInSight(row)).map(({ slot }) => slot);
    const shown: ShownRow[] = [];
    for (let index = first; index < end; index += 1) {
      const row = keptByIndex.get(index);
      const record = row ? null : rows.record(index);
      if (row) shown.push(row);
      if (!record) continue;
      const slot = free.shift() ?? slotCount++;
      shown.push({ index, slot, cells: read(record.bytes, record.start, record.end) });
    }
    kept = shown;
    return shown;
  };
}
