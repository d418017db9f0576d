/** A place in a table, both from 0. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** How large a table is, and how many of its rows a window shows. */
export interface TableSize {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly pageRows: number;
}

/**
 * Where a key leads from a cell; `null` where it is none that moves.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */
export function moveBy(
  key: string,
  isControl: boolean,
  from: CellPlace,
  { rowCount, columnCount, pageRows }: TableSize,
): CellPlace | null {
  const lastRow = Math.max(0, rowCount - 1);
  const lastColumn = Math.max(0, columnCount - 1);
  const toRow = (row: number) => ({ ...from, row: Math.max(0, Math.min(lastRow, row)) });
  const toColumn = (column: number) => ({
    ...from,
    column: Math.max(0, Math.min(lastColumn, column)),
  });
  switch (key) {
    case "ArrowDown":
      return isControl ? toRow(lastRow) : toRow(from.row + 1);
    case "ArrowUp":
      return isControl ? toRow(0) : toRow(from.row - 1);
    case "ArrowRight":
      return isControl ? toColumn(lastColumn) : toColumn(from.column + 1);
    case "ArrowLeft":
      return isControl ? toColumn(0) : toColumn(from.column - 1);
    case "PageDown":
      return toRow(from.row + pageRows);
    case "PageUp":
      return toRow(from.row - pageRows);
    case "Home":
      return isControl ? { row: 0, column: 0 } : toColumn(0);
    case "End":
      return isControl ? { row: lastRow, column: lastColumn } : toColumn(lastColumn);
    default:
      return null;
  }
}
