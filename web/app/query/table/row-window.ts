/** Height of a row, in CSS pixels. */
export const ROW_HEIGHT_PX = 32;

/** Rows that are drawn beyond the edges, so that a slow frame shows no gap. */
const OVERSCAN_ROWS = 8;

/**
 * Tallest an element is made, in CSS pixels: beyond 17.8 million Firefox draws nothing, and Chromium beyond 33.5.
 * That is why no library that gives each row its own height in the document serves here.
 */
const MAX_HEIGHT_PX = 16_000_000;

/** What of a long table is to be drawn, and where. */
export interface RowWindow {
  /** The first row that is drawn, from 0. */
  readonly first: number;
  /** Behind the last row that is drawn. */
  readonly end: number;
  /** Where the first row that is drawn begins, in pixels from the top of all rows. */
  readonly topPx: number;
}

/** How tall all rows are taken to be: beyond the limit a pixel of the scroll bar is more than a pixel of the table. */
export function contentHeight(rowCount: number, rowHeightPx = ROW_HEIGHT_PX): number {
  return Math.min(MAX_HEIGHT_PX, rowCount * rowHeightPx);
}

/**
 * The rows that a window onto them shows.
 * @param scrollTopPx of the window
 * @param viewHeightPx of the window
 */
export function rowWindow(
  rowCount: number,
  scrollTopPx: number,
  viewHeightPx: number,
  rowHeightPx = ROW_HEIGHT_PX,
): RowWindow {
  const offsetPx = offsetOf(rowCount, scrollTopPx, viewHeightPx, rowHeightPx);
  const first = clamp(Math.floor(offsetPx / rowHeightPx) - OVERSCAN_ROWS, 0, rowCount);
  const shown = Math.ceil(viewHeightPx / rowHeightPx) + 2 * OVERSCAN_ROWS + 1;
  const end = Math.min(rowCount, first + shown);
  return { first, end, topPx: scrollTopPx + first * rowHeightPx - offsetPx };
}

/** Where the window has to stand so that a row is in it whole; `scrollTopPx` where it is already. */
export function scrollTopFor(
  row: number,
  rowCount: number,
  scrollTopPx: number,
  viewHeightPx: number,
  rowHeightPx = ROW_HEIGHT_PX,
): number {
  const offsetPx = offsetOf(rowCount, scrollTopPx, viewHeightPx, rowHeightPx);
  const topPx = row * rowHeightPx;
  const bottomPx = topPx + rowHeightPx;
  if (topPx >= offsetPx && bottomPx <= offsetPx + viewHeightPx) return scrollTopPx;
  const wantedPx = topPx < offsetPx ? topPx : bottomPx - viewHeightPx;
  return wantedPx / scaleOf(rowCount, viewHeightPx, rowHeightPx);
}

/** Pixels of the table for each pixel of the scroll bar, 1 but for tables that are too tall. */
function scaleOf(rowCount: number, viewHeightPx: number, rowHeightPx: number): number {
  const scrolledPx = contentHeight(rowCount, rowHeightPx) - viewHeightPx;
  return scrolledPx <= 0 ? 1 : (rowCount * rowHeightPx - viewHeightPx) / scrolledPx;
}

/** How far down the table its window is, in its own pixels. */
function offsetOf(
  rowCount: number,
  scrollTopPx: number,
  viewHeightPx: number,
  rowHeightPx: number,
): number {
  const mostPx = Math.max(0, rowCount * rowHeightPx - viewHeightPx);
  return clamp(scrollTopPx * scaleOf(rowCount, viewHeightPx, rowHeightPx), 0, mostPx);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
