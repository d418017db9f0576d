/**
 * Where a key leads among rows; `null`: it is no key that moves.
 * @param position from 0
 * @param count from 1
 */
export function rowMove(
  key: string,
  position: number,
  count: number,
  pageRows: number,
): number | null {
  const to = destination(key, position, count, pageRows);
  return to === null ? null : Math.max(0, Math.min(count - 1, to));
}

function destination(
  key: string,
  position: number,
  count: number,
  pageRows: number,
): number | null {
  switch (key) {
    case "ArrowUp":
      return position - 1;
    case "ArrowDown":
      return position + 1;
    case "PageUp":
      return position - pageRows;
    case "PageDown":
      return position + pageRows;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
