import { damaged } from "./fault.ts";
import { bitsAt, type Encoded } from "./hybrid.ts";

/** Values of a block at most; writers have 128. */
const MAX_BLOCK = 1 << 16;

/** Integers of which each is the difference to the one before. */
export interface Deltas {
  /** Low and high half of each by turns. */
  readonly halves: Int32Array;
  /** Where what comes behind them begins. */
  readonly end: number;
}

/**
 * Decodes DELTA_BINARY_PACKED, in 64 bits; the low halves alone are what 32 bits make of it.
 * @throws SelectError `ParquetParsingError`
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 */
export function decodeDeltas(encoded: Encoded, count: number): Deltas {
  const reader = new DeltaReader(encoded);
  const blockSize = reader.count();
  const miniCount = reader.count();
  reader.count();
  const perMini = blockSize / miniCount;
  const isSound = blockSize <= MAX_BLOCK && miniCount > 0 && perMini > 0 && perMini % 8 === 0;
  if (!isSound) throw damaged(`a block of ${blockSize} differences has ${miniCount} parts`);
  reader.first();
  const halves = new Int32Array(count * 2);
  if (count > 0) {
    halves[0] = reader.low;
    halves[1] = reader.high;
  }
  for (let filled = 1; filled < count;) {
    const block = reader.block(miniCount);
    for (let mini = 0; mini < miniCount && filled < count; mini += 1) {
      const taken = Math.min(perMini, count - filled);
      reader.mini(block, block.widths[mini] ?? 0, perMini, halves, filled, taken);
      filled += taken;
    }
  }
  return { halves, end: reader.at };
}

/** The low halves, as 32 bits have them. */
export function lowHalves({ halves }: Deltas): Int32Array {
  const lows = new Int32Array(halves.length / 2);
  for (let index = 0; index < lows.length; index += 1) lows[index] = halves[index * 2] ?? 0;
  return lows;
}

interface Block {
  readonly low: number;
  readonly high: number;
  /** Bits of a difference, in each part. */
  readonly widths: Uint8Array;
}

/** Goes through the bytes, and keeps the last value in halves of 32 bits. */
class DeltaReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;
  low = 0;
  high = 0;

  constructor({ bytes, start, end }: Encoded) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
  }

  count(): number {
    this.#varint();
    if (this.high !== 0 || this.low < 0) throw damaged("a page counts more values than it holds");
    return this.low;
  }

  /** The first value, which stands as it is. */
  first(): void {
    this.#varint();
    const sign = -(this.low & 1);
    const low = (this.low >>> 1) | (this.high << 31);
    this.low = low ^ sign;
    this.high = (this.high >>> 1) ^ sign;
  }

  block(miniCount: number): Block {
    const { low, high } = this;
    this.first();
    const least = { low: this.low, high: this.high };
    this.low = low;
    this.high = high;
    const widths = this.#bytes.subarray(this.at, this.at + miniCount);
    this.at += miniCount;
    if (this.at > this.#end) throw ended();
    return { ...least, widths };
  }

  mini(
    least: Block,
    width: number,
    perMini: number,
    halves: Int32Array,
    from: number,
    count: number,
  ): void {
    if (width > 64) throw damaged(`a page has differences of ${width} bits`);
    // The last part may be cut off behind its last value.
    if (this.at + Math.ceil((count * width) / 8) > this.#end) throw ended();
    const lowWidth = Math.min(width, 32);
    const start = this.at * 8;
    for (let index = 0; index < count; index += 1) {
      const bit = start + index * width;
      const low = bitsAt(this.#bytes, bit, lowWidth);
      const high = width > 32 ? bitsAt(this.#bytes, bit + 32, width - 32) : 0;
      this.#add(low, high);
      this.#add(least.low, least.high);
      halves[(from + index) * 2] = this.low;
      halves[(from + index) * 2 + 1] = this.high;
    }
    this.at = Math.min(this.#end, this.at + (perMini * width) / 8);
  }

  #add(low: number, high: number): void {
    const sum = (this.low >>> 0) + (low >>> 0);
    this.low = sum | 0;
    this.high = (this.high + high + (sum > 0xffffffff ? 1 : 0)) | 0;
  }

  #varint(): void {
    this.low = 0;
    this.high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.#end) throw ended();
      const byte = this.#bytes[this.at] ?? 0;
      this.at += 1;
      const bits = byte & 127;
      if (shift < 32) this.low |= bits << shift;
      if (shift >= 32) this.high |= bits << (shift - 32);
      else if (shift > 25) this.high |= bits >>> (32 - shift);
      if (byte < 128) return;
    }
    throw damaged("a number has no end");
  }
}

function ended(): Error {
  return damaged("a page has fewer differences than values");
}
