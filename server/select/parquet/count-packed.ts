import { damaged } from "./fault.ts";
import { bitsAt, eachRun, type Encoded } from "./hybrid.ts";

/** A place that a dictionary does not have: other than all sums of truths, it has a bit of its own. */
const OUTSIDE = 64;

/** Most bits of which two numbers have a byte. */
const MAX_PAIR_WIDTH = 4;

/**
 * Adds up what a table says of numbers, without decoding those that have few bits: two of them are looked up at once.
 * @param table 0 or 1 for each number
 * @returns null for numbers of more bits than that
 * @throws SelectError `ParquetParsingError` for numbers that the table does not have
 */
export function countPacked(
  encoded: Encoded,
  width: number,
  count: number,
  table: Uint8Array,
): number | null {
  if (width > MAX_PAIR_WIDTH) return null;
  const { bytes } = encoded;
  const pairs = pairsOf(table, width);
  let sum = 0;
  let all = 0;
  eachRun(encoded, width, count, {
    run(value, times) {
      const each = table[value] ?? OUTSIDE;
      all |= each;
      sum += each * times;
    },
    packed(start, times) {
      const mask = pairs.length - 1;
      const eights = times >> 3;
      let at = start;
      for (let index = 0; index < eights; index += 1) {
        const word = wordAt(bytes, at, width);
        const first = pairs[word & mask] ?? OUTSIDE;
        const second = pairs[(word >>> (2 * width)) & mask] ?? OUTSIDE;
        const third = pairs[(word >>> (4 * width)) & mask] ?? OUTSIDE;
        const fourth = pairs[(word >>> (6 * width)) & mask] ?? OUTSIDE;
        sum += first + second + third + fourth;
        all |= first | second | third | fourth;
        at += width;
      }
      for (let index = eights * 8; index < times; index += 1) {
        const each = table[bitsAt(bytes, start * 8 + index * width, width)] ?? OUTSIDE;
        all |= each;
        sum += each;
      }
    },
  });
  if ((all & OUTSIDE) === 0) return sum;
  throw damaged(`a dictionary has ${table.length} values, and no more`);
}

/** What the table says of every two numbers together. */
function pairsOf(table: Uint8Array, width: number): Uint8Array {
  const size = 1 << width;
  const pairs = new Uint8Array(size * size);
  for (let index = 0; index < pairs.length; index += 1) {
    const first = table[index % size] ?? OUTSIDE;
    const second = table[index >> width] ?? OUTSIDE;
    const isOutside = ((first | second) & OUTSIDE) !== 0;
    pairs[index] = isOutside ? OUTSIDE : first + second;
  }
  return pairs;
}

/** Eight numbers. */
function wordAt(bytes: Uint8Array, at: number, width: number): number {
  let word = bytes[at] ?? 0;
  if (width > 1) word |= (bytes[at + 1] ?? 0) << 8;
  if (width > 2) word |= (bytes[at + 2] ?? 0) << 16;
  if (width > 3) word |= (bytes[at + 3] ?? 0) << 24;
  return word;
}
