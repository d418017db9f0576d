import type { ResultColumn } from "../run/column-table.ts";

/** Where columns are, in CSS pixels from the left edge of the first. */
export interface ColumnLayout {
  readonly widths: readonly number[];
  /** Left edges, and behind them the right edge of the last. */
  readonly edges: readonly number[];
}

/** Columns that are drawn. */
export interface ColumnWindow {
  readonly first: number;
  /** Behind the last one that is drawn. */
  readonly end: number;
}

const CHARACTER_PX = 7.4;
const PADDING_PX = 26;
const MIN_WIDTH_PX = 72;
const MAX_WIDTH_PX = 360;

/** Gives each column the room that its values need, within bounds. */
export function layOut(columns: readonly ResultColumn[]): ColumnLayout {
  const widths = columns.map(({ name, maxLength }) => {
    const wanted = Math.ceil(Math.max(name.length, maxLength) * CHARACTER_PX) + PADDING_PX;
    return Math.max(MIN_WIDTH_PX, Math.min(MAX_WIDTH_PX, wanted));
  });
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  return { widths, edges };
}

/** The columns that a window shows, one more at each side. */
export function columnWindow(
  { edges }: ColumnLayout,
  leftPx: number,
  widthPx: number,
): ColumnWindow {
  const count = edges.length - 1;
  let first = 0;
  while (first < count - 1 && (edges[first + 1] ?? 0) <= leftPx) first += 1;
  let end = first;
  while (end < count && (edges[end] ?? 0) < leftPx + widthPx) end += 1;
  return { first: Math.max(0, first - 1), end: Math.min(count, end + 1) };
}

/** Where the window has to stand so that a column is in it; `leftPx` where it is already. */
export function scrollLeftFor(
  { edges }: ColumnLayout,
  column: number,
  leftPx: number,
  widthPx: number,
): number {
  const start = edges[column] ?? 0;
  const end = edges[column + 1] ?? start;
  if (start < leftPx || end - start > widthPx) return start;
  return end > leftPx + widthPx ? end - widthPx : leftPx;
}
