import type { FlatPage } from "./flat-column.ts";
import type { RawRange } from "./raw-range.ts";
import { rowAt, type RowSpan } from "./row-set.ts";
import type { PlainVector } from "./vector.ts";

type Numbers = Float64Array | Float32Array | Int32Array;

/**
 * Keeps the rows whose number lies in a range.
 * @param kept where they are written, from `from` on
 * @returns how many there are in it then
 */
export function keepWithin(
  range: RawRange,
  page: FlatPage,
  vector: Exclude<PlainVector, { kind: "bytes" | "bool" }>,
  span: RowSpan,
  kept: Int32Array,
  from: number,
): number {
  const numbers = vector.kind === "int64" ? doublesOf(vector.halves) : vector.values;
  const { set, from: first, to } = span;
  // The common case has a loop of its own: all rows of a page, none of them NULL.
  if (set.rows === null && page.slots === null) {
    const start = set.first + first - page.firstRow;
    return keepAll(range, numbers, start, start + to - first, page.firstRow, kept, from);
  }
  return keepSome(range, numbers, page, span, kept, from);
}

function keepAll(
  { low, high, hasNaN }: RawRange,
  numbers: Numbers,
  start: number,
  end: number,
  firstRow: number,
  kept: Int32Array,
  from: number,
): number {
  let count = from;
  if (hasNaN) {
    for (let index = start; index < end; index += 1) {
      if (!((numbers[index] ?? 0) < low)) kept[count++] = firstRow + index;
    }
    return count;
  }
  for (let index = start; index < end; index += 1) {
    const value = numbers[index] ?? 0;
    if (value >= low && value <= high) kept[count++] = firstRow + index;
  }
  return count;
}

function keepSome(
  { low, high, hasNaN }: RawRange,
  numbers: Numbers,
  { slots, firstRow }: FlatPage,
  { set, from: first, to }: RowSpan,
  kept: Int32Array,
  from: number,
): number {
  let count = from;
  for (let index = first; index < to; index += 1) {
    const row = rowAt(set, index);
    const slot = slots === null ? row - firstRow : (slots[row - firstRow] ?? -1);
    if (slot < 0) continue;
    const value = numbers[slot] ?? 0;
    if ((value >= low && value <= high) || (hasNaN && value !== value)) kept[count++] = row;
  }
  return count;
}

/** Integers of 64 bits as floats: rounded where they are large, which leaves them on their side of any bound. */
function doublesOf(halves: Int32Array): Float64Array {
  const doubles = new Float64Array(halves.length / 2);
  for (let index = 0; index < doubles.length; index += 1) {
    doubles[index] = (halves[index * 2 + 1] ?? 0) * 0x100000000 + ((halves[index * 2] ?? 0) >>> 0);
  }
  return doubles;
}
