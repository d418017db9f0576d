import { cellOf, textOf, type Cell } from "./cell.ts";
import type { ResultColumn } from "./column-table.ts";
import { walkFields } from "./record-fields.ts";

/** Values of a row in the order of the columns; `null` where the record has no such field: MISSING. */
export type Row = readonly (Cell | null)[];

/** Reads rows of these columns. */
export type RowReader = (bytes: Uint8Array, start: number, end: number) => Row;

/** Makes what reads rows; a name that comes twice in the columns is met twice in a record. */
export function createRowReader(columns: readonly Pick<ResultColumn, "name">[]): RowReader {
  const indicesByName = new Map<string, number[]>();
  for (const [index, { name }] of columns.entries()) {
    indicesByName.set(name, [...(indicesByName.get(name) ?? []), index]);
  }
  return (bytes, start, end) => {
    const row: (Cell | null)[] = Array.from({ length: columns.length }, () => null);
    walkFields(bytes, start, end, (nameStart, nameEnd, valueStart, valueEnd) => {
      const name = textOf(bytes, nameStart - 1, nameEnd + 1);
      const index = indicesByName.get(name)?.find((at) => row[at] === null);
      if (index !== undefined) row[index] = cellOf(bytes, valueStart, valueEnd);
    });
    return row;
  };
}
