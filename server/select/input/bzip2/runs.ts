import type { Block } from "./block.ts";

/** So many equal bytes are followed by how many more of them there are. */
const RUN_BYTES = 4;

/** @see https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-32-bzip2 */
const POLYNOMIAL = 0x04c11db7;

const CRC_OF_BYTE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

/** Writes out the bytes of a block, runs at their full length, piece by piece. */
export class Runs {
  readonly #block: Block;
  #readAt = 0;
  #previous = -1;
  #runBytes = 0;
  #repeats = 0;
  #crc = -1;

  constructor(block: Block) {
    this.#block = block;
  }

  /** All that was written is what was packed. */
  get isIntact(): boolean {
    return ~this.#crc === this.#block.crc;
  }

  /** Fills a piece and answers how many bytes it got; fewer than there is room for at the end alone. */
  write(into: Uint8Array): number {
    let count = 0;
    while (count < into.length) {
      if (this.#repeats > 0) count = this.#repeat(into, count);
      else if (this.#readAt < this.#block.bytes.length) count = this.#writePlain(into, count);
      else break;
    }
    return count;
  }

  #repeat(into: Uint8Array, start: number): number {
    const end = Math.min(into.length, start + this.#repeats);
    const byte = this.#previous;
    into.fill(byte, start, end);
    let crc = this.#crc;
    for (let at = start; at < end; at += 1) {
      crc = (crc << 8) ^ (CRC_OF_BYTE[(crc >>> 24) ^ byte] ?? 0);
    }
    this.#crc = crc;
    this.#repeats -= end - start;
    return end;
  }

  /** Writes up to the next run's length, which is read too. */
  #writePlain(into: Uint8Array, start: number): number {
    const { bytes } = this.#block;
    let [readAt, crc, previous, run] = [this.#readAt, this.#crc, this.#previous, this.#runBytes];
    let at = start;
    while (at < into.length && readAt < bytes.length) {
      const byte = bytes[readAt] ?? 0;
      readAt += 1;
      if (run === RUN_BYTES) {
        this.#repeats = byte;
        run = 0;
        break;
      }
      run = byte === previous ? run + 1 : 1;
      previous = byte;
      into[at] = byte;
      at += 1;
      crc = (crc << 8) ^ (CRC_OF_BYTE[(crc >>> 24) ^ byte] ?? 0);
    }
    [this.#readAt, this.#crc, this.#previous, this.#runBytes] = [readAt, crc, previous, run];
    return at;
  }
}
