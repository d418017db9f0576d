import { damaged } from "./fault.ts";

/** What levels and places in a dictionary are decoded into. */
export type Counts = Uint8Array | Uint16Array | Int32Array;

/** A part of some bytes that is decoded. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What takes the parts of such numbers, in order. */
export interface TakeRuns {
  /** The same number, `count` times. */
  run(value: number, count: number): void;
  /** Numbers of which each has its own bits, the first at the byte `at`; there are enough bytes for all. */
  packed(at: number, count: number): void;
}

/**
 * Goes through numbers that are written as runs and as packed bits by turns, until there were `count`.
 * @param width bits of a number, 0 to 32
 * @throws SelectError `ParquetParsingError` where there are fewer numbers than that
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function eachRun(
  { bytes, start, end }: Encoded,
  width: number,
  count: number,
  take: TakeRuns,
): void {
  if (width > 32) throw damaged(`a page has numbers of ${width} bits`);
  const runBytes = (width + 7) >> 3;
  let at = start;
  for (let left = count; left > 0;) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = at < end && shift < 35 ? (bytes[at] ?? 0) : endless();
      at += 1;
      header = (header | ((byte & 127) << shift)) >>> 0;
      if (byte < 128) break;
    }
    const isRun = (header & 1) === 0;
    const taken = Math.min(left, isRun ? header >>> 1 : (header >>> 1) * 8);
    if (at + (isRun ? runBytes : Math.ceil((taken * width) / 8)) > end) endless();
    if (isRun) take.run(littleEndian(bytes, at, runBytes), taken);
    else take.packed(at, taken);
    at += isRun ? runBytes : (header >>> 1) * width;
    left -= taken;
  }
}

/** Decodes such numbers until `output` is full. @throws SelectError as `eachRun` does */
export function decodeHybrid(encoded: Encoded, width: number, output: Counts): void {
  let filled = 0;
  eachRun(encoded, width, output.length, {
    run(value, count) {
      output.fill(value, filled, filled + count);
      filled += count;
    },
    packed(at, count) {
      unpack(encoded.bytes, at, width, output, filled, count);
      filled += count;
    },
  });
}

/** The number that a single run says for all of `count`; null where they are written otherwise. */
export function constantOf(
  { bytes, start, end }: Encoded,
  width: number,
  count: number,
): number | null {
  let header = 0;
  let at = start;
  for (let shift = 0; shift < 35 && at < end; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    header = (header | ((byte & 127) << shift)) >>> 0;
    if (byte < 128) break;
  }
  const runBytes = (width + 7) >> 3;
  const isRun = (header & 1) === 0 && header >>> 1 >= count && at + runBytes <= end;
  return isRun ? littleEndian(bytes, at, runBytes) : null;
}

/** Bits that numbers up to the given one take. */
export function widthOf(max: number): number {
  return 32 - Math.clz32(max);
}

function endless(): never {
  throw damaged("a page has fewer values than it says");
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) value |= (bytes[at + index] ?? 0) << (8 * index);
  return value;
}

/** Most bits of which a few may wait in 32 while the next byte comes. */
const MAX_EASY_WIDTH = 24;

function unpack(
  bytes: Uint8Array,
  start: number,
  width: number,
  output: Counts,
  from: number,
  count: number,
): void {
  if (width === 0) output.fill(0, from, from + count);
  else if (width <= 4) unpackEights(bytes, start, width, output, from, count);
  else if (width <= MAX_EASY_WIDTH) unpackEasy(bytes, start, width, output, from, count);
  else {
    for (let index = 0; index < count; index += 1) {
      output[from + index] = bitsAt(bytes, start * 8 + index * width, width);
    }
  }
}

/** Eight numbers of up to four bits lie in one word. */
function unpackEights(
  bytes: Uint8Array,
  start: number,
  width: number,
  output: Counts,
  from: number,
  count: number,
): void {
  const mask = (1 << width) - 1;
  const whole = from + (count & ~7);
  let at = start;
  let index = from;
  for (; index < whole; index += 8) {
    let word = bytes[at] ?? 0;
    if (width > 1) word |= (bytes[at + 1] ?? 0) << 8;
    if (width > 2) word |= (bytes[at + 2] ?? 0) << 16;
    if (width > 3) word |= (bytes[at + 3] ?? 0) << 24;
    at += width;
    output[index] = word & mask;
    output[index + 1] = (word >>> width) & mask;
    output[index + 2] = (word >>> (2 * width)) & mask;
    output[index + 3] = (word >>> (3 * width)) & mask;
    output[index + 4] = (word >>> (4 * width)) & mask;
    output[index + 5] = (word >>> (5 * width)) & mask;
    output[index + 6] = (word >>> (6 * width)) & mask;
    output[index + 7] = (word >>> (7 * width)) & mask;
  }
  unpackEasy(bytes, at, width, output, index, from + count - index);
}

function unpackEasy(
  bytes: Uint8Array,
  start: number,
  width: number,
  output: Counts,
  from: number,
  count: number,
): void {
  const mask = (1 << width) - 1;
  const end = from + count;
  let at = start;
  let word = 0;
  let bits = 0;
  for (let index = from; index < end; index += 1) {
    while (bits < width) {
      word |= (bytes[at] ?? 0) << bits;
      at += 1;
      bits += 8;
    }
    output[index] = word & mask;
    word >>>= width;
    bits -= width;
  }
}

/** A number of up to 32 bits at any bit, as a signed integer where it has all 32. */
export function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  if (width === 0) return 0;
  let at = Math.floor(bit / 8);
  const shift = bit % 8;
  let value = (bytes[at] ?? 0) >>> shift;
  for (let have = 8 - shift; have < width; have += 8) {
    at += 1;
    value |= (bytes[at] ?? 0) << have;
  }
  return width === 32 ? value : value & ((1 << width) - 1);
}
