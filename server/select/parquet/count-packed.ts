import { damaged } from "./fault.ts";
import { bitsAt, eachRun, type Encoded } from "./hybrid.ts";

/** A place that a dictionary does not have: other than all sums of truths, it has a bit of its own. */
const OUTSIDE = 64;

/** Most bits of numbers of which a few are looked up at once. */
const MAX_GROUPED_WIDTH = 4;

/** Most bits of four numbers that are looked up at once: a table of more is not at hand soon enough. */
const MAX_FOUR_BITS = 12;

/** Tables pay only where there are so many times as many numbers as entries. */
const NUMBERS_PER_ENTRY = 8;

/**
 * Adds up what a table says of numbers, without decoding those that have few bits: some of them are looked up at once.
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
  if (width > MAX_GROUPED_WIDTH) return null;
  const { bytes } = encoded;
  const isByFours = width * 4 <= MAX_FOUR_BITS && count >= NUMBERS_PER_ENTRY << (width * 4);
  const pairs = twosOf(table, 1 << width);
  const groups = isByFours ? twosOf(pairs, pairs.length) : pairs;
  let sum = 0;
  let all = 0;
  eachRun(encoded, width, count, {
    run(value, times) {
      const each = table[value] ?? OUTSIDE;
      all |= each;
      sum += each * times;
    },
    packed(start, times) {
      const eights = times >> 3;
      const add = isByFours ? addFours : addPairs;
      const added = add(groups, bytes, start, eights, width);
      all |= added < 0 ? OUTSIDE : 0;
      sum += added;
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

/** What a table says of every two numbers together, each of which is less than `size`. */
function twosOf(table: Uint8Array, size: number): Uint8Array {
  const twos = new Uint8Array(size * size);
  // Hardly any two rows differ.
  const rows = new Map<number, Uint8Array>();
  for (let second = 0; second < size; second += 1) {
    const other = table[second] ?? OUTSIDE;
    const row = rows.get(other) ?? rowOf(table, size, other);
    rows.set(other, row);
    twos.set(row, second * size);
  }
  return twos;
}

function rowOf(table: Uint8Array, size: number, other: number): Uint8Array {
  const row = new Uint8Array(size);
  for (let first = 0; first < size; first += 1) {
    const one = table[first] ?? OUTSIDE;
    row[first] = ((one | other) & OUTSIDE) === 0 ? one + other : OUTSIDE;
  }
  return row;
}

/** What is said of numbers, eight of which are two groups; negative where any lies outside. */
function addFours(
  fours: Uint8Array,
  bytes: Uint8Array,
  start: number,
  eights: number,
  width: number,
): number {
  const mask = fours.length - 1;
  let sum = 0;
  let all = 0;
  for (let index = 0, at = start; index < eights; index += 1, at += width) {
    const word = wordAt(bytes, at, width);
    const first = fours[word & mask] ?? OUTSIDE;
    const second = fours[(word >>> (4 * width)) & mask] ?? OUTSIDE;
    sum += first + second;
    all |= first | second;
  }
  return (all & OUTSIDE) === 0 ? sum : -1;
}

/** The same where they are four. */
function addPairs(
  pairs: Uint8Array,
  bytes: Uint8Array,
  start: number,
  eights: number,
  width: number,
): number {
  const mask = pairs.length - 1;
  let sum = 0;
  let all = 0;
  for (let index = 0, at = start; index < eights; index += 1, at += width) {
    const word = wordAt(bytes, at, width);
    const first = pairs[word & mask] ?? OUTSIDE;
    const second = pairs[(word >>> (2 * width)) & mask] ?? OUTSIDE;
    const third = pairs[(word >>> (4 * width)) & mask] ?? OUTSIDE;
    const fourth = pairs[(word >>> (6 * width)) & mask] ?? OUTSIDE;
    sum += first + second + third + fourth;
    all |= first | second | third | fourth;
  }
  return (all & OUTSIDE) === 0 ? sum : -1;
}

/** Eight numbers. */
function wordAt(bytes: Uint8Array, at: number, width: number): number {
  let word = bytes[at] ?? 0;
  if (width > 1) word |= (bytes[at + 1] ?? 0) << 8;
  if (width > 2) word |= (bytes[at + 2] ?? 0) << 16;
  if (width > 3) word |= (bytes[at + 3] ?? 0) << 24;
  return word;
}
