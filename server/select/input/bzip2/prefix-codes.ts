import type { BitInput } from "./bit-input.ts";
import { damaged } from "./damage.ts";

/** Codes are at most so long, in bits. */
const MAX_CODE_BITS = 20;

/** Codes up to this length are looked up at once; the few longer ones length by length. */
const LOOKUP_BITS = 10;

/** Canonical prefix codes of the symbols of a block. */
export interface PrefixCodes {
  /** By the next ten bits: symbol × 32 + length of its code; 0 where the code is longer, or is none. */
  readonly lookup: Uint16Array;
  /** By length: behind the last code of that length. */
  readonly limits: Int32Array;
  /** By length: what is taken from a code for the place of its symbol. */
  readonly offsets: Int32Array;
  /** In the order of their codes. */
  readonly symbols: Uint16Array;
}

/**
 * Reads how long the code of each symbol is.
 * @throws SelectError `TruncatedInput` for lengths outside 1–20
 */
export async function readCodeLengths(input: BitInput, symbolCount: number): Promise<Uint8Array> {
  const lengths = new Uint8Array(symbolCount);
  let length = input.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol += 1) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw damaged();
      // Lengths may go up and down as often as they like: there is no most that they take.
      if (input.isLow) await input.fill();
      if (input.read(1) === 0) break;
      length += input.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/**
 * The codes that go with lengths.
 * @throws SelectError `TruncatedInput` where there are more codes than their lengths leave room for
 */
export function codesOf(lengths: Uint8Array): PrefixCodes {
  const counts = new Int32Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length] = at(counts, length) + 1;
  const limits = new Int32Array(MAX_CODE_BITS + 1);
  const offsets = new Int32Array(MAX_CODE_BITS + 1);
  const places = new Int32Array(MAX_CODE_BITS + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length += 1) {
    code <<= 1;
    offsets[length] = code - place;
    places[length] = place;
    code += at(counts, length);
    place += at(counts, length);
    limits[length] = code;
    if (code > 1 << length) throw damaged();
  }
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    symbols[at(places, length)] = symbol;
    places[length] = at(places, length) + 1;
  }
  return { lookup: lookupOf(lengths, limits, counts), limits, offsets, symbols };
}

function lookupOf(lengths: Uint8Array, limits: Int32Array, counts: Int32Array): Uint16Array {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  const codes = limits.map((limit, length) => limit - at(counts, length));
  for (const [symbol, length] of lengths.entries()) {
    if (length > LOOKUP_BITS) continue;
    const code = at(codes, length);
    codes[length] = code + 1;
    const width = LOOKUP_BITS - length;
    lookup.fill((symbol << 5) | length, code << width, (code + 1) << width);
  }
  return lookup;
}

/**
 * Reads symbols until there are `end` of them or the last symbol came, and answers how many there are.
 * @param end at most fifty more than `start`, which the input has at hand
 * @throws SelectError `TruncatedInput` for a code that no symbol has
 */
export function readSymbols(
  input: BitInput,
  { lookup, limits, offsets, symbols }: PrefixCodes,
  into: Uint16Array,
  start: number,
  end: number,
): number {
  const { view } = input;
  const last = symbols.length - 1;
  let position = input.position;
  let count = start;
  while (count < end) {
    const window = view.getUint32(position >>> 3) << (position & 7);
    const entry = lookup[window >>> (32 - LOOKUP_BITS)] ?? 0;
    let symbol = entry >>> 5;
    let length = entry & 31;
    if (entry === 0) {
      length = longLength(window, limits);
      symbol = symbols[(window >>> (32 - length)) - at(offsets, length)] ?? 0;
    }
    position += length;
    into[count] = symbol;
    count += 1;
    if (symbol === last) break;
  }
  input.position = position;
  return count;
}

function longLength(window: number, limits: Int32Array): number {
  for (let length = LOOKUP_BITS + 1; length <= MAX_CODE_BITS; length += 1) {
    if (window >>> (32 - length) < at(limits, length)) return length;
  }
  throw damaged();
}

/** An index within bounds. */
function at(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}
